import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Body, ForbiddenException, Inject, Injectable, Logger, Post, ValidationPipe } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  CognitoAuthController,
  CognitoAuthModule,
  type CognitoAuthModuleOptions,
  CurrentUser,
  type Exchange,
  Public,
  type SignUpRequest,
} from '../../src/index.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { administrator } from '../support/auth-modes.js';
import {
  DISCREET_CLIENT,
  LEGACY_CLIENT,
  PASSWORD,
  POOL,
  SECRET_CLIENT,
  startTestCognito,
  type TestCognito,
} from '../support/cognito.js';
import { totp } from '../support/totp.js';

let test: TestCognito;
let admin: CognitoIdentityProviderClient;
beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client does
type Any = any;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Any;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

let users = 0;
/** A name that no other test has used. */
const newName = () => `user${++users}`;

describe.each(PLATFORMS)('CognitoAuthController on %s', (_, adapter) => {
  const start = (options: CognitoAuthModuleOptions = {}, clientId = DISCREET_CLIENT) =>
    startApp(
      test.options({ clientId }),
      [],
      { imports: [CognitoAuthModule.forRoot({ throttle: false, ...options })] },
      // What most apps have: it must not get in the way.
      (nest) => nest.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true })),
      adapter(),
    );

  let app: TestApp;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.close());

  const post = async (path: string, body?: unknown, token?: string, to = app) =>
    read(await to.post(`/auth/${path}`, body, token));

  async function newUser(): Promise<string> {
    const username = newName();
    const attributes = { email: `${username}@example.com` };
    expect(await post('sign-up', { username, password: PASSWORD, attributes })).toMatchObject({
      status: 202,
    });
    expect((await post('sign-up/confirm', { username, code: test.code(username) })).status).toBe(204);
    return username;
  }

  async function signIn(username: string, password = PASSWORD): Promise<Any> {
    const { status, headers, body } = await post('sign-in', { username, password });
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'signed-in', username } });
    expect(headers.get('cache-control')).toBe('no-store');
    return body.tokens;
  }

  it('signs up, confirms, signs in, refreshes and signs out', async () => {
    const username = newName();
    const attributes = { email: `${username}@example.com`, given_name: 'Grace' };
    const signUp = await post('sign-up', { username, password: PASSWORD, attributes });
    expect(signUp).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect((await post('sign-in', { username, password: PASSWORD })).status).toBe(401);
    const first = test.code(username);
    expect((await post('sign-up/resend', { username })).status).toBe(202);
    expect(test.code(username)).not.toBe(first);
    expect((await post('sign-up/confirm', { username, code: test.code(username) })).status).toBe(204);

    const tokens = await signIn(username);
    const profile = await read(await app.get('/auth/profile', tokens.accessToken));
    expect(profile).toMatchObject({ status: 200, body: { username, attributes: { given_name: 'Grace' } } });
    const refreshed = await post('refresh', { refreshToken: tokens.refreshToken });
    expect(refreshed).toMatchObject({ status: 200, body: { status: 'signed-in', username } });

    expect((await post('sign-out', { refreshToken: tokens.refreshToken })).status).toBe(204);
    expect((await post('refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
  });

  it('signs out everywhere', async () => {
    const username = await newUser();
    const [one, other] = [await signIn(username), await signIn(username)];
    expect((await post('sign-out/everywhere', {})).status).toBe(401);
    expect((await post('sign-out/everywhere', undefined, one.accessToken)).status).toBe(204);
    expect((await post('refresh', { refreshToken: other.refreshToken })).status).toBe(401);
  });

  it('sets a new password for one that is forgotten, and changes it', async () => {
    const username = await newUser();
    expect((await post('forgot-password', { username })).status).toBe(202);
    const code = test.code(username);
    const reset = { username, code, newPassword: 'Correct-horse-10' };
    expect((await post('forgot-password/confirm', reset)).status).toBe(204);
    expect((await post('sign-in', { username, password: PASSWORD })).status).toBe(401);
    const { accessToken } = await signIn(username, 'Correct-horse-10');
    const wrong = { previousPassword: PASSWORD, newPassword: 'Correct-horse-11' };
    expect(await post('password', wrong, accessToken)).toMatchObject({
      status: 422,
      body: { code: 'incorrect_password' },
    });
    const right = { previousPassword: 'Correct-horse-10', newPassword: 'Correct-horse-11' };
    expect((await post('password', right, accessToken)).status).toBe(204);
    await signIn(username, 'Correct-horse-11');
  });

  describe('a challenge', () => {
    async function invite(): Promise<{ username: string; challenge: Any }> {
      const username = newName();
      await admin.send(
        new AdminCreateUserCommand({
          UserPoolId: POOL,
          Username: username,
          TemporaryPassword: 'Invited-1-horse',
          UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
        }),
      );
      const asked = await post('sign-in', { username, password: 'Invited-1-horse' });
      expect(asked).toMatchObject({
        status: 200,
        body: { status: 'challenge', challenge: { name: 'NEW_PASSWORD_REQUIRED' } },
      });
      return { username, challenge: asked.body.challenge };
    }

    it('goes through the browser sealed, and is answered', async () => {
      const { username, challenge } = await invite();
      expect(Object.keys(challenge).sort()).toEqual(['name', 'requiredAttributes', 'sealed']);
      expect(challenge.sealed).not.toContain(username);
      const weak = { challenge: challenge.sealed, answer: { newPassword: 'short' } };
      expect((await post('challenge', weak)).status).toBe(422);
      const answer = { challenge: challenge.sealed, answer: { newPassword: PASSWORD } };
      expect(await post('challenge', answer)).toMatchObject({
        status: 200,
        body: { status: 'signed-in', username, tokens: {} },
      });
      // Used up.
      expect(await post('challenge', answer)).toMatchObject({
        status: 401,
        body: { code: 'not_authorized' },
      });
    });

    it('of another app is refused, and so is one that was changed', async () => {
      const { challenge } = await invite();
      const foreign = await start();
      const answer = { newPassword: PASSWORD };
      try {
        const there = await post('challenge', { challenge: challenge.sealed, answer }, undefined, foreign);
        expect(there).toMatchObject({ status: 401, body: { code: 'challenge_invalid' } });
      } finally {
        await foreign.close();
      }
      const changed = `${challenge.sealed.slice(0, -4)}AAAA`;
      for (const sealed of [changed, 'x', 'a.b.c.d.e', '{"name":"NEW_PASSWORD_REQUIRED"}']) {
        const { status, body } = await post('challenge', { challenge: sealed, answer });
        expect({ sealed, status, code: body.code }).toEqual({
          sealed,
          status: 401,
          code: 'challenge_invalid',
        });
      }
    });

    it('of another controller of the same app is refused: each may begin a sign-in in its own way', async () => {
      class Staff extends CognitoAuthController {
        override async signIn(): Promise<never> {
          throw new ForbiddenException();
        }
      }
      const both = await startApp(
        test.options({ clientId: DISCREET_CLIENT }),
        [],
        {
          imports: [
            CognitoAuthModule.forRoot({ throttle: false }),
            CognitoAuthModule.forRoot({ throttle: false, path: 'staff', controller: Staff }),
          ],
        },
        undefined,
        adapter(),
      );
      try {
        const { username } = await invite();
        const given = { username, password: 'Invited-1-horse' };
        expect((await both.post('/staff/sign-in', given)).status).toBe(403);
        const { challenge } = (await (await both.post('/auth/sign-in', given)).json()) as Any;
        const body = { challenge: challenge.sealed, answer: { newPassword: PASSWORD } };
        const there = await read(await both.post('/staff/challenge', body));
        expect(there).toMatchObject({ status: 401, body: { code: 'challenge_invalid' } });
        expect((await both.post('/auth/challenge', body)).status).toBe(200);
      } finally {
        await both.close();
      }
    });

    it.each([
      ['an answer to another challenge', { code: '123456' }],
      ['something beside', { newPassword: PASSWORD, session: 'mine' }],
      ['a wrong type', { newPassword: { $ne: '' } }],
      ['nothing', {}],
      [
        'an attribute that is not the user’s to write',
        { newPassword: PASSWORD, userAttributes: { 'custom:plan': 'pro' } },
      ],
    ])('is not answered with %s', async (_, answer) => {
      const { challenge } = await invite();
      const { status, body } = await post('challenge', { challenge: challenge.sealed, answer });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'request_invalid' });
    });
  });

  it('sets up an authenticator app for a pool that demands one', async () => {
    const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'second-factor' }));
    const UserPoolId = UserPool?.Id ?? '';
    await admin.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'web',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    const user = { UserPoolId, Username: 'ada' };
    await admin.send(new AdminCreateUserCommand(user));
    await admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
    const strict = await startApp(
      test.options({ userPoolId: UserPoolId, clientId: UserPoolClient?.ClientId }),
      [],
      { imports: [CognitoAuthModule.forRoot({ throttle: false, issuer: 'Reports' })] },
      undefined,
      adapter(),
    );
    try {
      const to = (path: string, body: object) => post(path, body, undefined, strict);
      const asked = await to('sign-in', { username: 'ada', password: PASSWORD });
      expect(asked.body.challenge).toMatchObject({ name: 'MFA_SETUP', mfaTypes: ['SOFTWARE_TOKEN_MFA'] });
      const setup = await to('challenge/totp', { challenge: asked.body.challenge.sealed });
      expect(setup).toMatchObject({ status: 200, body: { challenge: { name: 'MFA_SETUP' } } });
      expect(setup.body.otpauthUri).toMatch(/^otpauth:\/\/totp\/Reports:ada\?/);
      const { sealed } = setup.body.challenge;
      const code = totp(setup.body.secretCode, test.clock.now());
      expect(await to('challenge', { challenge: sealed, answer: { code } })).toMatchObject({
        status: 200,
        body: { status: 'signed-in', username: 'ada' },
      });
      const again = await to('sign-in', { username: 'ada', password: PASSWORD });
      expect(again.body.challenge.name).toBe('SOFTWARE_TOKEN_MFA');
      const other = await to('challenge/totp', { challenge: again.body.challenge.sealed });
      expect(other).toMatchObject({ status: 409, body: { code: 'challenge_other' } });
      expect((await to('challenge/totp', { challenge: 'x' })).status).toBe(401);
    } finally {
      await strict.close();
    }
  });

  describe('hostile bodies', () => {
    const long = 'x'.repeat(3000);
    it.each([
      ['sign-in', { username: 'ada' }, 'password'],
      ['sign-in', { username: 'ada', password: long }, 'password'],
      ['sign-in', { username: long, password: PASSWORD }, 'username'],
      ['sign-in', { username: '', password: PASSWORD }, 'username'],
      ['sign-in', { username: 'a b', password: PASSWORD }, 'username'],
      ['sign-in', { username: 'a\u0000b', password: PASSWORD }, 'username'],
      ['sign-in', { username: '\ud800', password: PASSWORD }, 'username'],
      ['sign-in', { username: ['ada'], password: PASSWORD }, 'username'],
      ['sign-in', { username: { $gt: '' }, password: PASSWORD }, 'username'],
      ['sign-in', { username: 7, password: true }, 'password'],
      ['sign-in', { username: null, password: PASSWORD }, 'username'],
      ['sign-in', { username: 'ada', password: PASSWORD, authFlow: 'ADMIN_USER_PASSWORD_AUTH' }, 'authFlow'],
      ['sign-in', { username: 'ada', password: PASSWORD, constructor: {} }, 'constructor'],
      ['sign-in', [], 'The body'],
      ['sign-in', undefined, 'username'],
      ['refresh', {}, 'refreshToken'],
      ['refresh', { refreshToken: 'x'.repeat(9000) }, 'refreshToken'],
      ['sign-up', { username: 'x', password: PASSWORD, userConfirmed: true }, 'userConfirmed'],
      ['sign-up', { username: 'x', password: PASSWORD, attributes: [] }, 'attributes'],
      ['sign-up', { username: 'x', password: PASSWORD, attributes: { email: { a: 1 } } }, 'attributes.email'],
      [
        'sign-up',
        { username: 'x', password: PASSWORD, attributes: { email_verified: 'true' } },
        'email_verified',
      ],
      ['sign-up', { username: 'x', password: PASSWORD, attributes: { 'custom:plan': 'pro' } }, 'custom:plan'],
      ['sign-up', { username: 'x', password: PASSWORD, attributes: { toString: 'x' } }, 'toString'],
      ['sign-up/confirm', { username: 'x', code: '1 2' }, 'code'],
      ['challenge', { challenge: 'x'.repeat(20_000), answer: {} }, 'challenge'],
      ['challenge', { challenge: 'x', answer: 'x' }, 'answer'],
      ['challenge', { challenge: 'x', answer: { a: 'x'.repeat(17_000) } }, 'answer'],
    ])('%s refuses %j', async (path, given, named) => {
      const { status, headers, body } = await post(path, given);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'request_invalid' });
      expect(body.detail).toContain(named);
      expect(body.detail.length).toBeLessThan(1000);
      expect(body.detail).not.toContain(PASSWORD);
    });

    it('refuses names that mean something to JavaScript', async () => {
      for (const body of [
        `{"username":"ada","password":"x","__proto__":{"admin":true}}`,
        `{"username":"x","password":"x","attributes":{"__proto__":"x"}}`,
      ]) {
        const response = await fetch(
          `${app.address}/auth/${body.includes('attributes') ? 'sign-up' : 'sign-in'}`,
          {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          },
        );
        expect(response.status).toBe(400);
      }
      expect(({} as Any).admin).toBeUndefined();
    });

    it('refuses what is no JSON, and more than the platform takes', async () => {
      const send = (body: string, type = 'application/json') =>
        fetch(`${app.address}/auth/sign-in`, { method: 'POST', headers: { 'content-type': type }, body });
      expect((await send('{')).status).toBe(400);
      expect((await send('username=ada&password=x', 'text/plain')).status).toBeGreaterThanOrEqual(400);
      expect((await send(JSON.stringify({ username: 'x'.repeat(3_000_000) }))).status).toBe(413);
    });

    it('names no more than a few of many unknown members', async () => {
      const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`m${index}`, 1]));
      const { body } = await post('sign-in', many);
      expect(body.detail.length).toBeLessThan(500);
    });
  });

  describe('somebody who asks whether a user exists', () => {
    /** The same request for a confirmed, an unconfirmed, a disabled and no user. */
    async function about(ask: (username: string) => Promise<Answer>): Promise<unknown[]> {
      const confirmed = await newUser();
      const unconfirmed = newName();
      await post('sign-up', {
        username: unconfirmed,
        password: PASSWORD,
        attributes: { email: `${unconfirmed}@example.com` },
      });
      const disabled = await newUser();
      await admin.send(new AdminDisableUserCommand({ UserPoolId: POOL, Username: disabled }));
      const answers = [];
      for (const username of [confirmed, unconfirmed, disabled, newName()]) {
        const { status, body, headers } = await ask(username);
        answers.push({ status, body, authenticate: headers.get('www-authenticate') });
      }
      return answers;
    }

    it.each([
      ['sign-in', { password: 'Not-theirs-123' }, 401],
      ['sign-up', { password: PASSWORD, attributes: { email: 'someone@example.com' } }, 202],
      ['sign-up/confirm', { code: '000000' }, 422],
      ['sign-up/resend', {}, 202],
      ['forgot-password', {}, 202],
      ['forgot-password/confirm', { code: '000000', newPassword: 'Correct-horse-10' }, 422],
      ['forgot-password/confirm', { code: '000000', newPassword: 'short' }, 422],
    ])('learns nothing from %s with %j', async (path, rest, status) => {
      for (const clientId of [DISCREET_CLIENT, LEGACY_CLIENT]) {
        const asked = await start({}, clientId);
        try {
          const answers = await about((username) => post(path, { username, ...rest }, undefined, asked));
          expect(answers[0]).toMatchObject({ status });
          for (const answer of answers) expect(answer).toEqual(answers[0]);
        } finally {
          await asked.close();
        }
      }
    });

    it('is not taken for a guesser where the app itself is set up wrongly', async () => {
      const wrong = await startApp(
        test.options({ clientId: SECRET_CLIENT, clientSecret: 'x'.repeat(36) }),
        [],
        { imports: [CognitoAuthModule.forRoot({ throttle: false })] },
        undefined,
        adapter(),
      );
      try {
        const username = newName();
        for (const [path, rest] of [
          ['sign-in', { password: PASSWORD }],
          ['sign-up/confirm', { code: '000000' }],
          ['sign-up/resend', {}],
          ['forgot-password', {}],
          ['forgot-password/confirm', { code: '000000', newPassword: PASSWORD }],
        ] as const) {
          const { status, body } = await post(path, { username, ...rest }, undefined, wrong);
          expect({ path, status, detail: body.detail }).toEqual({
            path,
            status: 500,
            detail: 'This service is not set up correctly.',
          });
        }
      } finally {
        await wrong.close();
      }
    });

    it('learns it where the app says so', async () => {
      const open = await start({ uniformAnswers: false }, LEGACY_CLIENT);
      try {
        const username = newName();
        const body = { username, password: PASSWORD, attributes: { email: `${username}@example.com` } };
        expect(await post('sign-up', body, undefined, open)).toMatchObject({
          status: 202,
          body: { userConfirmed: false },
        });
        expect(await post('sign-up', body, undefined, open)).toMatchObject({
          status: 409,
          body: { code: 'user_exists' },
        });
        expect(await post('sign-in', { username, password: PASSWORD }, undefined, open)).toMatchObject({
          status: 403,
          body: { code: 'user_not_confirmed' },
        });
      } finally {
        await open.close();
      }
    });
  });

  it('has its path and its parts, and no others', async () => {
    const small = await start({ path: 'api/account', parts: ['sign-in', 'profile'] });
    try {
      const signedIn = await read(
        await small.post('/api/account/sign-in', { username: 'ada', password: PASSWORD }),
      );
      expect(signedIn.status).toBe(200);
      expect((await small.get('/api/account/profile', signedIn.body.tokens.accessToken)).status).toBe(200);
      for (const path of ['/api/account/sign-up', '/api/account/forgot-password', '/auth/sign-in']) {
        expect((await small.post(path, {})).status).toBe(404);
      }
      expect((await small.post('/api/account/password', {}, signedIn.body.tokens.accessToken)).status).toBe(
        404,
      );
    } finally {
      await small.close();
    }
  });

  it('is extended by a subclass, whose overrides keep route, policy and checks', async () => {
    @Injectable()
    class Audit {
      readonly seen: string[] = [];
    }
    class Own extends CognitoAuthController {
      constructor(@Inject(Audit) private readonly audit: Audit) {
        super();
      }

      override async signUp(body: SignUpRequest, exchange: Exchange) {
        this.audit.seen.push(body.username);
        return super.signUp(body, exchange);
      }

      override async profile(accessToken: string) {
        const { username } = await super.profile(accessToken);
        return { username: username.toUpperCase(), attributes: {}, mfa: { methods: [] } };
      }

      @Post('hello')
      hello(@CurrentUser('username') username: string, @Body('loud') loud: boolean) {
        return { hello: loud ? username.toUpperCase() : username };
      }

      @Post('open')
      @Public()
      open() {
        return this.audit.seen;
      }
    }
    class Holder {}
    const own = await startApp(
      test.options({ clientId: DISCREET_CLIENT }),
      [],
      {
        imports: [
          { module: Holder, global: true, providers: [Audit], exports: [Audit] },
          CognitoAuthModule.forRoot({ controller: Own, throttle: false }),
        ],
      },
      undefined,
      adapter(),
    );
    try {
      const username = newName();
      const body = { username, password: PASSWORD, attributes: { email: `${username}@example.com` } };
      expect((await post('sign-up', { ...body, more: 1 }, undefined, own)).status).toBe(400);
      expect((await post('sign-up', body, undefined, own)).status).toBe(202);
      expect((await post('open', {}, undefined, own)).body).toEqual([username]);
      const { body: signedIn } = await post(
        'sign-in',
        { username: 'ada', password: PASSWORD },
        undefined,
        own,
      );
      expect((await own.get('/auth/profile')).status).toBe(401);
      const profile = await read(await own.get('/auth/profile', signedIn.tokens.accessToken));
      expect(profile.body.username).toBe('ADA');
      expect((await post('hello', { loud: true })).status).toBe(404);
      expect((await post('hello', { loud: true }, signedIn.tokens.accessToken, own)).body).toEqual({
        hello: 'ADA',
      });
    } finally {
      await own.close();
    }
  });
});

describe('CognitoAuthModule', () => {
  it.each([
    [{ path: '/auth' }, /"path"/],
    [{ path: '' }, /"path"/],
    [{ parts: ['sign-on'] }, /"parts"/],
    [{ parts: [] }, /"parts"/],
    [{ controller: class {} }, /"controller"/],
    [{ session: {} }, /"session"/],
    [{ uniformAnswers: 'yes' }, /"uniformAnswers"/],
    [{ writableAttributes: 'email' }, /"writableAttributes"/],
    [{ writableAttributes: ['email', 'sub'] }, /"writableAttributes".*got "sub"/],
    [{ writableAttributes: ['email_verified'] }, /"writableAttributes".*got "email_verified"/],
    [{ writableAttributes: ['phone_number_verified'] }, /"writableAttributes"/],
    [{ writableAttributes: ['identities'] }, /"writableAttributes"/],
    [{ writableAttributes: ['cognito:user_status'] }, /"writableAttributes"/],
    [{ throttle: { account: { limit: 0, ttlMs: 1 } } }, /"throttle".account/],
    [{ throttle: { user: {} } }, /no member "user"/],
    [{ prefix: 'auth' }, /no member "prefix"/],
  ])('refuses the options %j', (options, message) => {
    expect(() => CognitoAuthModule.forRoot(options as CognitoAuthModuleOptions)).toThrow(message);
  });

  it.each([
    [{ signInByChoice: true }, 1],
    [{ signInByChoice: true, uniformAnswers: false }, 0],
    [{}, 0],
  ])('says at boot what %j tells of accounts', async (options, times) => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    try {
      const imports = [CognitoAuthModule.forRoot({ throttle: false, ...options })];
      await (await startApp(test.options(), [], { imports })).close();
      const said = warn.mock.calls.filter(([message]) => String(message).includes('"signInByChoice"'));
      expect(said).toHaveLength(times);
    } finally {
      warn.mockRestore();
    }
  });

  it('takes attributes of the pool’s own that are named', () => {
    expect(() => CognitoAuthModule.forRoot({ writableAttributes: ['custom:plan', 'name'] })).not.toThrow();
  });
});
