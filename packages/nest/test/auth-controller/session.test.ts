import { CreateUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule, CognitoModule, CurrentUser, cookieSession, Groups } from '../../src/index.js';
import { bootError, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { administrator } from '../support/auth-modes.js';
import { Browser, GENUINE } from '../support/browser.js';
import {
  PASSWORD,
  POOL,
  SECRET,
  SECRET_CLIENT,
  startTestCognito,
  type TestCognito,
} from '../support/cognito.js';

@Controller()
class ThingsController {
  @Get('who')
  who(@CurrentUser('username') username: string) {
    return { username };
  }

  @Post('things')
  @Groups('admin')
  add() {
    return { added: true };
  }
}

const session = cookieSession();

let test: TestCognito;
let rotating: string;
beforeAll(async () => {
  test = await startTestCognito();
  const sdk = administrator(test);
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId: POOL,
      ClientName: 'rotating',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      // No grace: a second use of a refresh token is refused.
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    }),
  );
  rotating = UserPoolClient?.ClientId ?? '';
  sdk.destroy();
});
afterAll(() => test.cognito.close());

describe.each(PLATFORMS)('the controller with a cookie session on %s', (_, adapter) => {
  const start = (clientId: string, clientSecret?: string) =>
    startApp(
      test.options({ clientId, clientSecret, tokenSources: ['header', session] }),
      [ThingsController],
      { imports: [CognitoAuthModule.forRoot({ session, throttle: false })] },
      undefined,
      adapter(),
    );

  let app: TestApp;
  beforeAll(async () => {
    app = await start(rotating);
  });
  afterAll(() => app.close());

  it('signs in, and shows no token to a script', async () => {
    const browser = new Browser(app);
    const signedIn = await browser.signIn('ada');
    expect(signedIn).toMatchObject({ status: 200, body: { status: 'signed-in', username: 'ada' } });
    expect(Object.keys(signedIn.body).sort()).toEqual(['expiresAt', 'status', 'username']);
    expect([...browser.jar.keys()]).toEqual(['__Host-cognest-access', '__Host-cognest-refresh']);
    for (const value of browser.jar.values()) expect(signedIn.text).not.toContain(value);
    expect((await browser.send('GET', '/who')).body).toEqual({ username: 'ada' });
    expect((await browser.send('POST', '/things')).status).toBe(201);
    expect((await browser.send('GET', '/auth/profile')).body).toMatchObject({ username: 'ada' });
  });

  it('is refused to forged requests: the app’s own routes, and signing in and out', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    const evil = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', ...GENUINE };
    for (const headers of [{}, evil]) {
      for (const path of ['/things', '/auth/sign-out', '/auth/refresh', '/auth/sign-out/everywhere']) {
        const { status, body } = await browser.send('POST', path, undefined, headers);
        expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'csrf_refused' });
      }
      // Somebody who is signed in to the attacker's account unawares gives it their data.
      const login = await new Browser(app).send(
        'POST',
        '/auth/sign-in',
        { username: 'ada', password: PASSWORD },
        headers,
      );
      expect(login).toMatchObject({ status: 403, body: { code: 'csrf_refused' } });
    }
    expect((await browser.send('GET', '/who')).status).toBe(200);
  });

  it('says to somebody with a Bearer token that the session is in cookies', async () => {
    const bearer = { authorization: 'Bearer x' };
    const refused = await new Browser(app).send('POST', '/auth/refresh', {}, bearer);
    expect(refused).toMatchObject({ status: 403, body: { code: 'csrf_refused' } });
    expect(refused.body.detail).toMatch(/^These endpoints keep the session in cookies/);
    const browser = new Browser(app);
    await browser.signIn('ada');
    const { body } = await browser.send('POST', '/auth/refresh', {}, {});
    expect(body.detail).toMatch(/^With the session cookie/);
  });

  it('takes the device from the cookie alone', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    expect(await browser.send('POST', '/auth/refresh', { deviceKey: 'k' })).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    });
  });

  it('refreshes, with the rotated token from then on', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    for (let round = 0; round < 3; round++) {
      const before = new Map(browser.jar);
      const refreshed = await browser.send('POST', '/auth/refresh');
      expect(refreshed).toMatchObject({ status: 200, body: { status: 'signed-in', username: 'ada' } });
      for (const [name, value] of before) expect(browser.jar.get(name)).not.toBe(value);
    }
    expect((await browser.send('GET', '/who')).status).toBe(200);
  });

  it('gives many tabs at once the same, and those that are a little late', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    const tabs = Array.from({ length: 8 }, () => {
      const tab = new Browser(app);
      for (const [name, value] of browser.jar) tab.jar.set(name, value);
      return tab;
    });
    const [late, ...others] = tabs as [Browser, ...Browser[]];
    const refreshed = await Promise.all(others.map((tab) => tab.send('POST', '/auth/refresh')));
    expect(refreshed.map(({ status }) => status)).toEqual(others.map(() => 200));
    expect((await late.send('POST', '/auth/refresh')).status).toBe(200);
    expect(new Set(tabs.map((tab) => tab.jar.get('__Host-cognest-refresh'))).size).toBe(1);
    // And the session lives on.
    expect((await late.send('POST', '/auth/refresh')).status).toBe(200);
  });

  it('leaves the cookies alone when a refresh fails: another tab may have newer ones', async () => {
    const browser = new Browser(app);
    browser.jar.set('__Host-cognest-refresh', Buffer.from('["gone","ada",null]').toString('base64url'));
    const before = new Map(browser.jar);
    expect((await browser.send('POST', '/auth/refresh')).status).toBe(401);
    expect(browser.jar).toEqual(before);
    expect((await new Browser(app).send('POST', '/auth/refresh')).status).toBe(401);
  });

  it('takes no refresh token from a body', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    expect((await browser.send('POST', '/auth/refresh', { refreshToken: 'mine' })).status).toBe(400);
    expect((await browser.send('POST', '/auth/sign-out', { refreshToken: 'mine' })).status).toBe(400);
  });

  it('signs out: no cookies are left, and no token works again, not even one given a moment ago', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    const other = new Browser(app);
    for (const [name, value] of browser.jar) other.jar.set(name, value);
    await browser.send('POST', '/auth/refresh');
    const newest = new Browser(app);
    for (const [name, value] of browser.jar) newest.jar.set(name, value);
    expect((await browser.send('POST', '/auth/sign-out')).status).toBe(204);
    expect(browser.jar.size).toBe(0);
    expect((await browser.send('GET', '/who')).status).toBe(401);
    expect((await other.send('POST', '/auth/refresh')).status).toBe(401);
    expect((await newest.send('POST', '/auth/refresh')).status).toBe(401);
    // Once more does no harm.
    expect((await browser.send('POST', '/auth/sign-out')).status).toBe(204);
  });

  it.each([
    ['no refresh cookie', async () => undefined],
    ['a refresh cookie of rubbish', async () => 'garbage'],
    ['a refresh token that is none', async () => Buffer.from('["gone","ada",null]').toString('base64url')],
    [
      'the refresh cookie of another session',
      async () => {
        const other = new Browser(app);
        await other.signIn('ada');
        return other.jar.get('__Host-cognest-refresh');
      },
    ],
  ])('signs out with %s: the access token opens nothing any more', async (_, refreshCookie) => {
    const [browser, bystander] = [new Browser(app), new Browser(app)];
    await browser.signIn('ada');
    await bystander.signIn('ada');
    const access = `__Host-cognest-access=${browser.jar.get('__Host-cognest-access')}`;
    const given = await refreshCookie();
    browser.jar.delete('__Host-cognest-refresh');
    if (given !== undefined) browser.jar.set('__Host-cognest-refresh', given);
    expect((await browser.send('POST', '/auth/sign-out')).status).toBe(204);
    expect((await fetch(`${app.address}/who`, { headers: { cookie: access } })).status).toBe(401);
    // No other session of the same user ends.
    expect((await bystander.send('GET', '/who')).status).toBe(200);
  });

  it.each(['x', 'a.b.c', ''])('signs out with the access token %j, which ends nothing', async (token) => {
    const [browser, bystander] = [new Browser(app), new Browser(app)];
    await bystander.signIn('ada');
    browser.jar.set('__Host-cognest-access', token);
    expect((await browser.send('POST', '/auth/sign-out')).status).toBe(204);
    expect((await bystander.send('GET', '/who')).status).toBe(200);
  });

  it('ends no session by a token that is forged', async () => {
    const [browser, victim] = [new Browser(app), new Browser(app)];
    await victim.signIn('ada');
    const [header, payload] = (victim.jar.get('__Host-cognest-access') ?? '').split('.');
    browser.jar.set('__Host-cognest-access', `${header}.${payload}.AAAA`);
    expect((await browser.send('POST', '/auth/sign-out')).status).toBe(204);
    expect((await victim.send('GET', '/who')).status).toBe(200);
  });

  it('signs out everywhere', async () => {
    const [one, other] = [new Browser(app), new Browser(app)];
    await one.signIn('ada');
    await other.signIn('ada');
    expect((await one.send('POST', '/auth/sign-out/everywhere')).status).toBe(204);
    expect(one.jar.size).toBe(0);
    expect((await other.send('POST', '/auth/refresh')).status).toBe(401);
  });

  it('refuses a planted cookie when it refreshes, and signs out in spite of it', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const twice = { ...GENUINE, cookie: `${cookie}; __Host-cognest-refresh=planted` };
    const post = (path: string) => fetch(`${app.address}${path}`, { method: 'POST', headers: twice });
    expect((await post('/auth/refresh')).status).toBe(400);
    const out = await post('/auth/sign-out');
    expect(out.headers.getSetCookie().map((line) => line.split('=')[0])).toEqual([
      '__Host-cognest-access',
      '__Host-cognest-refresh',
    ]);
  });

  it('refreshes with a client that has a secret', async () => {
    const withSecret = await start(SECRET_CLIENT, SECRET);
    try {
      const browser = new Browser(withSecret);
      await browser.signIn('ada');
      expect((await browser.send('POST', '/auth/refresh')).status).toBe(200);
      expect((await browser.send('GET', '/who')).body).toEqual({ username: 'ada' });
    } finally {
      await withSecret.close();
    }
  });
});

it('a session that no guard reads stops the boot', async () => {
  @Module({ imports: [CognitoModule.forRoot(test.options()), CognitoAuthModule.forRoot({ session })] })
  class Forgetful {}
  expect((await bootError(Forgetful)).message).toMatch(/"tokenSources"/);
});

it.each([
  ['auth', 'auth'],
  ['auth', 'Auth'],
])('twice on one path, %s and %s, stops the boot', async (path, other) => {
  @Module({
    imports: [
      CognitoModule.forRoot(test.options()),
      CognitoAuthModule.forRoot({ path, throttle: false }),
      CognitoAuthModule.forRoot({ path: other, throttle: false, parts: ['profile'] }),
    ],
  })
  class Twice {}
  expect((await bootError(Twice)).message).toMatch(/more than once for the path "auth"/i);
});

it('without CognitoModule it says so', async () => {
  @Module({ imports: [CognitoAuthModule.forRoot({ throttle: false })] })
  class Alone {}
  // Some of its endpoints have conditions, of which that is said first.
  expect((await bootError(Alone)).message).toMatch(
    /^CognitoAuthController says .* the app has no CognitoModule\. Import CognitoModule\.forRoot\(\) in its root module/,
  );
});

it('what is wrong with CognitoModule is said, and not that it is missing', async () => {
  @Module({
    imports: [
      CognitoAuthModule.forRoot({ throttle: false }),
      CognitoModule.forRootAsync({ useFactory: async () => test.options({ clientId: 'a b' }) }),
    ],
  })
  class Wrong {}
  expect((await bootError(Wrong)).message).toMatch(/^"clientId" must be/);
});
