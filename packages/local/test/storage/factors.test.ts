import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.js';
import type { Storage } from '../../src/storage/storage.js';

let storage: Storage;

beforeEach(() => {
  storage = openStorage({ memory: true });
});

afterEach(() => {
  storage.close();
});

const registration = (challenge: string, expiresAt: number) => ({
  clientId: 'c',
  challenge,
  relyingPartyId: 'localhost',
  expiresAt,
});

describe('registrations of passkeys', () => {
  it('are one a user, and end once', () => {
    storage.passkeys.setRegistration('p', 's', registration('first', 1));
    storage.passkeys.setRegistration('p', 's', registration('second', 1));
    expect(storage.passkeys.registration('p', 's')).toEqual(registration('second', 1));
    expect(storage.passkeys.endRegistration('p', 's', 'first')).toBe(false);
    expect(storage.passkeys.endRegistration('p', 's', 'second')).toBe(true);
    expect(storage.passkeys.endRegistration('p', 's', 'second')).toBe(false);
  });

  it('that nobody completed are swept, some at a time', () => {
    for (let i = 0; i < 3; i++) storage.passkeys.setRegistration('p', `s${i}`, registration('x', 1000));
    storage.passkeys.setRegistration('p', 'later', registration('x', 2000));
    const left = () => [0, 1, 2].filter((i) => storage.passkeys.registration('p', `s${i}`)).length;
    storage.purgeExpired(1000, 10);
    expect(left()).toBe(3);
    storage.purgeExpired(1001, 2);
    expect(left()).toBe(1);
    storage.purgeExpired(1001, 2);
    expect(left()).toBe(0);
    expect(storage.passkeys.registration('p', 'later')).toBeDefined();
  });
});

describe('passkeys', () => {
  it('keep what they are, byte for byte, in single rows and in lists', () => {
    const passkey = {
      userPoolId: 'p',
      sub: 's',
      credentialId: 'id',
      publicKey: Buffer.from([0, 1, 255]),
      counter: 4_294_967_295,
      name: 'Passkey',
      relyingPartyId: 'localhost',
      attachment: undefined,
      transports: ['usb'],
      createdAt: 1,
    };
    storage.passkeys.insert(passkey);
    expect(storage.passkeys.find('p', 'id')).toEqual(passkey);
    expect(storage.passkeys.list('p', 's', 10)).toEqual([passkey]);
    expect(storage.passkeys.find('other', 'id')).toBeUndefined();
  });
});
