import { NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type CognitoAuthService, cognitoErrorTable, httpAnswer } from '../../src/index.js';
import { named, PASSWORD, signedIn, startSignIns } from '../support/sign-in.js';
import { startStub } from '../support/stub.js';

const { pool } = await startSignIns();
const WRONG = 'abcdefghijklmnopqrstuvwxyz0123456789wrong';

let errors: MockInstance<Logger['error']>;
let warnings: MockInstance<Logger['warn']>;
beforeEach(() => {
  errors = vi.spyOn(Logger.prototype, 'error').mockReturnValue();
  warnings = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function thrownBy(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: Error) => error,
  );
}

const statusOf = async (call: Promise<unknown>) =>
  httpAnswer(await thrownBy(call), cognitoErrorTable, false).problem.status;

describe('an option "clientSecret" that is not the app client’s', async () => {
  const here = await pool({ AliasAttributes: ['email'] }, { GenerateSecret: true });
  await here.user('ada', { email: 'ada@example.com', email_verified: 'true' });
  const signIn = () => here.auth.signIn({ username: 'ada@example.com', password: PASSWORD });
  const refreshToken = signedIn(await signIn()).tokens.refreshToken as string;
  const refresh = (auth: CognitoAuthService, username: string, signed = false) =>
    auth.refresh({ refreshToken, authFlow: 'REFRESH_TOKEN_AUTH', username, signed });

  it.each([false, true])('is a fault of the app at a refresh, said once (signed: %s)', async (signed) => {
    const auth = await here.service({ clientSecret: WRONG });
    // Whatever name the caller has.
    for (const username of ['ada', 'ada@example.com', 'nobody']) {
      const error = await thrownBy(refresh(auth, username, signed));
      expect(error).toBeInstanceOf(NotAuthorizedException);
      expect(httpAnswer(error, cognitoErrorTable, false).problem).toMatchObject({
        status: 500,
        code: 'misconfigured',
      });
    }
    expect(errors).toHaveBeenCalledTimes(1);
    expect(errors.mock.lastCall?.[0]).toContain('"clientSecret" of the pool "default"');
    expect(JSON.stringify(errors.mock.calls)).not.toContain(WRONG);
    expect(JSON.stringify(errors.mock.calls)).not.toContain(here.clientSecret);
  });

  it('is one at every other call, too', async () => {
    const auth = await here.service({ clientSecret: WRONG });
    expect(
      await Promise.all([
        statusOf(auth.signIn({ username: 'ada', password: PASSWORD })),
        statusOf(auth.refresh({ refreshToken })),
        statusOf(auth.revokeToken({ token: refreshToken })),
        statusOf(auth.forgotPassword({ username: 'ada' })),
      ]),
    ).toEqual([500, 500, 500, 500]);
  });

  it('is one where it is missing', async () => {
    const auth = await here.service({ clientSecret: undefined });
    expect(await statusOf(refresh(auth, 'ada'))).toBe(500);
    expect(await statusOf(auth.revokeToken({ token: refreshToken }))).toBe(500);
  });

  it('is not what a wrong name or a foreign token looks like', async () => {
    const other = await here.sdk.createUserPoolClient({
      UserPoolId: here.userPoolId,
      ClientName: 'other',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const { AuthenticationResult } = await here.sdk.initiateAuth({
      ClientId: other.UserPoolClient?.ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD },
    });
    const auth = await here.service();
    for (const username of ['ada@example.com', 'nobody']) {
      expect(await thrownBy(refresh(auth, username))).toMatchObject({
        name: 'NotAuthorizedException',
        message: expect.stringContaining('"username" must be the real user name'),
      });
      expect(await statusOf(refresh(auth, username))).toBe(401);
    }
    const token = AuthenticationResult?.RefreshToken as string;
    await expect(auth.revokeToken({ token })).rejects.toThrow(named('UnauthorizedException'));
    expect(await refresh(auth, 'ada')).toMatchObject({ username: 'ada' });
    expect([errors.mock.calls, warnings.mock.calls]).toEqual([[], []]);
  });
});

describe('whether the secret is wrong', () => {
  const refused = (message: string) => Object.assign(new Error(message), { name: 'NotAuthorizedException' });
  const hash = refused('SecretHash does not match for the client: client1');
  const secret = refused('Unable to verify secret hash for client client1');
  const token = refused('Invalid Refresh Token');
  const options = { clientSecret: 'abcdefghijklmnopqrstuvwxyz' };
  const given = { refreshToken: 'r', authFlow: 'REFRESH_TOKEN_AUTH', username: 'ada' } as const;
  const asked = (sent: readonly { operation: string }[]) =>
    sent.filter(({ operation }) => operation === 'GetTokensFromRefreshToken').length;

  it('is asked once a minute, however many guess', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { auth, sent } = await startStub({ InitiateAuth: hash, GetTokensFromRefreshToken: token }, options);
    const guess = (many: number) =>
      Promise.all(
        Array.from({ length: many }, (_, n) => statusOf(auth.refresh({ ...given, refreshToken: `r${n}` }))),
      );
    expect(new Set(await guess(20))).toEqual(new Set([401]));
    expect(asked(sent)).toBe(1);
    vi.setSystemTime(Date.now() + 61_000);
    await guess(5);
    expect(asked(sent)).toBe(2);
    // Without the user's token, or name.
    const { request } = sent.find(({ operation }) => operation === 'GetTokensFromRefreshToken') ?? {};
    expect(request).toEqual({
      ClientId: 'client1',
      ClientSecret: options.clientSecret,
      RefreshToken: 'none',
    });
  });

  it('is said again once it has been right', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const answers = { InitiateAuth: hash, GetTokensFromRefreshToken: secret };
    const { auth } = await startStub(answers, options);
    const statuses: number[] = [];
    for (const answer of [secret, secret, token, secret]) {
      answers.GetTokensFromRefreshToken = answer;
      statuses.push(await statusOf(auth.refresh(given)));
      vi.setSystemTime(Date.now() + 61_000);
    }
    expect(statuses).toEqual([500, 500, 401, 500]);
    expect(errors).toHaveBeenCalledTimes(2);
  });

  it('cannot be told where the service does not say: a hint, once, and the caller is refused', async () => {
    const { auth } = await startStub({ InitiateAuth: hash }, options);
    expect([await statusOf(auth.refresh(given)), await statusOf(auth.refresh(given))]).toEqual([401, 401]);
    expect(errors).not.toHaveBeenCalled();
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(warnings.mock.lastCall?.[0]).toContain('look at the option "clientSecret"');
  });
});
