import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { createTestIssuer, createTestingCognito, type TestingCognito } from '@cognest/testing';
import { overrideCognito } from '@cognest/testing/nest';
import { createVerifier } from '@cognest/verifier';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { WebSocket } from 'ws';
import { AppModule } from './app.module.js';
import { QuotesGateway } from './quotes.gateway.js';

type Source = Parameters<typeof overrideCognito>[1];

async function start(source: Source, providers: (new () => object)[] = []) {
  const builder = Test.createTestingModule({ imports: [AppModule], providers });
  const app = (await overrideCognito(builder, source).compile()).createNestApplication({ logger: false });
  app.useWebSocketAdapter(new WsAdapter(app));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const request = (path: string, token?: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
  return {
    app,
    request,
    status: async (path: string, token?: string) => (await request(path, token)).status,
  };
}

let cognito: TestingCognito;
before(async () => {
  cognito = await createTestingCognito();
});
after(() => cognito.close());

it('is guarded, with the tokens of an issuer', async () => {
  const issuer = createTestIssuer();
  const { app, status } = await start(issuer);
  assert.equal(await status('/me'), 401);
  assert.equal(await status('/me', issuer.accessToken()), 200);
  assert.equal(await status('/me', issuer.accessToken({ expiresInS: -60 })), 401);
  assert.equal(await status('/reports', issuer.accessToken()), 403);
  assert.equal(await status('/reports', issuer.accessToken({ groups: ['analyst'] })), 200);
  await app.close();
});

it('has guarded gateways, which no global guard of NestJS 11 reaches', async (test) => {
  const issuer = createTestIssuer();
  const { app } = await start(issuer, [QuotesGateway]);
  test.after(() => app.close());
  const url = (await app.getUrl()).replace(/^http/, 'ws');
  const open = (token?: string) =>
    new WebSocket(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  for (const bad of [undefined, 'none', createTestIssuer().accessToken()]) {
    const [request, response] = await once(open(bad), 'unexpected-response');
    assert.equal(response.statusCode, 401);
    request.destroy();
  }
  const socket = open(issuer.accessToken({ username: 'ana' }));
  await once(socket, 'open');
  const ask = async (event: string) => {
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ event }));
    return JSON.parse(String((await answered)[0]));
  };
  const refused = await ask('quotes');
  assert.deepEqual(
    [refused.event, refused.to, refused.data.code],
    ['exception', 'quotes', 'groups_insufficient'],
  );
  assert.deepEqual(await ask('who'), { event: 'who', data: 'ana' });
});

it('signs in with an embedded Cognito', async () => {
  const { app, request, status } = await start(cognito);
  const { username, password } = await cognito.createUser({ username: 'ana', groups: ['analyst'] });
  const signedIn = (await (await request('/sign-in', undefined, { username, password })).json()) as {
    status: string;
    tokens: { accessToken: string };
  };
  assert.equal(signedIn.status, 'signed-in');
  assert.equal(await status('/reports', signedIn.tokens.accessToken), 200);
  assert.equal((await request('/sign-in', undefined, { username, password: 'wrong' })).status, 401);
  await cognito.reset();
  assert.equal((await request('/sign-in', undefined, { username, password })).status, 401);
  await app.close();
});

it('verifies a token without Nest', async () => {
  const { userPoolId, clientId, jwks, ...issuer } = createTestIssuer();
  const verifier = createVerifier({ userPoolId, clientId, tokenUse: 'access', jwks });
  assert.equal((await verifier.verify(issuer.accessToken({ username: 'ana' }))).username, 'ana');
  await assert.rejects(verifier.verify(createTestIssuer().accessToken()), { code: 'key_unknown' });
});
