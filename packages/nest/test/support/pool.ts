import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

const KID = 'QVZNGk8MScfna1KsS0tqWihvLiWpR01SuS0lfEHurek=';

/** A pool that signs real RS256 tokens and serves its keys over a real socket. */
export interface TestPool {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint: string;
  /** How often the keys were asked for. */
  readonly keyRequests: () => number;
  /** A user's access token. Claims that are `undefined` are left out. */
  access(claims?: Claims): Promise<string>;
  /** A user's ID token. */
  id(claims?: Claims): Promise<string>;
  /** A machine's token. */
  machine(claims?: Claims): Promise<string>;
  close(): Promise<void>;
}

type Claims = Record<string, unknown>;

export async function startPool({
  userPoolId = 'eu-central-1_Test12345',
  clientId = 'client1',
} = {}): Promise<TestPool> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: KID, alg: 'RS256', use: 'sig' };
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const known = request.url === `/${userPoolId}/.well-known/jwks.json`;
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  const endpoint = await listen(server);

  const sign = (claims: Claims) => {
    const nowS = Math.floor(Date.now() / 1000);
    const all = {
      sub: '1f2e3d4c-0000-70de-04fc-be20af92f810',
      iss: `${endpoint}/${userPoolId}`,
      iat: nowS,
      auth_time: nowS,
      exp: nowS + 3600,
      jti: randomUUID(),
      ...claims,
    };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(given as JWTPayload).setProtectedHeader({ alg: 'RS256', kid: KID }).sign(privateKey);
  };

  return {
    userPoolId,
    clientId,
    endpoint,
    keyRequests: () => requests,
    access: (claims) =>
      sign({
        token_use: 'access',
        client_id: clientId,
        username: 'ada',
        scope: 'aws.cognito.signin.user.admin',
        ...claims,
      }),
    id: (claims) => sign({ token_use: 'id', aud: clientId, 'cognito:username': 'ada', ...claims }),
    machine: (claims) =>
      sign({
        token_use: 'access',
        sub: clientId,
        client_id: clientId,
        scope: 'api/read',
        version: 2,
        ...claims,
      }),
    close: () => closeServer(server),
  };
}

/** Listens on a free port of this machine; the address without a trailing slash. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
