import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type CompactJWSHeaderParameters, CompactSign } from 'jose';
import type { RsaPublicJwk } from '../../src/index.js';

/** The moment at which all tests happen, in seconds since 1970. */
export const NOW_S = 1_800_000_000;
export const POOL_ID = 'eu-central-1_8LxAFhQ8D';
export const CLIENT_ID = '4k04k2henjhmhu5dacfkphli5';
export const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL_ID}`;

export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: RsaPublicJwk;
}

export function makeKey(kid: string, modulusLength = 2_048): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kid, privateKey, jwk: toJwk(kid, publicKey) };
}

export function toJwk(kid: string, publicKey: KeyObject): RsaPublicJwk {
  const { n, e } = publicKey.export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new Error('not an RSA key');
  return { alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' };
}

// Shaped like Cognito's: standard base64 of 32 bytes.
export const KEY_A = makeKey('QVZNGk8MScfna1KsS0tqWihvLiWpR01SuS0lfEHurek=');
export const KEY_B = makeKey('x/Jm3nB+1RkQ7cVn0l2jXb5m1oJv3pTq9wZk8yLsUaE=');
export const JWKS = { keys: [KEY_A.jwk, KEY_B.jwk] };

export type Claims = Record<string, unknown>;

export function accessClaims(overrides: Claims = {}): Claims {
  return prune({
    sub: randomUUID(),
    'cognito:groups': ['editors', 'Admin'],
    iss: ISSUER,
    client_id: CLIENT_ID,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: NOW_S - 600,
    exp: NOW_S + 3_000,
    iat: NOW_S - 600,
    jti: randomUUID(),
    username: 'ada',
    ...overrides,
  });
}

export function idClaims(overrides: Claims = {}): Claims {
  return prune({
    sub: randomUUID(),
    'cognito:groups': ['editors', 'Admin'],
    email_verified: true,
    iss: ISSUER,
    'cognito:username': 'ada',
    origin_jti: randomUUID(),
    aud: CLIENT_ID,
    event_id: randomUUID(),
    token_use: 'id',
    auth_time: NOW_S - 600,
    exp: NOW_S + 3_000,
    iat: NOW_S - 600,
    jti: randomUUID(),
    email: 'ada@example.com',
    'custom:team': 'blue',
    ...overrides,
  });
}

/** What `client_credentials` gives. */
export function machineClaims(overrides: Claims = {}): Claims {
  return prune({
    sub: CLIENT_ID,
    token_use: 'access',
    scope: 'reports/read reports/write',
    auth_time: NOW_S - 600,
    iss: ISSUER,
    exp: NOW_S + 3_000,
    iat: NOW_S - 600,
    version: 2,
    jti: randomUUID(),
    client_id: CLIENT_ID,
    ...overrides,
  });
}

/** Signs claims as Cognito does: a header of exactly `kid` and `alg`. */
export function sign(
  claims: Claims,
  key: TestKey = KEY_A,
  header: Partial<CompactJWSHeaderParameters> = {},
): Promise<string> {
  return signBytes(Buffer.from(JSON.stringify(claims)), key, header);
}

export function signBytes(
  payload: Uint8Array,
  key: TestKey = KEY_A,
  header: Partial<CompactJWSHeaderParameters> = {},
): Promise<string> {
  return new CompactSign(payload)
    .setProtectedHeader({ kid: key.kid, alg: 'RS256', ...header })
    .sign(key.privateKey);
}

function prune(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
