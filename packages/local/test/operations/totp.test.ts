import { beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongCode } from './authenticator-app.js';
import { expectError, HOUR, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const STEP = 30_000;
let pool: TestPool;
let off: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
  await sdk.setUserPoolMfaConfig({
    UserPoolId: pool.id,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  off = await TestPool.create(server);
});

/** The access token of a new user. */
async function signedIn(username: string): Promise<string> {
  await pool.user(username);
  return (await pool.tokens(username)).AccessToken;
}

const MISMATCH = [
  'EnableSoftwareTokenMFAException',
  'Code mismatch and fail enable Software Token MFA',
] as const;
const USED = ['EnableSoftwareTokenMFAException', 'Your software token has already been used once'] as const;
const NONE = [
  'SoftwareTokenMFANotFoundException',
  'Software Token MFA does not exist for the user.',
] as const;

describe('AssociateSoftwareToken', () => {
  it('hands out another secret each time', async () => {
    const AccessToken = await signedIn('ann');
    const first = await sdk.associateSoftwareToken({ AccessToken });
    expect(first.SecretCode).toMatch(/^[A-Z2-7]{52}$/);
    expect(first.Session).toBeUndefined();
    const second = await sdk.associateSoftwareToken({ AccessToken });
    expect(second.SecretCode).not.toBe(first.SecretCode);
    await expectError(
      sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(first.SecretCode, clock.now()) }),
      ...MISMATCH,
    );
    await sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(second.SecretCode, clock.now()) });
  });

  it('needs a pool with software tokens', async () => {
    await off.user('u');
    const { AccessToken } = await off.tokens('u');
    const refusal = [
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA has not been enabled by the userPool',
    ] as const;
    await expectError(sdk.associateSoftwareToken({ AccessToken }), ...refusal);
    await expectError(sdk.verifySoftwareToken({ AccessToken, UserCode: '123456' }), ...refusal);
  });

  it('needs an access token or a session', async () => {
    const AccessToken = await signedIn('either');
    await expectError(
      sdk.associateSoftwareToken({}),
      'InvalidParameterException',
      'Missing required parameter AccessToken or Session',
    );
    await expectError(
      sdk.associateSoftwareToken({ AccessToken, Session: 'x'.repeat(20) }),
      'InvalidParameterException',
      'Give AccessToken or Session, not both.',
    );
    await expectError(
      sdk.associateSoftwareToken({ AccessToken: 'x' }),
      'NotAuthorizedException',
      'Invalid Access Token',
    );
    await expectError(
      sdk.associateSoftwareToken({ Session: 'x'.repeat(20) }),
      'NotAuthorizedException',
      'Invalid session for the user.',
    );
  });
});

describe('VerifySoftwareToken', () => {
  it('registers, and neither lists nor activates', async () => {
    const AccessToken = await signedIn('bea');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    const { Status, Session } = await sdk.verifySoftwareToken({
      AccessToken,
      UserCode: appCode(SecretCode, clock.now()),
      FriendlyDeviceName: 'phone',
    });
    expect({ Status, Session }).toEqual({ Status: 'SUCCESS', Session: undefined });
    const user = await pool.get('bea');
    expect(user.UserMFASettingList).toBeUndefined();
    expect(user.PreferredMfaSetting).toBeUndefined();
    expect((await pool.signIn('bea')).AuthenticationResult).toBeDefined();
  });

  it.each([
    ['one step late', -STEP, true],
    ['one step early', STEP, true],
    ['two steps late', -2 * STEP, false],
    ['two steps early', 2 * STEP, false],
  ])('with a clock %s', async (name, skew, accepted) => {
    const AccessToken = await signedIn(name.replaceAll(' ', '-'));
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    const verify = sdk.verifySoftwareToken({
      AccessToken,
      UserCode: appCode(SecretCode, clock.now() + skew),
    });
    if (accepted) expect((await verify).Status).toBe('SUCCESS');
    else await expectError(verify, ...MISMATCH);
  });

  it('refuses wrong codes, and takes the right one after', async () => {
    const AccessToken = await signedIn('cleo');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    await expectError(
      sdk.verifySoftwareToken({ AccessToken, UserCode: wrongCode(SecretCode, clock.now()) }),
      ...MISMATCH,
    );
    await sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(SecretCode, clock.now()) });
  });

  it('takes a code once, and a later one again', async () => {
    const AccessToken = await signedIn('dora');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    const UserCode = appCode(SecretCode, clock.now());
    await sdk.verifySoftwareToken({ AccessToken, UserCode });
    await expectError(sdk.verifySoftwareToken({ AccessToken, UserCode }), ...USED);
    await expectError(
      sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(SecretCode, clock.now() - STEP) }),
      ...USED,
    );
    clock.advance(STEP);
    await sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(SecretCode, clock.now()) });
  });

  it('keeps the app in use until the new one has been seen', async () => {
    const AccessToken = await signedIn('eve');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    await sdk.verifySoftwareToken({ AccessToken, UserCode: appCode(SecretCode, clock.now()) });
    await sdk.setUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } });
    await sdk.associateSoftwareToken({ AccessToken });
    clock.advance(STEP);
    const { Session } = await pool.signIn('eve');
    const { AuthenticationResult } = await sdk.respondToAuthChallenge({
      ClientId: pool.clientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session,
      ChallengeResponses: { USERNAME: 'eve', SOFTWARE_TOKEN_MFA_CODE: appCode(SecretCode, clock.now()) },
    });
    expect(AuthenticationResult).toBeDefined();
  });

  it('needs a secret that was handed out', async () => {
    const AccessToken = await signedIn('fay');
    await expectError(sdk.verifySoftwareToken({ AccessToken, UserCode: '123456' }), ...NONE);
  });

  it('wants six digits', async () => {
    const AccessToken = await signedIn('gil');
    const error = (await sdk.verifySoftwareToken({ AccessToken, UserCode: 'Aaaa' }).catch((e) => e)) as Error;
    expect(error.name).toBe('InvalidParameterException');
    expect(error.message).toMatch(/^2 validation errors detected: .*'userCode'.*'userCode'/);
  });

  it('bounds guesses', async () => {
    const AccessToken = await signedIn('hal');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    const verify = (UserCode: string) => sdk.verifySoftwareToken({ AccessToken, UserCode });
    for (let i = 0; i < 20; i++) {
      await expectError(verify(wrongCode(SecretCode, clock.now())), ...MISMATCH);
    }
    await expectError(
      verify(appCode(SecretCode, clock.now())),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
    clock.advance(HOUR - 1);
    const { AccessToken: later } = await pool.tokens('hal');
    clock.advance(1);
    await sdk.verifySoftwareToken({ AccessToken: later, UserCode: appCode(SecretCode, clock.now()) });
  });
});
