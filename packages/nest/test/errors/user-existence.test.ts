import {
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CodeDeliveryFailureException,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Triggers } from '@cognest/local';
import { Body, Controller, Get, HttpCode, Inject, Logger, Param, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  COGNITO_CLIENT,
  CognitoAuthService,
  type CognitoModuleOptions,
  CognitoUsersService,
  type ConfirmForgotPasswordInput,
  type ConfirmSignUpInput,
  type ForgotPasswordInput,
  isSimulatedSignUp,
  Public,
  type SignInInput,
  type SignUpInput,
} from '../../src/index.js';
import { CognitoApi } from '../../src/services/cognito-api.js';
import { startApp, type TestApp } from '../support/app.js';
import {
  DISCREET_CLIENT,
  LEGACY_CLIENT,
  PASSWORD,
  POOL,
  startTestCognito,
  type TestCognito,
} from '../support/cognito.js';

@Controller()
@Public()
class Front {
  constructor(
    @Inject(CognitoAuthService) private readonly auth: CognitoAuthService,
    @Inject(CognitoUsersService) private readonly users: CognitoUsersService,
  ) {}

  @Post('sign-up')
  signUp(@Body() body: SignUpInput) {
    return this.auth.signUp(body);
  }

  @Post('confirm')
  @HttpCode(204)
  async confirm(@Body() body: ConfirmSignUpInput) {
    await this.auth.confirmSignUp(body);
  }

  @Post('resend')
  resend(@Body() body: ForgotPasswordInput) {
    return this.auth.resendConfirmationCode(body);
  }

  @Post('sign-in')
  signIn(@Body() body: SignInInput) {
    return this.auth.signIn(body);
  }

  @Post('forgot')
  forgot(@Body() body: ForgotPasswordInput) {
    return this.auth.forgotPassword(body);
  }

  @Post('reset')
  @HttpCode(204)
  async reset(@Body() body: ConfirmForgotPasswordInput) {
    await this.auth.confirmForgotPassword(body);
  }

  @Get('users/:username')
  user(@Param('username') username: string) {
    return this.users.get({ username });
  }
}

let test: TestCognito;
let app: TestApp;
let discreet: TestApp;

/** What an attacker would like to tell from `nobody`. */
const SOMEBODY = ['confirmed', 'unconfirmed', 'unverified', 'invited', 'disabled', 'reset'] as const;

beforeEach(() => start());
afterEach(async () => {
  vi.restoreAllMocks();
  await app.close();
  await discreet.close();
  await test.cognito.close();
});

async function start(triggers: Triggers = {}) {
  test = await startTestCognito(triggers);
  const given = (clientId: string): CognitoModuleOptions =>
    test.options({ clientId, preventUserExistenceErrors: undefined });
  app = await startApp(given(LEGACY_CLIENT), [Front]);
  discreet = await startApp(given(DISCREET_CLIENT), [Front]);
  await populate();
}

async function restart(triggers: Triggers) {
  await app.close();
  await discreet.close();
  await test.cognito.close();
  await start(triggers);
}

/** One user in each state. */
async function populate() {
  const auth = app.nest.get(CognitoAuthService);
  const users = app.nest.get(CognitoUsersService);
  const client = app.nest.get<CognitoIdentityProviderClient>(COGNITO_CLIENT);
  for (const username of SOMEBODY) {
    const userAttributes = { email: `${username}@example.com` };
    if (username === 'invited') {
      await users.create({ username, userAttributes: { ...userAttributes, email_verified: true } });
      continue;
    }
    await auth.signUp({ username, password: PASSWORD, userAttributes });
    if (username !== 'unconfirmed') {
      await auth.confirmSignUp({ username, confirmationCode: test.code(username) });
    }
  }
  const UserAttributes = [{ Name: 'email_verified', Value: 'false' }];
  await client.send(
    new AdminUpdateUserAttributesCommand({ UserPoolId: POOL, Username: 'unverified', UserAttributes }),
  );
  await users.disable({ username: 'disabled' });
  await client.send(new AdminResetUserPasswordCommand({ UserPoolId: POOL, Username: 'reset' }));
}

/** All that an attacker sees, but for what differs between any two answers. */
async function seen(on: TestApp, path: string, body: object) {
  const response = await on.post(path, body);
  const text = await response.text();
  const headers = Object.fromEntries(response.headers);
  for (const name of ['date', 'etag', 'keep-alive', 'connection']) delete headers[name];
  return {
    status: response.status,
    headers,
    body: text.replace(UUID, '<uuid>').replace(SESSION, '<session>'),
  };
}
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-70[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{12}/;
const SESSION = /AYABe[\w-]+/;

const CODE = '000000';
const attempts = {
  'sign-in with a wrong password': [
    '/sign-in',
    (username: string) => ({ username, password: 'Wrong-horse-9' }),
  ],
  'a proof of a wrong password (SRP)': [
    '/sign-in',
    (username: string) => ({ username, password: 'Wrong-horse-9', authFlow: 'USER_SRP_AUTH' }),
  ],
  'a code for a sign-up': ['/confirm', (username: string) => ({ username, confirmationCode: CODE })],
  'another code': ['/resend', (username: string) => ({ username })],
  'a forgotten password': ['/forgot', (username: string) => ({ username })],
  'a code for a password': [
    '/reset',
    (username: string) => ({ username, confirmationCode: CODE, password: 'Correct-horse-10' }),
  ],
} as const;

describe.each(['LEGACY', 'ENABLED'])('with an app client of PreventUserExistenceErrors %s', (setting) => {
  const front = () => (setting === 'LEGACY' ? app : discreet);

  it.each(Object.entries(attempts))('%s', async (_, [path, body]) => {
    const nobody = await seen(front(), path, body('nobody'));
    // What is broken is broken for all alike, and would prove nothing.
    expect(nobody.status).toBeLessThan(500);
    for (const username of SOMEBODY)
      expect(await seen(front(), path, body(username)), username).toEqual(nobody);
    expect(JSON.stringify(nobody)).not.toMatch(/nobody|exist|confirmed|disabled|example/i);
  });

  it.each(Object.entries(attempts))('%s, again and again', async (_, [path, body]) => {
    const series = async (username: string) => {
      const answers = [];
      for (let attempt = 0; attempt < 25; attempt += 1)
        answers.push(await seen(front(), path, body(username)));
      return answers;
    };
    const nobody = await series('nobody');
    for (const username of ['confirmed', 'unconfirmed'])
      expect(await series(username), username).toEqual(nobody);
  });

  it('the right password of somebody who may not sign in looks like a wrong one', async () => {
    const nobody = await seen(front(), '/sign-in', { username: 'nobody', password: PASSWORD });
    for (const username of ['unconfirmed', 'disabled', 'reset']) {
      expect(await seen(front(), '/sign-in', { username, password: PASSWORD }), username).toEqual(nobody);
    }
    expect(nobody.status).toBe(401);
    expect((await front().post('/sign-in', { username: 'confirmed', password: PASSWORD })).status).toBe(201);
  });

  it('a sign-up', async () => {
    const body = (username: string) => ({
      username,
      password: PASSWORD,
      userAttributes: { email: `attacker+${username.length}@example.com` },
    });
    const free = await seen(front(), '/sign-up', body('free'));
    expect(free).toMatchObject({ status: 201, body: expect.stringContaining('"userSub":"<uuid>"') });
    for (const username of SOMEBODY) {
      expect(await seen(front(), '/sign-up', body(username)), username).toEqual(free);
    }
    // Nor has it done anything to who was there.
    expect(await app.nest.get(CognitoUsersService).get({ username: 'confirmed' })).toMatchObject({
      userStatus: 'CONFIRMED',
      userAttributes: { email: 'confirmed@example.com' },
    });
  });

  it.each([
    ['a weak password', { password: 'short1' }],
    ['a missing attribute', { userAttributes: {} }],
  ])('a sign-up with %s is refused alike', async (_, wrong) => {
    const body = (username: string) => ({
      username,
      password: PASSWORD,
      userAttributes: { email: 'attacker@example.com' },
      ...wrong,
    });
    const free = await seen(front(), '/sign-up', body('free'));
    expect(free.status).toBeGreaterThanOrEqual(400);
    for (const username of SOMEBODY) {
      expect(await seen(front(), '/sign-up', body(username)), username).toEqual(free);
    }
  });

  it('an administrator’s method on a public route', async () => {
    const response = await front().get('/users/nobody');
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'not_authorized' }]);
  });
});

describe('what the app learns all the same', () => {
  it('that a sign-up was simulated, and of no real one that it was', async () => {
    const auth = app.nest.get(CognitoAuthService);
    const input = (username: string) => ({
      username,
      password: PASSWORD,
      userAttributes: { email: 'a@example.com' },
    });
    const real = await auth.signUp(input('free'));
    const made = await auth.signUp(input('confirmed'));
    expect([isSimulatedSignUp(real), isSimulatedSignUp(made), isSimulatedSignUp({ ...made })]).toEqual([
      false,
      true,
      true,
    ]);
    expect(Object.keys(made).sort()).toEqual(Object.keys(real).sort());
    expect(made.userSub).toMatch(UUID);
    expect(made.session?.length).toBe(real.session?.length);
  });

  it('of a simulated call no observer is told', async () => {
    const observed: string[] = [];
    const api = app.nest.get(CognitoApi);
    api.observe((operation) => void observed.push(operation));
    const { SignUpCommand } = await import('@aws-sdk/client-cognito-identity-provider');
    const run = (username: string) =>
      api.run(
        SignUpCommand,
        'SignUp',
        { username, password: PASSWORD, userAttributes: { email: 'a@example.com' } },
        { ClientId: LEGACY_CLIENT },
      );
    await run('confirmed');
    expect(observed).toEqual([]);
    await run('free');
    expect(observed).toEqual(['SignUp']);
  });

  it('what is not about the user is no success: a secret that is wrong, an unusable name', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const wrong = await startApp(
      test.options({
        clientId: 'secretclient',
        clientSecret: 'wrong',
        preventUserExistenceErrors: undefined,
      }),
      [Front],
    );
    for (const path of ['/forgot', '/resend']) {
      const response = await wrong.post(path, { username: 'confirmed' });
      expect([response.status, await response.json()], path).toMatchObject([500, { code: 'misconfigured' }]);
    }
    expect(logged).toHaveBeenCalledTimes(2);
    await wrong.close();
    expect(await seen(app, '/forgot', { username: 'with space' })).toMatchObject({ status: 400 });
  });

  it('a message that cannot be delivered is the operator’s to hear of', async () => {
    const logged: string[] = [];
    vi.spyOn(Logger.prototype, 'error').mockImplementation((...parts: unknown[]) => {
      logged.push(parts.map(String).join(' '));
    });
    vi.spyOn(app.nest.get<CognitoIdentityProviderClient>(COGNITO_CLIENT), 'send').mockImplementation(
      async () => {
        throw new CodeDeliveryFailureException({
          message: 'quotes confirmed@example.com',
          $metadata: { requestId: 'r-1' },
        });
      },
    );
    expect(await seen(app, '/forgot', { username: 'confirmed' })).toMatchObject({ status: 201, body: '{}' });
    expect(logged).toEqual([
      'CodeDeliveryFailureException from ForgotPassword, request r-1: answered like a success',
    ]);
  });
});

describe('triggers', () => {
  it('that refuse a sign-in run for those who exist, and are not heard of', async () => {
    await restart({
      preAuthentication: () => {
        throw new Error('Your account is suspended.');
      },
    });
    const nobody = await seen(app, '/sign-in', { username: 'nobody', password: PASSWORD });
    expect(await seen(app, '/sign-in', { username: 'confirmed', password: PASSWORD })).toEqual(nobody);
  });

  it('that take their time over a message take it for nobody, too', async () => {
    const SLOW_MS = 120;
    await restart({
      customMessage: async (event) => {
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        return event;
      },
    });
    const took = async (path: string, body: object) => {
      const startedAtMs = performance.now();
      await app.post(path, body);
      return performance.now() - startedAtMs;
    };
    for (const path of ['/forgot', '/resend']) {
      await took(path, { username: path === '/forgot' ? 'confirmed' : 'unconfirmed' });
      // Less the timer's own inaccuracy.
      expect(await took(path, { username: 'nobody' }), path).toBeGreaterThanOrEqual(SLOW_MS - 5);
    }
    const sign = { username: 'confirmed', password: PASSWORD, userAttributes: { email: 'x@example.com' } };
    expect(await took('/sign-up', sign)).toBeGreaterThanOrEqual(SLOW_MS - 5);
  });
});

describe('an entry of the app’s own', () => {
  const answers = async (errors: CognitoModuleOptions['errors'], body: object) => {
    const own = await startApp(
      test.options({ preventUserExistenceErrors: undefined, ...(errors && { errors }) }),
      [Front],
    );
    const response = await own.post('/sign-in', body);
    const problem = (await response.json()) as Record<string, unknown>;
    await own.close();
    return [response.status, problem['code'], problem['detail']];
  };
  const NOPE = { status: 401, code: 'nope' };

  it.each([
    ['of the exception', { NotAuthorizedException: NOPE }],
    ['of the operation, too', { 'InitiateAuth:NotAuthorizedException': NOPE, NotAuthorizedException: NOPE }],
  ])('%s keeps the table’s text where it has none', async (_, errors) => {
    const expected = [401, 'nope', 'The credentials were not accepted.'];
    for (const username of ['nobody', ...SOMEBODY]) {
      expect(await answers(errors, { username, password: 'Wrong-horse-9' }), username).toEqual(expected);
    }
  });

  it('of an operation keeps the exception’s text, the app’s where it has one', async () => {
    const disabled = { username: 'disabled', password: PASSWORD };
    const ofOperation = { 'InitiateAuth:NotAuthorizedException': NOPE };
    expect(await answers(ofOperation, disabled)).toEqual([401, 'nope', 'The credentials were not accepted.']);
    const detail = 'No.';
    expect(await answers({ ...ofOperation, NotAuthorizedException: { ...NOPE, detail } }, disabled)).toEqual([
      401,
      'nope',
      'No.',
    ]);
  });

  it('keeps what strangers are told instead, until it says otherwise', async () => {
    const unconfirmed = { username: 'unconfirmed', password: PASSWORD };
    const closed = [401, 'not_authorized', 'The credentials were not accepted.'];
    const entry = { status: 403, code: 'confirm_first' };
    expect(await answers({ UserNotConfirmedException: entry }, unconfirmed)).toEqual(closed);
    expect(await answers({ 'InitiateAuth:UserNotConfirmedException': entry }, unconfirmed)).toEqual(closed);
    expect(
      await answers(
        { UserNotConfirmedException: { ...entry, unauthenticated: 'UserNotConfirmedException' } },
        unconfirmed,
      ),
    ).toEqual([403, 'confirm_first', 'The account must be confirmed before signing in.']);
  });
});

describe('preventUserExistenceErrors: LEGACY', () => {
  it('tells as Cognito does', async () => {
    const telling = await startApp(test.options({ preventUserExistenceErrors: 'LEGACY' }), [Front]);
    const codes = async (path: string, body: object) => {
      const response = await telling.post(path, body);
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    expect(await codes('/sign-in', { username: 'nobody', password: PASSWORD })).toEqual([
      404,
      'user_not_found',
    ]);
    expect(await codes('/sign-in', { username: 'unconfirmed', password: PASSWORD })).toEqual([
      403,
      'user_not_confirmed',
    ]);
    expect(
      await codes('/sign-up', {
        username: 'confirmed',
        password: PASSWORD,
        userAttributes: { email: 'a@example.com' },
      }),
    ).toEqual([409, 'user_exists']);
    expect(await codes('/forgot', { username: 'nobody' })).toEqual([404, 'user_not_found']);
    const sent = await telling.post('/forgot', { username: 'confirmed' });
    expect(await sent.json()).toMatchObject({ codeDeliveryDetails: { destination: 'c***@e***' } });
    await telling.close();
  });

  it('is each pool’s own', async () => {
    const both = await startApp(
      {
        ...test.options({ preventUserExistenceErrors: 'LEGACY' }),
        pools: {
          other: { userPoolId: 'eu-central-1_Other', clientId: 'x', endpoint: test.cognito.endpoint },
        },
      },
      [],
    );
    await expect(both.nest.get(CognitoAuthService).forgotPassword({ username: 'nobody' })).rejects.toThrow(
      'Username/client id combination not found.',
    );
    await both.close();
  });
});
