import { Controller, Get, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CookieSessionOptions,
  CurrentUser,
  cookieSession,
  OptionalAuth,
  Public,
} from '../../src/index.js';
import { optionsFor, PLATFORMS, rawGet, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

@Controller()
class ThingsController {
  @Get('who')
  who(@CurrentUser('username') username: string) {
    return { username };
  }

  @Post('things')
  add(@CurrentUser('username') username: string) {
    return { username };
  }

  @Post('maybe')
  @OptionalAuth()
  maybe(@CurrentUser('username') username?: string) {
    return { username: username ?? 'nobody' };
  }

  @Post('open')
  @Public()
  open() {
    return { open: true };
  }
}

const session = cookieSession({ trustedOrigins: ['https://app.example.com'] });
const GENUINE = { 'x-csrf-protection': '1' };

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.close());

/** The `Cookie` header that a browser sends after these `Set-Cookie` values. */
function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.map((value) => value.split(';')[0]).join('; ');
}

/** A session with an access token of about so many characters. */
async function sessionOf(groups = 0): Promise<string> {
  const names = Array.from({ length: groups }, (_, index) => `group-${index}-${'x'.repeat(100)}`);
  const token = await pool.access({ 'cognito:groups': names });
  return cookieHeader(session.write(token, { refreshToken: 'r'.repeat(1800), username: 'ada' }));
}

describe.each(PLATFORMS)('a cookie session on %s', (_, adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    const options = optionsFor(pool, { tokenSources: ['header', session] });
    app = await startApp(options, [ThingsController], {}, undefined, adapter());
  });
  afterAll(() => app.close());

  const post = (path: string, headers: Record<string, string>) =>
    fetch(`${app.address}${path}`, { method: 'POST', headers });

  it('signs a request in', async () => {
    const cookie = await sessionOf();
    const response = await fetch(`${app.address}/who`, { headers: { cookie } });
    expect(await response.json()).toEqual({ username: 'ada' });
    expect((await post('/things', { cookie, ...GENUINE })).status).toBe(201);
  });

  it('carries a token of more than 4 kB in several cookies, whatever their order', async () => {
    const cookie = await sessionOf(60);
    const pairs = cookie.split('; ');
    expect(pairs.length).toBeGreaterThan(3);
    for (const pair of pairs) expect(pair.length).toBeLessThan(4000);
    for (const sent of [cookie, [...pairs].reverse().join('; ')]) {
      const response = await fetch(`${app.address}/who`, { headers: { cookie: sent } });
      expect(response.status).toBe(200);
    }
  });

  it('is no session when a part is missing, and ignores parts left over from a longer one', async () => {
    const pairs = (await sessionOf(60)).split('; ');
    const incomplete = pairs.filter((pair) => !pair.startsWith('__Host-cognest-access.1')).join('; ');
    expect((await fetch(`${app.address}/who`, { headers: { cookie: incomplete } })).status).toBe(401);
    const leftOver = `${await sessionOf()}; ${pairs.find((pair) => pair.startsWith('__Host-cognest-access.1'))}`;
    expect((await fetch(`${app.address}/who`, { headers: { cookie: leftOver } })).status).toBe(200);
  });

  it.each([
    ['nothing that proves where it is from', {}],
    [
      'a page of another site',
      { ...GENUINE, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ],
    ['a page of a subdomain', { ...GENUINE, 'sec-fetch-site': 'same-site', origin: 'https://x.example.com' }],
    ['another origin, of a browser that says no more', { ...GENUINE, origin: 'https://evil.example' }],
    ['a sandboxed frame', { ...GENUINE, origin: 'null' }],
    [
      'an origin that only begins like a trusted one',
      { ...GENUINE, origin: 'https://app.example.com.evil.example' },
    ],
    ['a trusted origin, without the header', { origin: 'https://app.example.com' }],
    ['the own origin, by a form', { 'sec-fetch-site': 'same-origin' }],
    ['an empty header', { 'x-csrf-protection': '' }],
  ])('is refused to a POST from %s', async (_, headers) => {
    const cookie = await sessionOf();
    const response = await post('/things', { cookie, ...headers });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 403, code: 'csrf_refused' });
    // Not nobody, which would let an attacker act on routes that take either.
    expect((await post('/maybe', { cookie, ...headers })).status).toBe(403);
    // A handler that looks at no credential has nothing to protect.
    expect((await post('/open', { cookie, ...headers })).status).toBe(201);
  });

  it.each([
    ['the own origin', { 'sec-fetch-site': 'same-origin' }],
    ['a trusted origin', { 'sec-fetch-site': 'same-site', origin: 'https://app.example.com' }],
  ])('serves a POST from %s', async (_, headers) => {
    const response = await post('/things', { cookie: await sessionOf(), ...GENUINE, ...headers });
    expect(response.status).toBe(201);
  });

  it('compares the origin with the host where the browser says no more', async () => {
    const response = await post('/things', {
      cookie: await sessionOf(),
      ...GENUINE,
      origin: app.address,
    });
    expect(response.status).toBe(201);
  });

  it('refuses a cookie that came twice: one of them was planted', async () => {
    const [mine = ''] = (await sessionOf()).split('; ');
    const planted = `__Host-cognest-access=${await pool.access({ username: 'mallory' })}`;
    for (const cookie of [`${mine}; ${planted}`, `${planted}; ${mine}`, `${mine}; ${mine}`]) {
      const response = await fetch(`${app.address}/who`, { headers: { cookie } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'credentials_malformed' });
    }
    const inTwoHeaders = await rawGet(`${app.address}/who`, [
      ['Cookie', mine],
      ['Cookie', planted],
    ]);
    expect(inTwoHeaders.status).toBe(400);
  });

  it('refuses a part that came twice', async () => {
    const cookie = await sessionOf(60);
    const response = await fetch(`${app.address}/who`, {
      headers: { cookie: `${cookie}; __Host-cognest-access.1=planted` },
    });
    expect(response.status).toBe(400);
  });

  it('refuses a header beside the cookie, and takes either alone', async () => {
    const token = await pool.access();
    const both = { cookie: await sessionOf(), authorization: `Bearer ${token}` };
    expect((await fetch(`${app.address}/who`, { headers: both })).status).toBe(400);
    expect((await app.get('/who', token)).status).toBe(200);
    expect((await app.post('/things', undefined, token)).status).toBe(201);
  });

  it.each(['cognest-access', '__host-cognest-access', '__Host-cognest-Access', '__Host-cognest-access2'])(
    'does not look at a cookie named %s',
    async (name) => {
      const cookie = `${name}=${await pool.access()}`;
      expect((await fetch(`${app.address}/who`, { headers: { cookie } })).status).toBe(401);
    },
  );

  it.each(['', 'x', '9:x', '2:', '4:x', '__proto__', 'a b', '%00', '"quoted"'])(
    'is no session when the cookie holds %j',
    async (value) => {
      const cookie = `__Host-cognest-access=${value}`;
      const response = await fetch(`${app.address}/who`, { headers: { cookie } });
      expect([400, 401]).toContain(response.status);
    },
  );
});

describe('CookieSession', () => {
  const REQUEST = { method: 'POST', headers: { ...GENUINE } };

  it('sets cookies that no script can read, that no subdomain can set, and that stay off plain HTTP', () => {
    const [access, refresh] = session.write('a.b.c', { refreshToken: 'secret' });
    expect(access).toBe(
      '__Host-cognest-access=a.b.c; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure',
    );
    expect(refresh).toMatch(
      /^__Host-cognest-refresh=[\w-]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    );
    const plain = cookieSession({ name: 'mine', secure: false, sameSite: 'strict', maxAgeS: 60 });
    expect(plain.write('a.b.c', { refreshToken: 'secret' })[0]).toBe(
      'mine-access=a.b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
    );
  });

  it('gives back what refreshes it', () => {
    const refresh = { refreshToken: 'secret', username: 'ada; Path=/x', deviceKey: 'eu-central-1_key' };
    const cookie = cookieHeader(session.write('a.b.c', refresh));
    expect(session.readRefresh({ ...REQUEST, headers: { ...GENUINE, cookie } })).toEqual(refresh);
    expect(session.readRefresh(REQUEST)).toBeUndefined();
  });

  it.each(['e30', 'bnVsbA', 'W10', 'WzFd', '!!', 'eyJfX3Byb3RvX18iOnsicmVmcmVzaFRva2VuIjoieCJ9fQ'])(
    'takes %j for no refresh token',
    (value) => {
      const cookie = `__Host-cognest-refresh=${value}`;
      expect(session.readRefresh({ ...REQUEST, headers: { ...GENUINE, cookie } })).toBeUndefined();
    },
  );

  it('gives no refresh token to a request that may be forged', () => {
    const cookie = cookieHeader(session.write('a.b.c', { refreshToken: 'secret' }));
    expect(() => session.readRefresh({ method: 'POST', headers: { cookie } })).toThrow(
      expect.objectContaining({ code: 'csrf_refused' }),
    );
    // An adapter that does not say the method says nothing that helps.
    expect(() => session.readRefresh({ headers: { cookie } })).toThrow(
      expect.objectContaining({ code: 'csrf_refused' }),
    );
  });

  it('refuses a WebSocket that a page of another origin opens', () => {
    const cookie = cookieHeader(session.write('a.b.c', { refreshToken: 'secret' }));
    const opening = { cookie, upgrade: 'websocket', host: 'api.example.com' };
    const read = (origin: string) => session.read({ method: 'GET', headers: { ...opening, origin } });
    expect(read('https://api.example.com')).toBe('a.b.c');
    expect(read('https://app.example.com')).toBe('a.b.c');
    expect(() => read('https://evil.example')).toThrow(expect.objectContaining({ code: 'csrf_refused' }));
  });

  it.each(['POST', 'DELETE'])('takes no %s for the opening of a WebSocket that says it is one', (method) => {
    const cookie = cookieHeader(session.write('a.b.c', { refreshToken: 'secret' }));
    const headers = {
      cookie,
      upgrade: 'websocket',
      host: 'api.example.com',
      origin: 'https://api.example.com',
    };
    expect(() => session.read({ method, headers })).toThrow(
      expect.objectContaining({ code: 'csrf_refused' }),
    );
    expect(session.read({ method, headers: { ...headers, 'x-csrf-protection': '1' } })).toBe('a.b.c');
  });

  it('removes every cookie that the request brought', () => {
    const cookie = cookieHeader(session.write('a'.repeat(9000), { refreshToken: 'secret' }));
    const cleared = session.clear({ headers: { cookie } });
    expect(cleared.map((value) => value.split('=')[0])).toEqual([
      '__Host-cognest-access',
      '__Host-cognest-access.1',
      '__Host-cognest-access.2',
      '__Host-cognest-refresh',
    ]);
    for (const value of cleared) expect(value).toContain('=; Path=/; Max-Age=0; HttpOnly;');
  });

  it('refuses tokens that no browser would keep', () => {
    expect(() => session.write('a'.repeat(20_000), { refreshToken: 'secret' })).toThrow(
      expect.objectContaining({ code: 'session_too_large' }),
    );
  });

  it.each([
    [{ name: 'a b' }, /"name"/],
    [{ secure: 'no' }, /"secure"/],
    [{ sameSite: 'none' }, /"sameSite"/],
    [{ maxAgeS: 0 }, /"maxAgeS"/],
    [{ maxAgeS: 1.5 }, /"maxAgeS"/],
    [{ csrfHeader: 'accept' }, /"csrfHeader"/],
    [{ trustedOrigins: ['https://app.example.com/'] }, /"trustedOrigins"/],
    [{ trustedOrigins: ['*'] }, /"trustedOrigins"/],
    [{ trustedOrigins: 'https://app.example.com' }, /"trustedOrigins"/],
    [{ domain: 'example.com' }, /no member "domain"/],
    [null, /an object/],
  ])('refuses the options %j', (options, message) => {
    expect(() => cookieSession(options as CookieSessionOptions)).toThrow(message);
  });

  it('refuses plain HTTP in production', () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => cookieSession({ secure: false })).toThrow(/serve the app over HTTPS/);
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
