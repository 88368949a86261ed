import { Buffer } from 'node:buffer';
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { quote } from '../errors.js';
import { malformed } from './read-token.js';
import { decodeBase64url, scratchOf } from './scratch.js';

/** A public key of a pool, ready for use. */
export interface SigningKey {
  readonly kid: string;
  /** Modulus and exponent, to tell a key from another one under the same id. */
  readonly material: string;
  readonly publicKey: KeyObject;
  /** False once the key has left the pool's key set; what was verified with it is then no longer good. */
  active: boolean;
}

const MIN_MODULUS_BITS = 2_048;
// RFC 7518 names no upper bound; the work grows with the square of the length.
const MAX_MODULUS_BITS = 8_192;

/**
 * Reads one member of a key set (RFC 7517 section 4, RFC 7518 section 6.3.1): an RSA public key that is meant for RS256
 * signatures and says so in every member.
 *
 * @returns the key, or in words what is wrong with it.
 */
export function readKey(jwk: unknown): SigningKey | string {
  if (typeof jwk !== 'object' || jwk === null) return 'it is not an object';
  const { kid, kty, alg, use, key_ops: keyOps, n, e, ...rest } = jwk as Record<string, unknown>;
  if (typeof kid !== 'string' || kid === '') return `"kid" must be a non-empty string, got ${quote(kid)}`;
  if (kty !== 'RSA') return `"kty" must be RSA, got ${quote(kty)}`;
  if (alg !== 'RS256') return `"alg" must be RS256, got ${quote(alg)}`;
  if (use !== 'sig') return `"use" must be sig, got ${quote(use)}`;
  if (keyOps !== undefined && !(Array.isArray(keyOps) && keyOps.includes('verify'))) {
    return `"key_ops" must hold verify, got ${quote(keyOps)}`;
  }
  if ('d' in rest || 'p' in rest || 'q' in rest) return 'it holds a private key, which is now public';
  if (!isBase64url(n) || !isBase64url(e)) return '"n" and "e" must be canonical base64url';
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  } catch {
    return '"n" and "e" are no RSA key';
  }
  const { modulusLength = 0, publicExponent = 0n } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_MODULUS_BITS || modulusLength > MAX_MODULUS_BITS) {
    return `the modulus must have ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS} bits, got ${modulusLength}`;
  }
  // With exponent 1 a signature is its own message: everybody can sign.
  if (publicExponent < 3n || publicExponent % 2n === 0n) {
    return `the exponent must be odd and at least 3, got ${publicExponent}`;
  }
  return { kid, material: `${n}.${e}`, publicKey, active: true };
}

/**
 * Whether the token carries the key's signature over its first `signedLength` characters: RSASSA-PKCS1-v1_5 with
 * SHA-256 (RFC 7518 section 3.3).
 *
 * The string alone says what is checked. Bytes that were taken from it earlier could have been overwritten since.
 */
export function isSignedBy(key: SigningKey, token: string, signedLength: number): boolean {
  const buffer = scratchOf(token.length);
  buffer.write(token.slice(0, signedLength), 'latin1');
  const signature = decodeBase64url(token.slice(signedLength + 1), buffer, signedLength);
  if (signature === undefined) throw malformed('the signature must be canonical base64url', 'base64url');
  return verify('RSA-SHA256', buffer.subarray(0, signedLength), key.publicKey, signature);
}

function isBase64url(value: unknown): value is string {
  return typeof value === 'string' && decodeBase64url(value, Buffer.allocUnsafe(value.length)) !== undefined;
}
