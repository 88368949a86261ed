import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const signAsync = promisify(sign);

export const POOL_ID = 'eu-central-1_8LxAFhQ8D';
export const CLIENT_ID = '4k04k2henjhmhu5dacfkphli5';
export const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL_ID}`;
const KID = 'QVZNGk8MScfna1KsS0tqWihvLiWpR01SuS0lfEHurek=';

/** The keys of a pool, or those that another process made. @param {string} [pem] */
export function poolKeys(pem) {
  const privateKey =
    pem === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
      : createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const { n, e } = publicKey.export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new Error('not an RSA key');
  const jwks = { keys: [{ kid: KID, kty: 'RSA', alg: 'RS256', use: 'sig', n, e }] };
  return { privateKey, publicKey, jwks };
}

/**
 * An access token as Cognito issues it to a user in two groups: about 1,080 characters.
 *
 * @param {import('node:crypto').KeyObject} privateKey @param {number} n
 */
export async function makeToken(privateKey, n) {
  const nowS = Math.floor(Date.now() / 1_000);
  const input = [
    { kid: KID, alg: 'RS256' },
    {
      sub: randomUUID(),
      'cognito:groups': ['admin', 'editors'],
      iss: ISSUER,
      client_id: CLIENT_ID,
      origin_jti: randomUUID(),
      event_id: randomUUID(),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: nowS,
      exp: nowS + 86_400,
      iat: nowS,
      jti: randomUUID(),
      username: `user-${n}`,
    },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = await signAsync('sha256', Buffer.from(input), privateKey);
  return asFromSocket(Buffer.from(`${input}.${signature.toString('base64url')}`));
}

/** @param {import('node:crypto').KeyObject} privateKey @param {number} count */
export async function makeTokens(privateKey, count) {
  /** @type {string[]} */
  const tokens = [];
  while (tokens.length < count) {
    const some = Math.min(64, count - tokens.length);
    tokens.push(
      ...(await Promise.all(
        Array.from({ length: some }, (_, n) => makeToken(privateKey, tokens.length + n)),
      )),
    );
  }
  return tokens;
}

/** A string that shares nothing with any other, as each request brings its own. @param {Buffer} bytes */
export const asFromSocket = (bytes) => bytes.toString('latin1');

/** The same token with one bit of the signature turned. @param {string} token */
export function forge(token) {
  const dot = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(dot), 'base64url');
  signature[100] = (signature[100] ?? 0) ^ 1;
  return asFromSocket(Buffer.from(token.slice(0, dot) + signature.toString('base64url')));
}

/** The bytes that are signed, and the signature. @param {string} token */
export function split(token) {
  const dot = token.lastIndexOf('.');
  return {
    signed: Buffer.from(token.slice(0, dot)),
    signature: Buffer.from(token.slice(dot + 1), 'base64url'),
  };
}

/** A server with the pool's key set. @param {object} jwks */
export async function serveKeys(jwks) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/jwks.json`, close: () => server.close() };
}
