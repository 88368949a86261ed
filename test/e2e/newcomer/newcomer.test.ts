import 'reflect-metadata';
import { createTestIssuer, createTestingCognito, type TestingCognito } from '@cognest/testing';
import { overrideCognito } from '@cognest/testing/nest';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { AppModule } from './app.module.js';

// An app as somebody writes it who has read the READMEs and nothing else, and the tests that come with it.

async function start(source: Parameters<typeof overrideCognito>[1]) {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const testing = await overrideCognito(builder, source).compile();
  const app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  const url = await app.getUrl();
  return (method: string, path: string, token?: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

describe('notes', () => {
  const issuer = createTestIssuer();
  const ana = issuer.accessToken({ username: 'ana' });
  const bob = issuer.accessToken({ username: 'bob' });

  it('are of those who wrote them', async () => {
    const send = await start(issuer);
    expect((await send('POST', '/notes', ana, { text: 'hers' })).status).toBe(201);
    expect(await (await send('GET', '/notes', ana)).json()).toEqual(['hers']);
    expect(await (await send('GET', '/notes', bob)).json()).toEqual([]);
    expect((await send('GET', '/notes')).status).toBe(401);
    expect((await send('GET', '/notes', issuer.accessToken({ expiresInS: -60 }))).status).toBe(401);
    expect((await send('GET', '/notes/health')).status).toBe(200);
  });

  it('are purged by an administrator alone', async () => {
    const send = await start(issuer);
    expect((await send('DELETE', '/notes', ana)).status).toBe(403);
    expect((await send('DELETE', '/notes', issuer.accessToken({ groups: ['admin'] }))).status).toBe(204);
  });
});

describe('accounts', () => {
  let cognito: TestingCognito;
  beforeAll(async () => {
    cognito = await createTestingCognito();
  });
  beforeEach(() => cognito.reset());
  afterAll(() => cognito.close());

  const username = 'cem';
  const password = 'Correct-Horse-1';

  it('are opened, used and left over the ready-made endpoints', async () => {
    const send = await start(cognito);
    const attributes = { email: 'cem@example.com' };
    const signUp = await send('POST', '/auth/sign-up', undefined, { username, password, attributes });
    expect(signUp.status).toBeLessThan(300);
    const code = cognito.code(username);
    const confirmed = await send('POST', '/auth/sign-up/confirm', undefined, { username, code });
    expect(confirmed.status).toBeLessThan(300);

    const signIn = await send('POST', '/auth/sign-in', undefined, { username, password });
    const { status, tokens } = (await signIn.json()) as {
      status: string;
      tokens: { accessToken: string; refreshToken: string };
    };
    expect(status).toBe('signed-in');
    expect((await send('POST', '/notes', tokens.accessToken, { text: 'first' })).status).toBe(201);
    expect(await (await send('GET', '/auth/profile', tokens.accessToken)).text()).toContain(
      'cem@example.com',
    );

    cognito.clock.advance('2h');
    expect((await send('GET', '/notes', tokens.accessToken)).status).toBe(401);
    const refreshed = await send('POST', '/auth/refresh', undefined, { refreshToken: tokens.refreshToken });
    expect(refreshed.status).toBeLessThan(300);
    const fresh = (await refreshed.json()) as { tokens: { accessToken: string } };
    expect(await (await send('GET', '/notes', fresh.tokens.accessToken)).json()).toEqual(['first']);
  });

  it('stay closed to whoever has a wrong password', async () => {
    const send = await start(cognito);
    const ana = await cognito.createUser({ username: 'ana' });
    const wrong = await send('POST', '/auth/sign-in', undefined, { username: 'ana', password: 'Wrong-1' });
    expect(wrong.status).toBe(401);
    expect((await send('GET', '/notes', ana.accessToken)).status).toBe(200);
  });
});
