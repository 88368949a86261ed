import { createServer } from 'node:http';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import {
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { Body, Controller, Get, Inject, Logger, Param, Post, Put } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AccessToken,
  type ChangePasswordInput,
  COGNITO_CLIENT,
  CognitoAuthService,
  CognitoGroupsService,
  type CognitoModuleOptions,
  CognitoUsersService,
  type ConfirmForgotPasswordInput,
  type ConfirmSignUpInput,
  cognitoErrorTable,
  type ForgotPasswordInput,
  httpAnswer,
  InjectCognitoClient,
  Public,
  type SignInInput,
  type SignUpInput,
} from '../../src/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, POOL, startTestCognito, type TestCognito } from '../support/cognito.js';
import { closeServer, listen } from '../support/pool.js';

@Controller()
class AuthController {
  constructor(
    @Inject(CognitoAuthService) private readonly auth: CognitoAuthService,
    @Inject(CognitoUsersService) private readonly users: CognitoUsersService,
    @Inject(CognitoGroupsService) private readonly groups: CognitoGroupsService,
    @InjectCognitoClient() private readonly client: CognitoIdentityProviderClient,
  ) {}

  @Public()
  @Post('sign-up')
  signUp(@Body() body: SignUpInput) {
    return this.auth.signUp(body);
  }

  @Public()
  @Post('confirm')
  confirm(@Body() body: ConfirmSignUpInput) {
    return this.auth.confirmSignUp(body);
  }

  @Public()
  @Post('resend')
  resend(@Body() body: ForgotPasswordInput) {
    return this.auth.resendConfirmationCode(body);
  }

  @Public()
  @Post('sign-in')
  signIn(@Body() body: SignInInput) {
    return this.auth.signIn(body);
  }

  @Public()
  @Post('forgot')
  forgot(@Body() body: ForgotPasswordInput) {
    return this.auth.forgotPassword(body);
  }

  @Public()
  @Post('reset')
  reset(@Body() body: ConfirmForgotPasswordInput) {
    return this.auth.confirmForgotPassword(body);
  }

  @Post('password')
  password(@AccessToken() accessToken: string, @Body() body: Omit<ChangePasswordInput, 'accessToken'>) {
    return this.auth.changePassword({ ...body, accessToken });
  }

  @Post('sign-out')
  signOut(@AccessToken() accessToken: string) {
    return this.auth.globalSignOut({ accessToken });
  }

  @Get('users/:username')
  user(@Param('username') username: string) {
    return this.users.get({ username });
  }

  @Public()
  @Get('public-users/:username')
  publicUser(@Param('username') username: string) {
    return this.users.get({ username });
  }

  @Put('groups/:groupName')
  group(@Param('groupName') groupName: string) {
    return this.groups.create({ groupName });
  }

  @Public()
  @Get('raw/:username')
  raw(@Param('username') username: string) {
    return this.client.send(new AdminGetUserCommand({ UserPoolId: POOL, Username: username }));
  }

  @Public()
  @Get('plain-error')
  plain() {
    throw new Error('secret inside');
  }
}

let test: TestCognito;
let app: TestApp;
let token: string;

beforeAll(async () => {
  test = await startTestCognito();
  // So that Cognito's own word on a token that has been ended is heard.
  app = await startApp(test.options({ revocations: false }), [AuthController]);
  token = await signIn(app);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await app.close();
  await test.cognito.close();
});

async function signIn(on: TestApp) {
  const response = await on.post('/sign-in', { username: 'ada', password: PASSWORD });
  return ((await response.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
}

async function answer(response: Response) {
  return {
    status: response.status,
    contentType: response.headers.get('content-type')?.split(';')[0],
    retryAfter: response.headers.get('retry-after'),
    challenge: response.headers.get('www-authenticate'),
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** An app whose SDK client throws `name` for every call. */
async function failing(name: string, message = 'internal detail', options: CognitoModuleOptions = {}) {
  const broken = await startApp(test.options(options), [AuthController]);
  vi.spyOn(broken.nest.get(COGNITO_CLIENT), 'send').mockImplementation(async () => {
    throw new CognitoIdentityProviderServiceException({ name, message, $fault: 'client', $metadata: {} });
  });
  return broken;
}

describe('Cognito’s exceptions over HTTP', () => {
  it.each([
    ['a wrong password', '/sign-in', { username: 'ada', password: 'Wrong-horse-9' }, 401, 'not_authorized'],
    [
      'a taken name',
      '/sign-up',
      { username: 'ada', password: PASSWORD, userAttributes: { email: 'e@example.com' } },
      409,
      'user_exists',
    ],
    [
      'a weak password',
      '/sign-up',
      { username: 'new', password: 'short1', userAttributes: { email: 'e@example.com' } },
      422,
      'invalid_password',
    ],
    ['a missing attribute', '/sign-up', { username: 'new', password: PASSWORD }, 400, 'invalid_parameter'],
    ['a missing member', '/forgot', {}, 400, 'invalid_parameter'],
  ])('%s', async (_, path, body, status, code) => {
    const given = await answer(await app.post(path, body));
    expect(given).toMatchObject({
      status,
      contentType: 'application/problem+json',
      body: { type: 'about:blank', title: expect.any(String), status, code, detail: expect.any(String) },
    });
    expect(given.challenge).toBe(status === 401 ? 'Bearer' : null);
  });

  it('say what is wrong with a password or an input, in Cognito’s words', async () => {
    const weak = await answer(
      await app.post('/sign-up', {
        username: 'new',
        password: 'short1',
        userAttributes: { email: 'e@example.com' },
      }),
    );
    expect(weak.body['detail']).toMatch(/^Password did not conform with policy: /);
  });

  it('a value of the wrong type is the caller’s fault, and nothing to log', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error');
    const bodies = {
      '/sign-in': { username: ['ana'], password: PASSWORD },
      '/sign-up': { username: 'n', password: PASSWORD, userAttributes: { email: { toString: 1 } } },
      '/forgot': { username: { a: 1 } },
    };
    for (const [path, body] of Object.entries(bodies)) {
      expect(await answer(await app.post(path, body)), path).toMatchObject({
        status: 400,
        body: { code: 'invalid_parameter' },
      });
    }
    expect(logged).not.toHaveBeenCalled();
  });

  it('an unconfirmed user, a wrong code', async () => {
    const username = 'errors1';
    await app.post('/sign-up', {
      username,
      password: PASSWORD,
      userAttributes: { email: 'errors1@example.com' },
    });
    expect(await answer(await app.post('/sign-in', { username, password: PASSWORD }))).toMatchObject({
      status: 403,
      body: { code: 'user_not_confirmed' },
    });
    const wrong = test.code(username) === '000000' ? '111111' : '000000';
    expect(await answer(await app.post('/confirm', { username, confirmationCode: wrong }))).toMatchObject({
      status: 422,
      body: { code: 'code_mismatch' },
    });
  });

  it('a wrong present password is the input’s fault, not the token’s', async () => {
    const body = { previousPassword: 'Wrong-horse-9', proposedPassword: 'Correct-horse-10' };
    expect(await answer(await app.post('/password', body, token))).toMatchObject({
      status: 422,
      challenge: null,
      body: { code: 'incorrect_password' },
    });
  });

  it('a token that Cognito does not accept any more is a 401 with a challenge', async () => {
    const ended = await signIn(app);
    expect((await app.post('/sign-out', undefined, ended)).status).toBe(201);
    expect(await answer(await app.post('/sign-out', undefined, ended))).toMatchObject({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      body: { code: 'token_invalid' },
    });
    token = await signIn(app);
  });

  it('what is not there is a 404 for somebody signed in, what is there already a 409', async () => {
    expect(await answer(await app.get('/users/nobody', token))).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    const put = (path: string) =>
      fetch(`${app.address}${path}`, { method: 'PUT', headers: { authorization: `Bearer ${token}` } });
    expect(await answer(await put('/groups/admin'))).toMatchObject({
      status: 409,
      body: { code: 'group_exists' },
    });
  });

  it.each([
    ['TooManyRequestsException', 429, '1'],
    ['LimitExceededException', 429, '900'],
    ['TooManyFailedAttemptsException', 429, '900'],
    ['InternalErrorException', 502, null],
    ['CodeDeliveryFailureException', 502, null],
    ['UnexpectedLambdaException', 502, null],
    ['PasswordResetRequiredException', 403, null],
    ['ExpiredCodeException', 422, null],
    ['AccessDeniedException', 500, null],
    ['SomethingOfNextYearException', 500, null],
  ])('%s is %i', async (name, status, retryAfter) => {
    const broken = await failing(name);
    const given = await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD }));
    expect(given).toMatchObject({ status, retryAfter, contentType: 'application/problem+json' });
    expect(JSON.stringify(given.body)).not.toContain('internal detail');
    await broken.close();
  });

  it.each([
    ['ResourceNotFoundException', 'User pool client x does not exist.', '"clientId"'],
    ['ResourceNotFoundException', 'User pool x does not exist.', '"userPoolId"'],
    ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client', '"authFlow"'],
    ['InvalidParameterException', 'Initiate Auth method not supported.', '"authFlow"'],
    ['NotAuthorizedException', 'Unable to verify secret hash for client x', '"clientSecret"'],
    [
      'NotAuthorizedException',
      'Client x is configured for secret but secret was not received',
      '"clientSecret"',
    ],
  ])('%s “%s” is the operator’s fault: a 500 that tells nothing, a log that names %s', async (...row) => {
    const [name, message, option] = row;
    const lines: string[] = [];
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    const broken = await failing(name, message);
    const given = await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD }));
    expect(given).toMatchObject({ status: 500, body: { code: 'misconfigured' } });
    expect(JSON.stringify(given.body)).not.toContain(message);
    expect(JSON.stringify(given.body)).not.toContain(option);
    await broken.close();
    error.mockRestore();
    expect(lines).toEqual([expect.stringContaining(`look at the option ${option}`)]);
    expect(lines[0]).not.toContain(message);
  });

  it('are answered when the raw client throws them, too', async () => {
    expect(await answer(await app.get('/raw/nobody'))).toMatchObject({
      status: 401,
      body: { code: 'not_authorized' },
    });
  });

  it('leaves other errors to Nest', async () => {
    const given = await answer(await app.get('/plain-error'));
    expect(given).toMatchObject({ status: 500, contentType: 'application/json' });
    expect(given.body).toEqual({ statusCode: 500, message: 'Internal server error' });
  });
});

describe('when Cognito cannot be reached', () => {
  const quiet = { client: { maxAttempts: 1 } };

  it('the answer is a 503 with Retry-After', async () => {
    const gone = createServer();
    const endpoint = await listen(gone);
    await closeServer(gone);
    const broken = await startApp(test.options({ ...quiet, endpoint }), [AuthController]);
    expect(
      await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD })),
    ).toMatchObject({
      status: 503,
      retryAfter: '5',
      body: { code: 'cognito_unavailable' },
    });
    await broken.close();
  });

  it('or takes too long, likewise', async () => {
    const silent = createServer(() => {});
    const endpoint = await listen(silent);
    const broken = await startApp(test.options({ ...quiet, endpoint, requestTimeoutMs: 50 }), [
      AuthController,
    ]);
    expect(
      await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD })),
    ).toMatchObject({
      status: 503,
      body: { code: 'cognito_unavailable' },
    });
    await expect(
      broken.nest.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD }),
    ).rejects.toThrow(expect.objectContaining({ code: 'cognito_timeout' }));
    await broken.close();
    await closeServer(silent);
  });

  it('or something else answers in its place, it is a 502', async () => {
    const proxy = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>maintenance</html>'),
    );
    const broken = await startApp(test.options({ ...quiet, endpoint: await listen(proxy) }), [
      AuthController,
    ]);
    expect(
      await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD })),
    ).toMatchObject({
      status: 502,
      body: { code: 'cognito_failed' },
    });
    await broken.close();
    await closeServer(proxy);
  });
});

describe('the SDK’s retries', () => {
  /** A server before Cognito that answers with `faults` first, by exception and status, and then lets through. */
  async function faulty(...faults: readonly [exception: string, status: number][]) {
    let requests = 0;
    const server = createServer(async (request, response) => {
      const fault = faults[requests];
      requests += 1;
      if (fault !== undefined) {
        response.writeHead(fault[1], { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ __type: fault[0], message: 'internal detail' }));
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(test.cognito.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': String(request.headers['x-amz-target']),
        },
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(await answer.text());
    });
    const unsteady = await startApp(test.options({ endpoint: await listen(server) }), [AuthController]);
    const given = await answer(await unsteady.post('/sign-in', { username: 'ada', password: PASSWORD }));
    await unsteady.close();
    await closeServer(server);
    return { ...given, requests };
  }

  it('overcome what passes', async () => {
    const given = await faulty(['TooManyRequestsException', 400], ['InternalErrorException', 500]);
    expect(given).toMatchObject({ status: 201, requests: 3, body: { status: 'signed-in' } });
  });

  it.each([
    ['TooManyRequestsException', 400, 429, 'too_many_requests', '1'],
    ['ThrottlingException', 400, 429, 'too_many_requests', '1'],
    ['InternalErrorException', 500, 502, 'cognito_failed', null],
    ['InternalFailure', 500, 502, 'cognito_failed', null],
    ['ServiceUnavailable', 503, 503, 'cognito_unavailable', '5'],
  ])('give up after three tries: %s %i is a %i', async (exception, from, status, code, retryAfter) => {
    const given = await faulty([exception, from], [exception, from], [exception, from]);
    expect(given).toMatchObject({ status, requests: 3, retryAfter, body: { code } });
    expect(JSON.stringify(given.body)).not.toContain('internal detail');
  });

  it('leave an attempt limit alone, where each try is one more attempt', async () => {
    expect(await faulty(['LimitExceededException', 400])).toMatchObject({
      status: 429,
      requests: 1,
      retryAfter: '900',
      body: { code: 'attempts_exceeded' },
    });
  });
});

describe('an error that is neither Cognito’s nor ours', () => {
  it('falls to the entry for the unknown', () => {
    const { problem } = httpAnswer(new Error('x') as never, cognitoErrorTable, false);
    expect(problem).toMatchObject({ status: 500, code: 'misconfigured' });
    expect(JSON.stringify(problem)).not.toContain('"x"');
  });
});

describe('the table', () => {
  it('has every exception of the SDK', () => {
    const exceptions = Object.entries(sdk)
      .filter(([, value]) => {
        const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
        return prototype instanceof CognitoIdentityProviderServiceException;
      })
      .map(([name]) => name);
    expect(exceptions.length).toBeGreaterThan(50);
    expect(exceptions.filter((name) => !Object.hasOwn(cognitoErrorTable, name))).toEqual([]);
  });

  it.each([
    ['DeviceKeyExistsException', 409, 'device_exists'],
    ['EnableSoftwareTokenMFAException', 422, 'code_mismatch'],
    ['UnauthorizedException', 401, 'not_authorized'],
    ['UnsupportedTokenTypeException', 400, 'unsupported_token_type'],
    ['FeatureUnavailableInTierException', 500, 'misconfigured'],
    ['InvalidSmsRoleTrustRelationshipException', 500, 'misconfigured'],
  ])('makes %s a %i', async (name, status, code) => {
    const broken = await failing(name);
    const given = await answer(await broken.post('/sign-in', { username: 'ada', password: PASSWORD }));
    expect(given).toMatchObject({ status, body: { code } });
    expect(JSON.stringify(given.body)).not.toContain('internal detail');
    await broken.close();
  });

  it('tells a quota from attempts', async () => {
    const broken = await failing('LimitExceededException');
    const put = await fetch(`${broken.address}/groups/x`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer(put)).toMatchObject({ status: 409, body: { code: 'quota_exceeded' } });
    await broken.close();
  });

  it('can be overridden by exception, and by operation and exception', async () => {
    const errors = {
      NotAuthorizedException: { status: 400, code: 'nope', detail: 'No.' },
      'SignUp:UsernameExistsException': { status: 422, code: 'taken' },
    };
    const own = await startApp(test.options({ errors }), [AuthController]);
    expect(
      await answer(await own.post('/sign-in', { username: 'ada', password: 'Wrong-horse-9' })),
    ).toMatchObject({
      status: 400,
      body: { code: 'nope', detail: 'No.' },
    });
    const body = { username: 'ada', password: PASSWORD, userAttributes: { email: 'e@example.com' } };
    expect(await answer(await own.post('/sign-up', body))).toMatchObject({
      status: 422,
      body: { code: 'taken', detail: 'There is such a user already.' },
    });
    await own.close();
  });

  it('refers to nothing that is not in it', () => {
    for (const entry of Object.values(cognitoErrorTable)) {
      if ('unauthenticated' in entry) expect(cognitoErrorTable).toHaveProperty([entry.unauthenticated]);
    }
  });
});

describe('what is logged', () => {
  it('names exception, operation and request, and nothing of the input', async () => {
    const logged: string[] = [];
    vi.spyOn(Logger.prototype, 'error').mockImplementation((...parts: unknown[]) => {
      logged.push(parts.map(String).join(' '));
    });
    const broken = await failing('AccessDeniedException', `quotes the input: ada ${PASSWORD}`);
    await broken.post('/sign-in', { username: 'ada', password: PASSWORD });
    expect(logged).toEqual(['AccessDeniedException from InitiateAuth, request unknown']);
    await broken.close();
  });

  it('is nothing for what a user did wrong', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    await app.post('/sign-in', { username: 'ada', password: 'Wrong-horse-9' });
    await app.get('/users/ada');
    expect(error).not.toHaveBeenCalled();
  });
});
