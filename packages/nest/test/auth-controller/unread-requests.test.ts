import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, RouterModule } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule } from '../../src/index.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';

const JSON_TYPE = { 'content-type': 'application/json' };
/** What must be in no answer: what was sent, and what the platform says about it. */
const LEAKS =
  /s3cret|entity|FST_|prototype property|Unexpected token|position \d|node_modules|\.js:|charset|koi8/i;

let test: TestCognito;
beforeAll(async () => {
  test = await startTestCognito();
});
afterAll(() => test.cognito.close());

/** Answers in a form of the app's own. */
@Catch(HttpException)
class OwnFilter implements ExceptionFilter<HttpException> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: HttpException, host: ArgumentsHost) {
    const body = { own: exception.getStatus() };
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), body, exception.getStatus());
  }
}

describe.each(PLATFORMS)('a request that %s cannot read', (platform, adapter) => {
  const start = (prepare?: Parameters<typeof startApp>[3]) =>
    startApp(
      test.options(),
      [],
      { imports: [CognitoAuthModule.forRoot({ throttle: false })] },
      prepare,
      adapter(),
    );

  let app: TestApp;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.close());

  async function send(init: RequestInit & { path?: string }, to = app) {
    const { path = '/auth/sign-in', ...rest } = init;
    const response = await fetch(`${to.address}${path}`, { method: 'POST', ...rest });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      cache: response.headers.get('cache-control'),
      text: await response.text(),
    };
  }

  const cases: [string, RequestInit & { path?: string }, number, string][] = [
    ['no JSON', { headers: JSON_TYPE, body: '{"password":"s3cret"' }, 400, 'request_invalid'],
    ['a bare word', { headers: JSON_TYPE, body: 's3cret' }, 400, 'request_invalid'],
    [
      'too much',
      { headers: JSON_TYPE, body: JSON.stringify({ username: 's3cret'.repeat(500_000) }) },
      413,
      'request_too_large',
    ],
    platform === 'Express'
      ? [
          'a strange charset',
          { headers: { 'content-type': 'application/json; charset=koi8-r' }, body: '{"a":"s3cret"}' },
          415,
          'media_type_unsupported',
        ]
      : [
          'a strange media type',
          { headers: { 'content-type': 'application/s3cret' }, body: '{"a":1}' },
          415,
          'media_type_unsupported',
        ],
    platform === 'Express'
      ? [
          'a strange encoding',
          { headers: { ...JSON_TYPE, 'content-encoding': 's3cret' }, body: '{}' },
          415,
          'media_type_unsupported',
        ]
      : [
          'names that mean something to JavaScript',
          { headers: JSON_TYPE, body: '{"username":"s3cret","__proto__":{"admin":true}}' },
          400,
          'request_invalid',
        ],
    platform === 'Express'
      ? [
          'a path that cannot be decoded',
          { path: '/auth/devices/s3cret%E0%A4%A', method: 'DELETE' },
          400,
          'request_invalid',
        ]
      : ['an empty body that is said to be JSON', { headers: JSON_TYPE, body: '' }, 400, 'request_invalid'],
    [
      'a form that is none',
      { path: '/auth/profile', method: 'PATCH', headers: JSON_TYPE, body: '{{' },
      400,
      'request_invalid',
    ],
    [
      'no JSON, at the path in capital letters',
      { path: '/auth/sign-in/?a=%', headers: JSON_TYPE, body: '{' },
      400,
      'request_invalid',
    ],
  ];

  it.each(cases)('is a problem as any other refusal: %s', async (_, init, status, code) => {
    const answer = await send(init);
    expect(answer).toMatchObject({
      status,
      type: expect.stringContaining('application/problem+json'),
      cache: 'no-store',
    });
    const body = JSON.parse(answer.text) as object;
    expect(body).toMatchObject({ type: 'about:blank', status, code });
    expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'status', 'title', 'type']);
    expect(answer.text).not.toMatch(LEAKS);
  });

  it('is what it always was on the other routes of the app', async () => {
    const answer = await send({ path: '/elsewhere', headers: JSON_TYPE, body: '{' });
    expect(answer.status).toBe(400);
    expect(answer.type).not.toContain('problem');
    expect(answer.text).not.toContain('"code"');
  });

  it('is the app’s to answer where it has a filter for such', async () => {
    const owned = await start((nest) => nest.useGlobalFilters(new OwnFilter(nest.get(HttpAdapterHost))));
    try {
      for (const [, init, status] of cases) {
        expect(await send(init, owned)).toMatchObject({ status, text: JSON.stringify({ own: status }) });
      }
    } finally {
      await owned.close();
    }
  });

  it('is known under the app’s prefixes', async () => {
    const prefixed = await startApp(
      test.options(),
      [],
      {
        imports: [
          CognitoAuthModule.forRoot({ throttle: false, path: 'account' }),
          RouterModule.register([{ path: 'v2', module: CognitoAuthModule }]),
        ],
      },
      (nest) => nest.setGlobalPrefix('api'),
      adapter(),
    );
    try {
      const answer = await send({ path: '/api/v2/account/sign-in', headers: JSON_TYPE, body: '{' }, prefixed);
      expect(answer).toMatchObject({
        status: 400,
        type: expect.stringContaining('application/problem+json'),
      });
    } finally {
      await prefixed.close();
    }
  });

  it('does no harm to what it can read: compressed bodies, other spellings of the media type', async () => {
    const body = JSON.stringify({ username: 'ada', password: 'Wrong-horse-99' });
    expect((await send({ headers: { 'content-type': 'application/json;charset=UTF-8' }, body })).status).toBe(
      401,
    );
    if (platform !== 'Express') return;
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await send({ headers, body: gzipSync(body) })).status).toBe(401);
  });

  it('is a form: no page of another site may have a browser sign in, sign up or ask for codes', async () => {
    const body = new URLSearchParams({ username: 'ada', password: PASSWORD });
    expect(await send({ body })).toMatchObject({
      status: 415,
      text: expect.stringContaining('media_type_unsupported'),
    });
    expect(await send({ path: '/auth/forgot-password', body })).toMatchObject({ status: 415 });
    const headers = { 'content-type': 'application/vnd.api+json' };
    const parsed = await send({ headers, body: JSON.stringify({ username: 'ada', password: PASSWORD }) });
    // Neither platform reads it unless told to, and that is no sign-in either.
    expect([400, 415]).toContain(parsed.status);
    expect((await send({ headers: JSON_TYPE, body: JSON.stringify(Object.fromEntries(body)) })).status).toBe(
      200,
    );
  });

  it.each([
    ['text', 'text/plain', '{"username":"ada"}'],
    ['a form', 'application/x-www-form-urlencoded', 'username=ada'],
    ['a form of parts', 'multipart/form-data; boundary=x', '--x--\r\n'],
    ['XML', 'application/xml', '<a/>'],
    ['something that only contains JSON’s name', 'text/plain; a=application/json', '{}'],
  ])('is %s: whatever it says, it is no JSON', async (_, type, body) => {
    for (const path of ['/auth/sign-in', '/auth/sign-up', '/auth/refresh', '/auth/sign-out']) {
      const answer = await send({ path, headers: { 'content-type': type }, body });
      expect(answer).toMatchObject({ status: 415, cache: 'no-store' });
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'media_type_unsupported' });
    }
  });

  it('is not what has no body, whatever type it says', async () => {
    for (const headers of [{}, { 'content-length': '0' }]) {
      expect((await send({ headers })).status).toBe(400);
    }
  });

  it('is no end of the app when it breaks off', async () => {
    const { port } = new URL(app.address);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
        );
        socket.destroy();
      });
      socket.on('close', () => resolve());
    });
    expect((await send({ headers: JSON_TYPE, body: '{}' })).status).toBe(400);
  });
});

describe('what Fastify answers before Nest is asked', () => {
  const start = (adapter: FastifyAdapter) =>
    startApp(
      test.options(),
      [],
      { imports: [CognitoAuthModule.forRoot({ throttle: false })] },
      undefined,
      adapter as unknown as AbstractHttpAdapter,
    );
  const remove = async (app: TestApp, id: string) =>
    (await fetch(`${app.address}/auth/passkeys/${id}`, { method: 'DELETE' })).status;

  it('is the length of a parameter, until it is told that ids of passkeys are longer', async () => {
    const id = 'x'.repeat(1364);
    const short = await start(new FastifyAdapter());
    const long = await start(new FastifyAdapter({ routerOptions: { maxParamLength: 1400 } }));
    try {
      expect(await remove(short, 'x'.repeat(100))).toBe(401);
      expect(await remove(short, id)).toBe(414);
      expect(await remove(long, id)).toBe(401);
    } finally {
      await short.close();
      await long.close();
    }
  });

  it('is a path that cannot be decoded', async () => {
    const app = await start(new FastifyAdapter());
    try {
      expect(await remove(app, '%E0%A4%A')).toBe(400);
    } finally {
      await app.close();
    }
  });
});
