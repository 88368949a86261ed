import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** An RS256 key as Cognito publishes it (RFC 7517). */
export interface PublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly alg: string;
  readonly use: string;
  readonly n: string;
  readonly e: string;
}

export interface SigningKey {
  readonly jwk: PublicJwk;
  /** A JWS in compact form (RFC 7515), signed with RS256. */
  sign(claims: object): string;
}

/** Made at once rather than asynchronously, so that tokens can be had wherever a test is put together. */
export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' }) as { n: string; e: string };
  const kid = randomBytes(32).toString('base64');
  // The members and the order that Cognito's tokens have: no `typ`.
  const header = encode({ kid, alg: 'RS256' });
  return {
    jwk: Object.freeze({ alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' }),
    sign: (claims) => {
      const signed = `${header}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
