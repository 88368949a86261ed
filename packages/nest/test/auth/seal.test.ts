import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { EncryptJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CognitoChallenge, type CustomChallenge, SealedChallengeError } from '../../src/index.js';
import { challenged, invalid, named, PASSWORD, signedIn, startSignIns } from '../support/sign-in.js';

const { pool } = await startSignIns();
const newKey = () => randomBytes(32).toString('base64');
const KEY = newKey();
const here = await pool();
const auth = await here.service({ challengeKeys: [KEY] });
const challenge: CustomChallenge = {
  name: 'CUSTOM_CHALLENGE',
  username: 'ada',
  session: 'the-session-of-the-sign-in',
  signed: false,
  parameters: { question: 'What is your quest?' },
};
const refused = expect.objectContaining({
  name: 'SealedChallengeError',
  code: 'challenge_seal_invalid',
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a sealed challenge', () => {
  it('opens to the same, on another instance too, and tells nothing', async () => {
    const sealed = await auth.sealChallenge(challenge);
    const other = await here.service({ challengeKeys: [KEY] });
    expect(await other.openChallenge(sealed)).toEqual(challenge);
    expect(await auth.sealChallenge(challenge)).not.toBe(sealed);
    for (const part of sealed.split('.').map((text) => Buffer.from(text, 'base64url').toString('latin1'))) {
      for (const secret of ['ada', 'session-of', 'quest', here.clientId, KEY])
        expect(part).not.toContain(secret);
    }
  });

  it('takes a sign-in through a browser, once', async () => {
    await here.invited('ada');
    const asked = challenged(
      await auth.signIn({ username: 'ada', password: PASSWORD }),
      'NEW_PASSWORD_REQUIRED',
    );
    const sealed = await auth.sealChallenge(asked);
    const answer = async () => {
      const opened = await auth.openChallenge(JSON.parse(JSON.stringify(sealed)));
      if (opened.name !== 'NEW_PASSWORD_REQUIRED') throw new Error(opened.name);
      return auth.respondToChallenge(opened, { newPassword: 'Correct-horse-10' });
    };
    signedIn(await answer());
    // It still opens; Cognito takes no second answer.
    await expect(answer()).rejects.toThrow(named('NotAuthorizedException'));
  });

  it('expires', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [short, long] = [
      await auth.sealChallenge(challenge, { expiresInS: 60 }),
      await auth.sealChallenge(challenge),
    ];
    vi.setSystemTime(Date.now() + 59_000);
    expect(await auth.openChallenge(short)).toEqual(challenge);
    vi.setSystemTime(Date.now() + 2_000);
    await expect(auth.openChallenge(short)).rejects.toThrow(refused);
    expect(await auth.openChallenge(long)).toEqual(challenge);
    vi.setSystemTime(Date.now() + 840_000);
    await expect(auth.openChallenge(long)).rejects.toThrow(refused);
  });

  it('is taken only as it was written', async () => {
    const sealed = await auth.sealChallenge(challenge);
    const parts = sealed.split('.');
    const last = sealed.at(-1) as string;
    // Another letter for the same bytes: the last one of a tag has spare bits.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spare = alphabet[alphabet.indexOf(last) + 1] as string;
    expect(Buffer.from(spare.padStart(22, 'A'), 'base64url')).toEqual(
      Buffer.from(last.padStart(22, 'A'), 'base64url'),
    );
    for (const other of [
      `${sealed}\n`,
      ` ${sealed}`,
      `${sealed}=`,
      `${sealed}.`,
      `${sealed.slice(0, -1)}${spare}`,
      parts.join('.\n'),
      parts.slice(0, 4).join('.'),
    ]) {
      await expect(auth.openChallenge(other), JSON.stringify(other.slice(-4))).rejects.toThrow(refused);
    }
    expect(await auth.openChallenge(sealed)).toEqual(challenge);
  });

  it('outlives its key’s place in front, and not its end', async () => {
    const sealed = await auth.sealChallenge(challenge);
    const next = newKey();
    const rotated = await here.service({ challengeKeys: [next, KEY] });
    expect(await rotated.openChallenge(sealed)).toEqual(challenge);
    await expect(auth.openChallenge(await rotated.sealChallenge(challenge))).rejects.toThrow(refused);
    const done = await here.service({ challengeKeys: [next] });
    await expect(done.openChallenge(sealed)).rejects.toThrow(refused);
  });

  it('is for one pool and one client', async () => {
    const sealed = await auth.sealChallenge(challenge);
    const otherPool = await (await pool()).service({ challengeKeys: [KEY] });
    await expect(otherPool.openChallenge(sealed)).rejects.toThrow(refused);
    const otherClient = await here.service({
      challengeKeys: [KEY],
      clientId: 'otherclient',
      clientSecret: undefined,
    });
    await expect(otherClient.openChallenge(sealed)).rejects.toThrow(refused);
  });

  it('cannot be changed: not one letter of it', async () => {
    const sealed = await auth.sealChallenge(challenge);
    for (let at = 0; at < sealed.length; at += 7) {
      const letter = sealed[at] === 'A' ? 'B' : 'A';
      await expect(auth.openChallenge(sealed.slice(0, at) + letter + sealed.slice(at + 1))).rejects.toThrow(
        refused,
      );
    }
    await expect(auth.openChallenge(sealed.slice(0, -1))).rejects.toThrow(refused);
    await expect(auth.openChallenge(`${sealed}A`)).rejects.toThrow(refused);
  });

  it.each<[what: string, forged: () => unknown | Promise<unknown>]>([
    ['nothing', () => undefined],
    ['an empty text', () => ''],
    ['an object', () => ({ toString: () => 'x' })],
    ['the challenge itself', () => JSON.stringify(challenge)],
    ['five empty parts', () => '....'],
    ['a megabyte', () => 'A'.repeat(1_000_000)],
    ['another key’s', () => forge({ key: randomBytes(32) })],
    ['another type', () => forge({ header: { typ: 'JWT' } })],
    ['no end', () => forge({ expires: false })],
    ['another audience', () => forge({ audience: 'other' })],
    ['no challenge', () => forge({ payload: {} })],
    [
      'a challenge that there is not',
      () => forge({ payload: { challenge: { ...challenge, name: '__proto__' } } }),
    ],
    ['an unknown key’s name', () => forge({ header: { kid: '__proto__' } })],
  ])('is not %s', async (_, forged) => {
    await expect(auth.openChallenge((await forged()) as string)).rejects.toThrow(refused);
  });

  it('is what the forgeries above are, but for one thing each', async () => {
    expect(await auth.openChallenge(await forge({}))).toEqual(challenge);
  });

  it('is refused with 401 and a code, and tells nothing of why', async () => {
    const error = await auth.openChallenge('x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SealedChallengeError);
    expect(error).not.toHaveProperty('cause');
    const { cognitoErrorTable } = await import('../../src/index.js');
    expect(cognitoErrorTable.challenge_seal_invalid).toMatchObject({
      status: 401,
      code: 'challenge_invalid',
    });
  });

  /** A token like a sealed challenge, made by somebody who has the key, with one thing wrong. */
  async function forge({
    key = Buffer.from(KEY, 'base64') as Uint8Array,
    header = {} as Record<string, string>,
    expires = true,
    audience = here.clientId,
    payload = { challenge } as Record<string, unknown>,
  }): Promise<string> {
    const [encoded = ''] = (await auth.sealChallenge(challenge)).split('.');
    const protectedHeader = { ...JSON.parse(Buffer.from(encoded, 'base64url').toString()), ...header };
    const token = new EncryptJWT(payload)
      .setProtectedHeader(protectedHeader)
      .setIssuer(here.userPoolId)
      .setAudience(audience);
    if (expires) token.setExpirationTime('5m');
    return token.encrypt(key);
  }
});

describe('sealing', () => {
  it('refuses what is no challenge, too long a life, and too large a thing', async () => {
    await expect(auth.sealChallenge({} as CognitoChallenge)).rejects.toThrow(
      invalid('the challenge of a sign-in'),
    );
    await expect(auth.sealChallenge(undefined as never)).rejects.toThrow(
      invalid('the challenge of a sign-in'),
    );
    for (const expiresInS of [0, 901, 1.5, Number.NaN, -1]) {
      await expect(auth.sealChallenge(challenge, { expiresInS })).rejects.toThrow(invalid('"expiresInS"'));
    }
    const parameters = { picture: 'x'.repeat(16_000) };
    await expect(auth.sealChallenge({ ...challenge, parameters })).rejects.toThrow(invalid('too large'));
  });

  it('warns once, and only who seals, when no key was given', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const own = await here.service();
    expect(warn).not.toHaveBeenCalled();
    const sealed = await own.sealChallenge(challenge);
    await own.sealChallenge(challenge);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"challengeKeys"')]]);
    expect(await own.openChallenge(sealed)).toEqual(challenge);
    await expect((await here.service()).openChallenge(sealed)).rejects.toThrow(refused);
    await auth.sealChallenge(challenge);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
