import { describe, expect, it } from 'vitest';
import { createVerifier } from '../src/index.js';
import { ATTACKER, token } from './support/attack.js';
import { Clock } from './support/clock.js';
import { startKeyServer } from './support/key-server.js';
import { accessClaims, CLIENT_ID, KEY_A, KEY_B, NOW_S, POOL_ID, sign, type TestKey } from './support/pool.js';
import { codeOf } from './support/refusal.js';

describe('attacks on the choice of keys', () => {
  async function setup() {
    const trap = await startKeyServer({ keys: [ATTACKER.jwk] });
    const server = await startKeyServer({ keys: [KEY_A.jwk] });
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      endpoint: server.endpoint,
      now: new Clock().now,
    });
    return { trap, server, verifier, iss: `${server.endpoint}/${POOL_ID}` };
  }

  it('never fetches what a token points at', async () => {
    const { trap, server, verifier, iss } = await setup();
    const url = `${trap.endpoint}/jwks.json`;
    const claims = accessClaims({ iss });
    for (const extra of [
      { jku: url },
      { x5u: url },
      { jwk: ATTACKER.jwk },
      { x5c: ['MIIB'] },
      { x5t: 'x' },
    ]) {
      for (const kid of [KEY_A.kid, url]) {
        const code = await codeOf(verifier.verify(await sign(claims, ATTACKER, { ...extra, kid } as never)));
        expect(code).toBe(kid === url ? 'key_unknown' : 'signature_invalid');
      }
    }
    for (const issuer of [
      trap.endpoint,
      `${trap.endpoint}/${POOL_ID}`,
      `${iss}@${new URL(trap.endpoint).host}`,
    ]) {
      expect(await codeOf(verifier.verify(await sign(accessClaims({ iss: issuer }), ATTACKER)))).toBe(
        'issuer_unknown',
      );
    }
    expect(trap.requests).toEqual([]);
    expect(new Set(server.requests)).toEqual(new Set([`/${POOL_ID}/.well-known/jwks.json`]));
  });

  it('fetches nothing at all for tokens of strangers, or for junk', async () => {
    const { server, verifier } = await setup();
    for (const junk of [
      '',
      'a.b.c',
      token,
      await sign(accessClaims({ iss: 'https://evil.example' }), ATTACKER),
    ]) {
      await codeOf(verifier.verify(junk));
    }
    expect(server.requests).toEqual([]);
  });

  it('does not let one pool sign for another', async () => {
    const poolOf = (userPoolId: string, key: TestKey) =>
      ({ userPoolId, clientId: null, tokenUse: 'access', jwks: { keys: [key.jwk] } }) as const;
    const verifier = createVerifier([poolOf('eu-west-1_one', KEY_A), poolOf('eu-west-1_two', KEY_B)], {
      now: () => NOW_S * 1_000,
    });
    const one = accessClaims({ iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_one' });
    expect((await verifier.verify(await sign(one, KEY_A))).sub).toBe(one['sub']);
    expect(await codeOf(verifier.verify(await sign(one, KEY_B)))).toBe('key_unknown');
    expect(await codeOf(verifier.verify(await sign(one, KEY_B, { kid: KEY_A.kid })))).toBe(
      'signature_invalid',
    );
  });

  it('does not take claims from a polluted Object.prototype', async () => {
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: { keys: [KEY_A.jwk] },
      now: () => NOW_S * 1_000,
    });
    const bare = await sign(
      accessClaims({ 'cognito:groups': undefined, scope: undefined, client_id: undefined }),
    );
    const plain = await sign(
      accessClaims({ 'cognito:groups': undefined, scope: undefined, auth_time: undefined }),
    );
    const pollution = { client_id: CLIENT_ID, 'cognito:groups': ['Admin'], scope: 'x', auth_time: NOW_S };
    try {
      for (const [name, value] of Object.entries(pollution)) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: false });
      }
      expect(await codeOf(verifier.verify(bare))).toBe('claim_missing');
      expect(await codeOf(verifier.verify(plain, { groups: 'Admin' }))).toBe('groups_missing');
      expect(await codeOf(verifier.verify(plain, { scopes: 'x' }))).toBe('scopes_missing');
      expect(await codeOf(verifier.verify(plain, { maxAuthAgeS: 60 }))).toBe('auth_too_old');
    } finally {
      for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});
