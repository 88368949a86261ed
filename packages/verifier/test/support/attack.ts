import { createPublicKey, type KeyObject, sign as signRaw } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVerifier, type VerifierErrorCode } from '../../src/index.js';
import { accessClaims, CLIENT_ID, type Claims, KEY_A, KEY_B, makeKey, NOW_S, POOL_ID, sign } from './pool.js';
import { codeOf } from './refusal.js';

export const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const GOOD_HEADER = { kid: KEY_A.kid, alg: 'RS256' };
export const ATTACKER = makeKey(KEY_A.kid);

/** A token of exactly these texts, signed with whatever key and hash. */
export function forge(
  header: unknown,
  claims: unknown,
  privateKey: KeyObject = KEY_A.privateKey,
  hash = 'sha256',
): string {
  const input = `${b64(header)}.${b64(claims)}`;
  return `${input}.${signRaw(hash, Buffer.from(input), privateKey).toString('base64url')}`;
}

export function parts(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

export const PUBLIC_PEM = createPublicKey(KEY_A.privateKey).export({ type: 'spki', format: 'pem' });
export const victim: Claims = accessClaims({ username: 'mallory' });
export const token = await sign(accessClaims());
export const [header, payload, signature] = parts(token);

/** What is tried, and how it is refused. */
export type Attack = [name: string, token: unknown, code: VerifierErrorCode];

/** One test for each attack. */
export function describeAttacks(target: string, attacks: readonly Attack[]): void {
  describe(`attacks on ${target}`, () => {
    const verifier = createVerifier({
      userPoolId: POOL_ID,
      clientId: CLIENT_ID,
      tokenUse: 'access',
      jwks: { keys: [KEY_A.jwk, KEY_B.jwk] },
      now: () => NOW_S * 1_000,
    });

    it.each(attacks)('%s', async (_attack, attack, code) => {
      // With the token that was tampered with in memory, where it could be mistaken for this one.
      await verifier.verify(token);
      expect(verifier.verifyCached(attack as string)).toBeUndefined();
      expect(await codeOf(verifier.verify(attack as string))).toBe(code);
      expect(await codeOf(verifier.verify(attack as string))).toBe(code);
      expect(verifier.verifyCached(attack as string)).toBeUndefined();
    });
  });
}
