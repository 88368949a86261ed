import { Controller, Get, HttpException, Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CurrentUser, OptionalAuth, type TokenSource } from '../../src/index.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { optionsFor, PLATFORMS, rawGet, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

@Controller()
class Who {
  @Get('me')
  me(@CurrentUser('username') username: string) {
    return { username };
  }

  @Get('maybe')
  @OptionalAuth()
  maybe(@CurrentUser('username') username?: string) {
    return { username: username ?? null };
  }
}

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.close());

const COOKIE = '__Host-token';
const SOURCES: readonly TokenSource[] = [
  'header',
  { cookie: COOKIE },
  { read: ({ headers }) => headers?.['x-api-token'] as string | undefined },
];

describe.each(PLATFORMS)('token sources on %s', (_, adapter) => {
  const apps: TestApp[] = [];
  const start = async (tokenSources: readonly TokenSource[]) => {
    const app = await startApp(optionsFor(pool, { tokenSources }), [Who], {}, undefined, adapter());
    apps.push(app);
    return app;
  };
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await start(SOURCES);
    token = await pool.access();
  });
  afterAll(async () => {
    for (const each of apps) await each.close();
  });

  const ask = (headers: [string, string][], path = '/me', to = app) =>
    rawGet(`${to.address}${path}`, headers);

  it('takes the token from any of them, cold and warm', async () => {
    for (const place of [
      (t: string) => ['Authorization', `Bearer ${t}`],
      (t: string) => ['Cookie', `a=b; ${COOKIE}=${t}; c=d`],
      (t: string) => ['cookie', ` ${COOKIE} = ${t} `],
      (t: string) => ['X-Api-Token', t],
    ]) {
      const fresh = await pool.access();
      for (const _ of ['cold', 'warm']) {
        const { status, body } = await ask([place(fresh) as [string, string]]);
        expect([status, body]).toEqual([200, { username: 'ada' }]);
      }
    }
  });

  it.each<[string, (t: string) => [string, string][]]>([
    [
      'header and cookie',
      (t) => [
        ['Authorization', `Bearer ${t}`],
        ['Cookie', `${COOKIE}=${t}`],
      ],
    ],
    [
      'header and custom',
      (t) => [
        ['Authorization', `Bearer ${t}`],
        ['X-Api-Token', t],
      ],
    ],
    [
      'cookie and custom',
      (t) => [
        ['Cookie', `${COOKIE}=${t}`],
        ['X-Api-Token', t],
      ],
    ],
    [
      'a malformed header and a cookie',
      (t) => [
        ['Authorization', 'Bearer'],
        ['Cookie', `${COOKIE}=${t}`],
      ],
    ],
    ['the cookie twice, the same', (t) => [['Cookie', `${COOKIE}=${t}; ${COOKIE}=${t}`]]],
    [
      'the cookie twice, in two headers',
      (t) => [
        ['Cookie', `${COOKIE}=${t}`],
        ['Cookie', `${COOKIE}=x`],
      ],
    ],
    ['the cookie twice, one empty', (t) => [['Cookie', `${COOKIE}=; ${COOKIE}=${t}`]]],
    [
      'two headers and a cookie',
      (t) => [
        ['Authorization', 'Basic a'],
        ['Authorization', 'Basic b'],
        ['Cookie', `${COOKIE}=${t}`],
      ],
    ],
  ])('refuses %s as a bad request, guarded or optional', async (_name, headers) => {
    for (const path of ['/me', '/maybe']) {
      const { status, body, headers: answered } = await ask(headers(token), path);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'credentials_malformed' });
      expect(answered['www-authenticate']).toMatch(/^Bearer error="invalid_request"/);
    }
  });

  it.each([
    ['with a space', (t: string) => `${COOKIE}=Bearer ${t}`],
    ['quoted', (t: string) => `${COOKIE}="${t}"`],
    ['percent-encoded', (t: string) => `${COOKIE}=${t.replaceAll('.', '%2E')}`],
    ['with a comma', (t: string) => `${COOKIE}=${t},${t}`],
  ])('refuses a cookie %s as malformed', async (_name, cookie) => {
    const { status, body } = await ask([['Cookie', cookie(token)]]);
    expect([status, body]).toEqual([400, expect.objectContaining({ code: 'credentials_malformed' })]);
  });

  it.each([
    ['an empty one', `${COOKIE}=`],
    ['one of another name', 'token=abc'],
    ['one in another case', `${COOKIE.toLowerCase()}=abc`],
    ['one whose name only ends so', `x${COOKIE}=abc`],
    ['one without a value', COOKIE],
    ['a value that looks like it', `a=b=${COOKIE}=abc`],
    ['nonsense', ';;=;,='],
  ])('counts %s as no cookie', async (_name, cookie) => {
    expect((await ask([['Cookie', cookie]])).status).toBe(401);
    expect(await ask([['Cookie', cookie]], '/maybe')).toMatchObject({
      status: 200,
      body: { username: null },
    });
  });

  it('lets a cookie pass beside a header of another scheme, which is not Bearer’s', async () => {
    const { status } = await ask([
      ['Authorization', 'Basic YTpi'],
      ['Cookie', `${COOKIE}=${token}`],
    ]);
    expect(status).toBe(200);
  });

  it('does not look where it is not told to', async () => {
    const cookieOnly = await start([{ cookie: COOKIE }]);
    const inHeader = await ask([['Authorization', `Bearer ${token}`]], '/me', cookieOnly);
    expect(inHeader.status).toBe(401);
    // And does not tell the caller to.
    expect(JSON.stringify(inHeader.body)).not.toContain('Authorization');
    const both = [
      ['Authorization', `Bearer ${token}`],
      ['Cookie', `${COOKIE}=${token}`],
    ] as [string, string][];
    expect((await ask(both, '/me', cookieOnly)).status).toBe(200);
  });

  it('a source that breaks its word lets nobody in', async () => {
    for (const read of [() => Promise.resolve(token), () => null]) {
      const broken = await start([{ read: read as never }]);
      for (const path of ['/me', '/maybe']) expect((await ask([], path, broken)).status).toBe(500);
    }
  });

  it('a source that fails on what a client sends refuses it as ill-formed, and cannot be made to fill the log', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const odd = await start([
      { read: ({ headers = {} }) => JSON.parse(String(headers['x-session'] ?? 'null'))?.token ?? undefined },
    ]);
    for (const path of ['/me', '/maybe']) {
      for (const session of ['secret-of-mine', '{', '"']) {
        expect((await ask([['X-Session', session]], path, odd)).status).toBe(400);
      }
    }
    expect(logged).toHaveBeenCalledOnce();
    const said = String(logged.mock.calls[0]);
    expect(said).toContain('read() threw (SyntaxError)');
    expect(said).toContain('token-sources.test.ts');
    expect(said).not.toContain('secret');
    expect((await ask([['X-Session', JSON.stringify({ token })]], '/me', odd)).status).toBe(200);
    logged.mockRestore();
  });

  it('a source may give an answer of its own', async () => {
    const own = await start([
      {
        read: () => {
          throw new HttpException('paid in advance', 402);
        },
      },
    ]);
    for (const path of ['/me', '/maybe']) expect((await ask([], path, own)).status).toBe(402);
  });

  it('what a client has made of a source, a list say, is no token', async () => {
    for (const made of [['a', 'b'], [token], 7, {}, '']) {
      const odd = await start([{ read: () => made as never }]);
      for (const path of ['/me', '/maybe']) expect((await ask([], path, odd)).status).toBe(400);
    }
  });
});

describe('the option tokenSources', () => {
  const resolve = (tokenSources: unknown) => () =>
    resolveOptions({ userPoolId: 'eu-central-1_x', clientId: 'c', tokenSources: tokenSources as never }, {});

  it('is the header alone by default', () => {
    expect(resolve(undefined)().tokenSources).toEqual(['header']);
  });

  it.each([
    [[], '"tokenSources" must be a list of 1 to 8 sources, got []'],
    ['header', '"tokenSources" must be a list'],
    [Array(9).fill('header'), '"tokenSources" must be a list of 1 to 8'],
    [
      ['Header'],
      '"tokenSources[0]" must be "header", { cookie: "<name>" } or { read: (request) => … }, got "Header"',
    ],
    [['header', 'header'], '"tokenSources[1]" is there twice'],
    [[{ cookie: 'a' }, { cookie: 'a' }], '"tokenSources[1]" is there twice'],
    [[{ cookie: '' }], `"tokenSources[0]".cookie must be a cookie's name, got ""`],
    [[{ cookie: 'a;b' }], '"tokenSources[0]".cookie must be'],
    [[{ cokie: 'a' }], '"tokenSources[0]" has no member "cokie"; there are cookie, read'],
    [[{ read: 'x' }], '"tokenSources[0]".read must be a function, got "x"'],
    [[{ read: () => undefined, cookie: 'a' }], '"tokenSources[0]" has both "cookie" and "read"'],
    [[null], '"tokenSources[0]" must be'],
  ])('refuses %j', (given, message) => {
    expect(resolve(given)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(resolve(given)).toThrow(message);
  });
});
