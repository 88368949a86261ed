import {
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CodeDeliveryFailureException,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Triggers } from '@cognest/local';
import { Body, Controller, Get, HttpCode, Inject, Logger, Param, Post } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UniformAnswers } from '../../src/errors/user-existence.js';
import {
  COGNITO_CLIENT,
  CognitoAuthService,
  type CognitoModuleOptions,
  CognitoUserPoolsService,
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
  const add = async (username: (typeof SOMEBODY)[number]) => {
    const userAttributes = { email: `${username}@example.com` };
    if (username === 'invited') {
      await users.create({ username, userAttributes: { ...userAttributes, email_verified: true } });
      return;
    }
    await auth.signUp({ username, password: PASSWORD, userAttributes });
    if (username !== 'unconfirmed') {
      await auth.confirmSignUp({ username, confirmationCode: test.code(username) });
    }
  };
  await Promise.all(SOMEBODY.map(add));
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
    const [nobody, ...somebody] = await Promise.all(['nobody', 'confirmed', 'unconfirmed'].map(series));
    expect(somebody).toEqual([nobody, nobody]);
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

  it('that confirm some users make no made-up answer say so', async () => {
    await restart({
      preSignUp: (event) => {
        event.response.autoConfirmUser =
          event.request.userAttributes['email']?.endsWith('@confirmed.example') === true;
        return event;
      },
    });
    const auth = app.nest.get(CognitoAuthService);
    const body = (username: string, domain: string) => ({
      username,
      password: PASSWORD,
      userAttributes: { email: `${username}@${domain}` },
    });
    // A stranger, who would like to see the next answer changed.
    expect(await auth.signUp(body('stranger', 'confirmed.example'))).toMatchObject({ userConfirmed: true });
    const taken = await seen(app, '/sign-up', body('confirmed', 'example.com'));
    expect(taken).toEqual(await seen(app, '/sign-up', body('free', 'example.com')));
  });
});

describe('a sign-up in a client of choice-based sign-in', () => {
  const body = (username: string) => ({
    username,
    password: PASSWORD,
    userAttributes: { email: `attacker+${username}@example.com` },
  });
  const created = async (hidden: 'ENABLED' | 'LEGACY', generateSecret: boolean) => {
    const client = await app.nest.get(CognitoUserPoolsService).createClient({
      clientName: 'by choice',
      explicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      preventUserExistenceErrors: hidden,
      generateSecret,
    });
    return test.options({
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      preventUserExistenceErrors: undefined,
    });
  };

  it.each([
    ['LEGACY', false],
    ['LEGACY', true],
    ['ENABLED', false],
    ['ENABLED', true],
  ] as const)('tells nothing by being the first (%s, with a secret: %s)', async (hidden, hasSecret) => {
    const options = await created(hidden, hasSecret);
    const [first, second] = [await startApp(options, [Front]), await startApp(options, [Front])];
    const taken = await first.nest.get(CognitoAuthService).signUp(body('confirmed'));
    const free = await second.nest.get(CognitoAuthService).signUp(body('free'));
    expect([isSimulatedSignUp(taken), isSimulatedSignUp(free)]).toEqual([true, false]);
    expect(Object.keys(taken)).toEqual(Object.keys(free));
    expect(taken.session).toMatch(SESSION);
    expect(taken.session?.length).toBe(free.session?.length);
    expect(await seen(first, '/sign-up', body('disabled'))).toEqual(
      await seen(second, '/sign-up', body('other')),
    );
    // With which a real one goes on, and no made-up one is told from a wrong code.
    const confirm = (username: string, session: string | undefined, confirmationCode: string) =>
      seen(first, '/confirm', { username, session, confirmationCode });
    expect(await confirm('confirmed', taken.session, CODE)).toEqual(
      await confirm('free', free.session, CODE),
    );
    await second.nest.get(CognitoAuthService).confirmSignUp({
      username: 'free',
      session: free.session,
      confirmationCode: test.code('free'),
    });
    expect(await app.nest.get(CognitoUsersService).get({ username: 'free' })).toMatchObject({
      userStatus: 'CONFIRMED',
    });
    await first.close();
    await second.close();
  });

  it('asks Cognito once what the client is, and not at all after a real one', async () => {
    const options = await created('LEGACY', false);
    const sent = async (...usernames: string[]) => {
      const cold = await startApp(options, [Front]);
      const send = vi.spyOn(cold.nest.get<CognitoIdentityProviderClient>(COGNITO_CLIENT), 'send');
      const auth = cold.nest.get(CognitoAuthService);
      for (const username of usernames) await auth.signUp(body(username));
      await cold.close();
      return send.mock.calls.map(([command]) => command.constructor.name);
    };
    const { length } = SOMEBODY;
    expect((await sent(...SOMEBODY)).sort()).toEqual([
      'InitiateAuthCommand',
      ...Array(length).fill('SignUpCommand'),
    ]);
    expect(await sent('free', 'confirmed')).toEqual(['SignUpCommand', 'SignUpCommand']);
  });

  it('does without an answer that does not come', async () => {
    const cold = await startApp(await created('LEGACY', false), [Front]);
    const client = cold.nest.get<CognitoIdentityProviderClient>(COGNITO_CLIENT);
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    vi.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
      if (command instanceof InitiateAuthCommand) throw new Error('no connection');
      return send(command);
    });
    const made = await cold.nest.get(CognitoAuthService).signUp(body('confirmed'));
    expect([isSimulatedSignUp(made), Object.keys(made).sort()]).toEqual([true, ['userConfirmed', 'userSub']]);
    await cold.close();
  });
});

describe('the time that an answer takes', () => {
  /** Less than this no answer takes, less a timer's inaccuracy. */
  const FLOOR_MS = 299;
  const SLOW_MS = 450;
  const took = async (on: TestApp, path: string, body: object) => {
    const startedAtMs = performance.now();
    await on.post(path, body);
    return performance.now() - startedAtMs;
  };
  const sign = (username: string) => ({
    username,
    password: PASSWORD,
    userAttributes: { email: `${username}@example.org` },
  });

  it('has a floor before there is anything to go by, but for emulators', async () => {
    for (const floorMs of [undefined, 0]) {
      const answers = new UniformAnswers(async () => true, floorMs);
      const startedAtMs = performance.now();
      await answers.hold('ForgotPassword', startedAtMs);
      const tookMs = performance.now() - startedAtMs;
      if (floorMs === undefined) expect(tookMs).toBeGreaterThanOrEqual(FLOOR_MS);
      else expect(tookMs).toBeLessThan(FLOOR_MS);
    }
  });

  it.each(['LEGACY', 'ENABLED'])(
    'is that of the slowest, for nobody and for others (%s)',
    async (setting) => {
      let slow = false;
      await restart({
        customMessage: async (event) => {
          if (slow) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
          return event;
        },
      });
      const front = setting === 'LEGACY' ? app : discreet;
      for (const [path, body] of [
        ['/forgot', { username: 'confirmed' }],
        ['/resend', { username: 'unconfirmed' }],
        ['/sign-up', sign('free')],
      ] as const) {
        slow = true;
        await took(front, path, body);
        slow = false;
        // As many quick answers as a stranger likes make none of them quicker.
        const [nobody, somebody] =
          path === '/sign-up'
            ? [sign('confirmed'), sign('another')]
            : [{ username: 'nobody' }, { username: body.username }];
        await Promise.all(Array.from({ length: 40 }, () => took(front, path, nobody)));
        // What is forgotten in a few seconds, and the timer's inaccuracy.
        const leastMs = SLOW_MS - 10;
        expect(await took(front, path, nobody), path).toBeGreaterThanOrEqual(leastMs);
        expect(await took(front, path, somebody), path).toBeGreaterThanOrEqual(leastMs);
      }
    },
  );
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
