// The least that a sign-in over HTTP can cost on a machine: a bare server that reads the request, signs two
// tokens of the size that Cognito's have on Node's thread pool, and answers as much as Cognito does. It knows
// nobody and keeps nothing.
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';

const HEADER = encode({ kid: 'k'.repeat(44), alg: 'RS256' });
const REFRESH_TOKEN = 'r'.repeat(1_756);
const UUID = '00000000-0000-4000-8000-000000000000';
const issuer = 'http://127.0.0.1:9229/us-east-1_000000000';

const accessKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const idKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { ClientId, AuthParameters } = JSON.parse(Buffer.concat(chunks).toString());
    const AuthenticationResult = await authenticate(ClientId ?? '', AuthParameters?.USERNAME ?? '');
    const body = Buffer.from(JSON.stringify({ AuthenticationResult, ChallengeParameters: {} }));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

/** @param {string} clientId @param {string} email */
async function authenticate(clientId, email) {
  const now = Math.floor(Date.now() / 1_000);
  const common = {
    sub: UUID,
    iss: issuer,
    origin_jti: UUID,
    event_id: UUID,
    auth_time: now,
    exp: now + 3_600,
    iat: now,
  };
  const [AccessToken, IdToken] = await Promise.all([
    jwt(accessKey, {
      ...common,
      client_id: clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      jti: UUID,
      username: UUID,
    }),
    jwt(idKey, {
      ...common,
      email,
      email_verified: true,
      'cognito:username': UUID,
      aud: clientId,
      token_use: 'id',
      jti: UUID,
    }),
  ]);
  return { AccessToken, ExpiresIn: 3_600, IdToken, TokenType: 'Bearer', RefreshToken: REFRESH_TOKEN };
}

/** @param {import('node:crypto').KeyObject} key @param {object} claims @returns {Promise<string>} */
function jwt(key, claims) {
  const input = `${HEADER}.${encode(claims)}`;
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', Buffer.from(input), key, (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString('base64url')}`);
    });
  });
}

/** @param {object} json */
function encode(json) {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}
