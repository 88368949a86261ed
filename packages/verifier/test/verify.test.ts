import { describe, expect, it } from 'vitest';
import {
  createVerifier,
  isMachine,
  type PoolOptions,
  userPoolIdOf,
  type VerifierOptions,
} from '../src/index.js';
import { startKeyServer } from './support/key-server.js';
import {
  accessClaims,
  CLIENT_ID,
  idClaims,
  JWKS,
  KEY_B,
  machineClaims,
  NOW_S,
  POOL_ID,
  sign,
} from './support/pool.js';
import { codeOf, refusalOf } from './support/refusal.js';

const now = () => NOW_S * 1_000;

function verifierOf(overrides: Partial<PoolOptions & VerifierOptions> = {}) {
  return createVerifier({
    userPoolId: POOL_ID,
    clientId: CLIENT_ID,
    tokenUse: null,
    jwks: JWKS,
    now,
    ...overrides,
  });
}

describe('verify', () => {
  it('gives back the claims of an access token, as they are', async () => {
    const claims = accessClaims();
    expect(await verifierOf({ tokenUse: 'access' }).verify(await sign(claims))).toEqual(claims);
  });

  it('gives back the claims of an ID token, signed with the other key', async () => {
    const claims = idClaims({ identities: [{ userId: '1' }] });
    expect(await verifierOf({ tokenUse: 'id' }).verify(await sign(claims, KEY_B))).toEqual(claims);
  });

  it('freezes the claims all the way down', async () => {
    const token = await sign(idClaims({ identities: [{ userId: '1', deep: { list: [[1]] } }] }));
    const verifier = verifierOf();
    for (const claims of [await verifier.verify(token), await verifier.verify(token)]) {
      const pending: unknown[] = [claims];
      for (const value of pending) {
        if (typeof value !== 'object' || value === null) continue;
        expect(Object.isFrozen(value)).toBe(true);
        pending.push(...Object.values(value));
      }
      expect(pending.length).toBeGreaterThan(15);
    }
  });

  it('tells a machine from a user', async () => {
    const verifier = verifierOf();
    expect(isMachine(await verifier.verify(await sign(machineClaims())))).toBe(true);
    expect(isMachine(await verifier.verify(await sign(accessClaims())))).toBe(false);
    // A user whose token has lost its name is not a machine.
    expect(isMachine(await verifier.verify(await sign(accessClaims({ username: undefined }))))).toBe(false);
    expect(isMachine(await verifier.verify(await sign(accessClaims({ sub: CLIENT_ID }))))).toBe(false);
    expect(isMachine(await verifier.verify(await sign(idClaims({ sub: CLIENT_ID }))))).toBe(false);
  });

  it('says which pool a token is from', async () => {
    expect(userPoolIdOf(await verifierOf().verify(await sign(accessClaims())))).toBe(POOL_ID);
  });

  it('trusts the issuer of a custom endpoint, and no longer those of AWS', async () => {
    const server = await startKeyServer(JWKS);
    const verifier = verifierOf({ endpoint: `${server.endpoint}/`, jwks: undefined });
    const iss = `${server.endpoint}/${POOL_ID}`;
    expect((await verifier.verify(await sign(accessClaims({ iss })))).iss).toBe(iss);
    expect(server.requests).toEqual([`/${POOL_ID}/.well-known/jwks.json`]);
    expect(await codeOf(verifier.verify(await sign(accessClaims())))).toBe('issuer_unknown');
  });

  it('accepts what the token use says and nothing else', async () => {
    const access = await sign(accessClaims());
    const id = await sign(idClaims());
    expect(await codeOf(verifierOf({ tokenUse: 'access' }).verify(id))).toBe('token_use_mismatch');
    expect(await codeOf(verifierOf({ tokenUse: 'id' }).verify(access))).toBe('token_use_mismatch');
    const both = verifierOf({ tokenUse: ['access', 'id'] });
    expect((await both.verify(access)).token_use).toBe('access');
    expect((await both.verify(id)).token_use).toBe('id');
  });

  it.each([
    ['access', accessClaims, 'client_id'],
    ['id', idClaims, 'aud'],
  ] as const)('compares the client of an %s token', async (_use, claims, claim) => {
    const other = await sign(claims({ [claim]: 'another' }));
    const refusal = await refusalOf(verifierOf().verify(other));
    expect(refusal).toMatchObject({ code: 'client_mismatch', expected: [CLIENT_ID], actual: 'another' });
    expect(await codeOf(verifierOf().verify(await sign(claims({ [claim]: undefined }))))).toBe(
      'claim_missing',
    );
    expect(await codeOf(verifierOf().verify(await sign(claims({ [claim]: [CLIENT_ID] }))))).toBe(
      'claim_invalid',
    );
    expect((await verifierOf({ clientId: ['another', CLIENT_ID] }).verify(other))[claim]).toBe('another');
    expect((await verifierOf({ clientId: null }).verify(other))[claim]).toBe('another');
  });
});
