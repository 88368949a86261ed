import { describe, expect } from 'vitest';
import { PASSWORD } from '../support/cognito.js';
import { allRefused, pool, serve } from '../support/served.js';

/* Documented failures that take a pool, or a patience, of their own. */

const server = await serve();
const { test } = server;
const UNAUTHORISED = 'NotAuthorizedException';
const PARAMETER = 'InvalidParameterException';
const LIMIT = 'LimitExceededException';

/** The exceptions that a call meets when it is made again and again, each once. */
async function metBy(call: () => Promise<unknown>, times: number): Promise<string[]> {
  const met = new Set<string>();
  for (let time = 0; time < times; time++) await call().catch((error: Error) => met.add(error.name));
  return [...met];
}

describe('a limit of attempts', () => {
  test(
    'AdminCreateUser AdminSetUserPassword InitiateAuth embedded',
    'is met by who goes on trying',
    async () => {
      const mine = await pool(server);
      const username = await mine.user('ada', { email: 'ada@example.com', email_verified: true });
      const accessToken = await mine.token(username);
      const attributeName = 'email';
      const tries: [what: string, call: () => Promise<unknown>][] = [
        [
          'changePassword',
          () =>
            mine.auth.changePassword({
              accessToken,
              previousPassword: 'Wrong-horse-9',
              proposedPassword: PASSWORD,
            }),
        ],
        [
          'getUserAttributeVerificationCode',
          () => mine.auth.getUserAttributeVerificationCode({ accessToken, attributeName }),
        ],
        [
          'verifyUserAttribute',
          () => mine.auth.verifyUserAttribute({ accessToken, attributeName, code: '000000' }),
        ],
      ];
      for (const [what, call] of tries) expect(await metBy(call, 40), what).toContain(LIMIT);
    },
  );
});

describe('a sign-up', () => {
  test('SignUp embedded', 'is not for everybody where the pool says so', async () => {
    const closed = await pool(server, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    await allRefused([[UNAUTHORISED, () => closed.auth.signUp({ username: 'ada', password: PASSWORD })]]);
  });

  test('SignUp ConfirmSignUp embedded', 'takes an alias from another only when it is told to', async () => {
    const aliased = await pool(server, { AliasAttributes: ['email'] });
    const email = 'ada@example.com';
    await aliased.user('first', { email, email_verified: true });
    const username = 'second';
    await aliased.auth.signUp({
      username,
      password: PASSWORD,
      userAttributes: { email },
      validationData: { any: 'thing' },
      clientMetadata: { any: 'thing' },
    });
    const confirmation = { username, confirmationCode: server.code(username) };
    await allRefused([['AliasExistsException', () => aliased.auth.confirmSignUp(confirmation)]]);
    await aliased.auth.confirmSignUp({
      ...confirmation,
      forceAliasCreation: true,
      clientMetadata: { a: 'b' },
    });
    expect((await aliased.users.get({ username: email })).username).toBe(username);
    expect((await aliased.users.get({ username: 'first' })).userAttributes.email_verified).toBe(false);

    // As administrators see it.
    const invited = { userAttributes: { email, email_verified: true }, messageAction: 'SUPPRESS' as const };
    await allRefused([['UsernameExistsException', () => aliased.users.create({ username, ...invited })]]);
    await aliased.users.create({ username: 'third', ...invited, forceAliasCreation: true });
    expect((await aliased.users.get({ username: email })).username).toBe('third');

    const accessToken = await aliased.token(await aliased.user('fourth'));
    await aliased.auth.updateUserAttributes({ accessToken, userAttributes: { email } });
    const code = server.code('fourth');
    await allRefused([
      [
        'AliasExistsException',
        () => aliased.auth.verifyUserAttribute({ accessToken, attributeName: 'email', code }),
      ],
    ]);
  });
});

describe('tokens', () => {
  test('RevokeToken embedded', 'are ended by their own client, where that ends any', async () => {
    const one = await pool(server);
    const lasting = await pool(server, {}, { EnableTokenRevocation: false });
    const tokenOf = async (here: typeof one) => {
      const { AuthenticationResult } = await here.signIn(await here.user('ada'));
      return AuthenticationResult?.RefreshToken as string;
    };
    const foreign = await tokenOf(await pool(server));
    const kept = await tokenOf(lasting);
    await allRefused([
      ['UnauthorizedException', () => one.auth.revokeToken({ token: foreign })],
      ['UnsupportedOperationException', () => lasting.auth.revokeToken({ token: kept })],
    ]);
  });
});

describe('factors and devices', () => {
  test(
    'VerifySoftwareToken UpdateDeviceStatus ForgetDevice embedded',
    'that nobody has begun or keeps',
    async () => {
      const mine = await pool(server);
      await mine.pools.setMfaConfig({
        mfaConfiguration: 'OPTIONAL',
        softwareTokenMfaConfiguration: { enabled: true },
      });
      const accessToken = await mine.token(await mine.user('ada'));
      const deviceKey = 'eu-central-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
      const remembered = { deviceRememberedStatus: 'remembered' } as const;
      await allRefused([
        [
          'SoftwareTokenMFANotFoundException',
          () => mine.auth.verifySoftwareToken({ accessToken, userCode: '123456' }),
        ],
        [PARAMETER, () => mine.auth.updateDeviceStatus({ accessToken, deviceKey, ...remembered })],
        [PARAMETER, () => mine.auth.forgetDevice({ accessToken, deviceKey })],
      ]);
    },
  );
});

describe('pools', () => {
  test(
    'SetUserPoolMfaConfig SetUserPoolSessionConfiguration embedded',
    'have the features of their tier',
    async () => {
      const { pools } = await pool(server, {
        UserPoolTier: 'LITE',
        EmailConfiguration: {
          EmailSendingAccount: 'DEVELOPER',
          SourceArn: 'arn:aws:ses:eu-central-1:123456789012:identity/a@example.com',
        },
      });
      const tier = 'FeatureUnavailableInTierException';
      await allRefused([
        [tier, () => pools.setMfaConfig({ mfaConfiguration: 'OPTIONAL', emailMfaConfiguration: {} })],
        [
          tier,
          () =>
            pools.setSessionConfiguration({
              userSessionTracking: 'ENABLED',
              tokenSession: { maxPerUser: 5 },
            }),
        ],
      ]);
      await pools.createResourceServer({ identifier: 'reports', name: 'Reports' });
      await allRefused([[PARAMETER, () => pools.updateResourceServer({ identifier: 'reports', name: '' })]]);
    },
  );
});
