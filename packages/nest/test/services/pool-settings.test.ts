import { describe, expect } from 'vitest';
import { allRefused, serve } from '../support/served.js';
import { type PoolSettings, settingsOn } from '../support/settings.js';

/*
 * What CreateUserPool and UpdateUserPool take: that it is kept, and what of it is refused. What it does to users is in the
 * files beside this one.
 */

const server = await serve();
const { test } = server;
const { pools, make, poolWays } = await settingsOn(server);

const PARAMETER = 'InvalidParameterException';
const TIER = 'FeatureUnavailableInTierException';
const arn = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
const ROLE = 'arn:aws:iam::123456789012:role/sms';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1';

/** As Cognito gives back what it was given, and no default of it. */
const settings = {
  policies: {
    passwordPolicy: {
      minimumLength: 12,
      requireUppercase: false,
      requireLowercase: false,
      requireNumbers: false,
      requireSymbols: false,
      passwordHistorySize: 3,
      temporaryPasswordValidityDays: 5,
    },
    signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] },
  },
  deletionProtection: 'ACTIVE',
  lambdaConfig: {
    preSignUp: arn('PreSignUp'),
    customMessage: arn('CustomMessage'),
    postConfirmation: arn('PostConfirmation'),
    preAuthentication: arn('PreAuthentication'),
    postAuthentication: arn('PostAuthentication'),
    defineAuthChallenge: arn('DefineAuthChallenge'),
    createAuthChallenge: arn('CreateAuthChallenge'),
    verifyAuthChallengeResponse: arn('VerifyAuthChallengeResponse'),
    preTokenGeneration: arn('PreTokenGeneration'),
    userMigration: arn('UserMigration'),
    preTokenGenerationConfig: { lambdaVersion: 'V2_0', lambdaArn: arn('PreTokenGeneration') },
    customSMSSender: { lambdaVersion: 'V1_0', lambdaArn: arn('CustomSMSSender') },
    customEmailSender: { lambdaVersion: 'V1_0', lambdaArn: arn('CustomEmailSender') },
    kmsKeyID: KEY,
  },
  autoVerifiedAttributes: ['email', 'phone_number'],
  smsVerificationMessage: 'SMS {####}',
  emailVerificationMessage: 'E-mail {####}',
  emailVerificationSubject: 'Subject',
  verificationMessageTemplate: {
    smsMessage: 'SMS by template {####}',
    emailMessage: 'E-mail by template {####}',
    emailSubject: 'Subject by template',
    emailSubjectByLink: 'Subject of a link',
  },
  smsAuthenticationMessage: 'Sign in with {####}',
  mfaConfiguration: 'OPTIONAL',
  userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
  deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
  emailConfiguration: {
    sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/a@example.com',
    replyToEmailAddress: 'b@example.com',
    emailSendingAccount: 'DEVELOPER',
    from: 'Example <a@example.com>',
    configurationSet: 'set',
  },
  smsConfiguration: {
    snsCallerArn: ROLE,
    externalId: 'external',
    snsRegion: 'eu-west-1',
    eumsSms: {
      callerArn: ROLE,
      externalId: 'external',
      originationIdentity: 'Example',
      configurationSetName: 'set',
      inEntityId: '1',
      inTemplateId: '2',
      region: 'eu-central-1',
    },
  },
  userPoolTags: { Team: 'a', team: 'b' },
  adminCreateUserConfig: {
    allowAdminCreateUserOnly: true,
    inviteMessageTemplate: {
      smsMessage: '{username}, {####}',
      emailMessage: '{username}, {####}',
      emailSubject: 'Welcome',
    },
  },
  userPoolAddOns: { advancedSecurityMode: 'AUDIT' },
  accountRecoverySetting: { recoveryMechanisms: [{ priority: 1, name: 'verified_phone_number' }] },
  userPoolTier: 'PLUS',
} satisfies PoolSettings;

/** Each value with the names of the members that lead to it. */
function leaves(value: unknown, path: readonly string[] = []): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

/** What a call is refused with. */
function refusal(call: Promise<unknown>, what: string): Promise<Error> {
  return call.then(
    () => new Error(`${what} was taken`),
    (error) => error as Error,
  );
}

describe.each(poolWays)('%s', (operation, way, call) => {
  test(`${operation} DescribeUserPool embedded`, 'keeps what it is given', async () => {
    const kept = leaves(await (await way(settings)).pools.describe());
    const usual = leaves(await (await way({})).pools.describe());
    for (const [path, value] of leaves(settings)) {
      expect(kept, path).toContainEqual([path, value]);
      expect(usual, path).not.toContainEqual([path, value]);
    }
  });

  test(`${operation} embedded`, 'takes the other forms of some settings', async () => {
    const other = {
      adminCreateUserConfig: { unusedAccountValidityDays: 3 },
      verificationMessageTemplate: { emailMessageByLink: 'Click {##here##}' },
    } satisfies PoolSettings;
    expect(await (await way(other)).pools.describe()).toMatchObject({
      ...other,
      policies: { passwordPolicy: { temporaryPasswordValidityDays: 3 } },
    });
  });

  test(`${operation} DeleteUserPool embedded`, 'protects a pool from deletion', async () => {
    const { pools: of, userPoolId } = await way({ deletionProtection: 'ACTIVE' });
    await allRefused([[PARAMETER, () => of.delete({ userPoolId })]]);
    await of.update({ deletionProtection: 'INACTIVE' });
    expect(await of.delete({ userPoolId })).toBeUndefined();
  });

  test(`${operation} ListTagsForResource embedded`, 'tags a pool, as TagResource does', async () => {
    const { pools: of } = await way({ userPoolTags: { Team: 'a' } });
    const { arn: resourceArn } = await of.describe();
    expect(await of.listTags({ resourceArn: resourceArn as string })).toEqual({ Team: 'a' });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`tag${at}`, 'x']));
    await allRefused([[PARAMETER, () => call({ userPoolTags: many })]]);
  });

  test(
    `${operation} AdminListUserAuthEvents embedded`,
    'keeps a history where the add-on is on',
    async () => {
      const NONE = 'UserPoolAddOnNotEnabledException';
      const on = await way({ userPoolTier: 'PLUS', userPoolAddOns: { advancedSecurityMode: 'AUDIT' } });
      const off = await way({ userPoolTier: 'PLUS', userPoolAddOns: { advancedSecurityMode: 'OFF' } });
      for (const made of [on, off]) {
        await made.user('ada');
        await made.signIn('ada');
      }
      expect((await on.users.listAuthEvents({ username: 'ada' })).authEvents).toHaveLength(1);
      await allRefused([[NONE, () => off.users.listAuthEvents({ username: 'ada' })]]);
    },
  );

  test(`${operation} CreateUserPoolClient embedded`, 'has the features of its tier', async () => {
    const refreshTokenRotation = { feature: 'ENABLED' } as const;
    const explicitAuthFlows = ['ALLOW_USER_SRP_AUTH'] as const;
    const client = { clientName: 'rotates', refreshTokenRotation, explicitAuthFlows: [...explicitAuthFlows] };
    const lite = await way({ userPoolTier: 'LITE' });
    await allRefused([[TIER, () => lite.pools.createClient(client)]]);
    expect(await (await way({ userPoolTier: 'ESSENTIALS' })).pools.createClient(client)).toMatchObject({
      refreshTokenRotation,
    });
    await allRefused([
      [TIER, () => call({ userPoolAddOns: { advancedSecurityMode: 'AUDIT' } })],
      [
        TIER,
        () =>
          call({
            userPoolTier: 'LITE',
            policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
          }),
      ],
      [
        TIER,
        () =>
          call({
            userPoolTier: 'LITE',
            lambdaConfig: { preTokenGenerationConfig: { lambdaVersion: 'V2_0', lambdaArn: arn('x') } },
          }),
      ],
    ]);
  });

  test(`${operation} embedded`, 'takes what is as the server has it anyway', async () => {
    const { pools: of } = await way({
      issuerConfiguration: { type: 'ORIGINAL' },
      keyConfiguration: { keyType: 'AWS_OWNED_KEY' },
      acrConfiguration: {},
    });
    expect(await of.describe()).toMatchObject({
      issuerConfiguration: { type: 'ORIGINAL' },
      keyConfiguration: { keyType: 'AWS_OWNED_KEY' },
    });
  });

  /** Each is refused in the name of the member; the embedded Cognito has no such thing. */
  const unsupported: readonly [member: string, settings: PoolSettings][] = [
    ['IssuerConfiguration.Type', { issuerConfiguration: { type: 'UPDATED' } }],
    ['KeyConfiguration.KeyType', { keyConfiguration: { keyType: 'CUSTOMER_MANAGED_KEY' } }],
    ['KeyConfiguration.KmsKeyArn', { keyConfiguration: { kmsKeyArn: KEY } }],
    ['AcrConfiguration', { acrConfiguration: { 'urn:level:2': { acrValue: 'urn:level:2' } as never } }],
    [
      'DcrConfiguration',
      {
        dcrConfiguration: {
          enableStatus: 'Enabled',
          openDcrEnabled: true,
          authenticatedGrantTypes: ['code'],
          openDcrGrantTypes: ['code'],
          allowedScopes: ['openid'],
        },
      },
    ],
    ['UserPoolAddOns.AdvancedSecurityMode', { userPoolAddOns: { advancedSecurityMode: 'ENFORCED' } }],
    [
      'UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode',
      {
        userPoolAddOns: {
          advancedSecurityMode: 'OFF',
          advancedSecurityAdditionalFlows: { customAuthMode: 'AUDIT' },
        },
      },
    ],
    [
      'VerificationMessageTemplate.DefaultEmailOption',
      { verificationMessageTemplate: { defaultEmailOption: 'CONFIRM_WITH_LINK' } },
    ],
    [
      'LambdaConfig.InboundFederation',
      { lambdaConfig: { inboundFederation: { lambdaVersion: 'V1_0', lambdaArn: arn('x') } } },
    ],
  ];
  test(`${operation} embedded`, 'refuses aloud what it cannot do', async () => {
    for (const [member, refused] of unsupported) {
      const { name, message } = await refusal(call(refused), member);
      expect.soft(name, member).toBe(PARAMETER);
      expect.soft(message).toContain(`${operation}: ${member} `);
      expect.soft(message).toContain('not supported');
    }
  });

  const wrong: readonly [what: string, settings: PoolSettings][] = [
    ['policies.passwordPolicy.minimumLength', { policies: { passwordPolicy: { minimumLength: 5 } } }],
    [
      'policies.passwordPolicy.passwordHistorySize',
      { policies: { passwordPolicy: { passwordHistorySize: 25 } } },
    ],
    [
      'policies.passwordPolicy.temporaryPasswordValidityDays',
      { policies: { passwordPolicy: { temporaryPasswordValidityDays: 366 } } },
    ],
    [
      'adminCreateUserConfig.unusedAccountValidityDays',
      { adminCreateUserConfig: { unusedAccountValidityDays: 366 } },
    ],
    [
      'allowed first auth factors',
      { policies: { signInPolicy: { allowedFirstAuthFactors: ['EMAIL_OTP'] } } },
    ],
    ['deletionProtection', { deletionProtection: 'MAYBE' as never }],
    ['lambdaConfig.preSignUp', { lambdaConfig: { preSignUp: 'no ARN at all, not one' } }],
    ['KMSKeyId', { lambdaConfig: { customEmailSender: { lambdaVersion: 'V1_0', lambdaArn: arn('x') } } }],
    ['SMS configuration', { autoVerifiedAttributes: ['phone_number'] }],
    ['smsVerificationMessage', { smsVerificationMessage: 'no code' }],
    ['emailVerificationMessage', { emailVerificationMessage: 'no code' }],
    ['emailVerificationSubject', { emailVerificationSubject: 'x'.repeat(141) }],
    ['verificationMessageTemplate.smsMessage', { verificationMessageTemplate: { smsMessage: 'no code' } }],
    [
      'verificationMessageTemplate.emailMessage',
      { verificationMessageTemplate: { emailMessage: 'no code' } },
    ],
    ['smsAuthenticationMessage', { smsAuthenticationMessage: 'no code' }],
    ['mfaConfiguration', { mfaConfiguration: 'SOMETIMES' as never }],
    [
      'AttributesRequireVerificationBeforeUpdate',
      { userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] } },
    ],
    ['Source ARN', { emailConfiguration: { emailSendingAccount: 'DEVELOPER' } }],
    ['From email address', { emailConfiguration: { from: 'nobody' } }],
    ['emailConfiguration.replyToEmailAddress', { emailConfiguration: { replyToEmailAddress: 'nobody' } }],
    ['emailConfiguration.configurationSet', { emailConfiguration: { configurationSet: 'no set' } }],
    ['snsRegion', { smsConfiguration: { snsCallerArn: ROLE, snsRegion: 'us-west-2' } }],
    ['smsConfiguration.snsCallerArn', { smsConfiguration: { snsCallerArn: 'no ARN at all, not one' } }],
    [
      'adminCreateUserConfig.inviteMessageTemplate.emailMessage',
      { adminCreateUserConfig: { inviteMessageTemplate: { emailMessage: 'short' } } },
    ],
    [
      'adminCreateUserConfig.inviteMessageTemplate.sMSMessage',
      { adminCreateUserConfig: { inviteMessageTemplate: { smsMessage: 'short' } } },
    ],
    [
      'account recovery',
      {
        accountRecoverySetting: {
          recoveryMechanisms: [
            { priority: 1, name: 'admin_only' },
            { priority: 2, name: 'verified_email' },
          ],
        },
      },
    ],
    ['userPoolTier', { userPoolTier: 'GOLD' as never }],
  ];
  test(`${operation} embedded`, 'refuses what is wrong, and names it', async () => {
    for (const [what, refused] of wrong) {
      const { name, message } = await refusal(call(refused), what);
      expect.soft(name, what).toBe(PARAMETER);
      expect.soft(message).toContain(what);
    }
  });
});

describe('what one of the two takes', () => {
  test('UpdateUserPool embedded', 'another name', async () => {
    const { pools: of } = await make();
    await of.update({ poolName: 'renamed' });
    expect((await of.describe()).name).toBe('renamed');
    await of.update({});
    expect((await of.describe()).name).toBe('renamed');
  });

  test(
    'CreateUserPool UpdateUserPool embedded',
    'second factors for everybody, only at the start',
    async () => {
      const on = { mfaConfiguration: 'ON', smsConfiguration: { snsCallerArn: ROLE } } as const;
      const { id: userPoolId } = await pools.create({ poolName: 'strict', ...on });
      expect(await pools.getMfaConfig({ userPoolId })).toMatchObject({ mfaConfiguration: 'ON' });
      const { pools: of } = await make();
      await allRefused([[PARAMETER, () => of.update(on)]]);
    },
  );

  test('CreateUserPool embedded', 'one way to name users', () =>
    allRefused([
      [PARAMETER, () => make({ aliasAttributes: ['email'], usernameAttributes: ['phone_number'] })],
      [PARAMETER, () => make({ aliasAttributes: ['nickname' as never] })],
      [PARAMETER, () => make({ usernameAttributes: ['preferred_username' as never] })],
      [PARAMETER, () => make({ usernameConfiguration: {} as never })],
    ]),
  );
});
