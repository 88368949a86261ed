import type { SetUserPoolMfaConfigRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, serve, TestPool } from './support.js';

const server = await serve();
const { sdk } = server;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
const SES = {
  EmailSendingAccount: 'DEVELOPER',
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
} as const;
let plain: TestPool;
let withSes: TestPool;

beforeAll(async () => {
  plain = await TestPool.create(server);
  withSes = await TestPool.create(server, { EmailConfiguration: SES });
});

const set = (pool: TestPool, request: Omit<SetUserPoolMfaConfigRequest, 'UserPoolId'>) =>
  sdk.setUserPoolMfaConfig({ UserPoolId: pool.id, ...request });
const get = async (pool: TestPool) => {
  const { $metadata, ...config } = await sdk.getUserPoolMfaConfig({ UserPoolId: pool.id });
  return config;
};

describe('MFA of a new pool', () => {
  it.each(['ON', 'OPTIONAL'] as const)(
    '%s needs an SMS configuration, and means text messages',
    async (MfaConfiguration) => {
      await expectError(
        sdk.createUserPool({ PoolName: 'p', MfaConfiguration }),
        'InvalidParameterException',
        'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
      );
      const pool = await TestPool.create(server, { MfaConfiguration, SmsConfiguration: SMS });
      const { UserPool } = await sdk.describeUserPool({ UserPoolId: pool.id });
      expect(UserPool?.MfaConfiguration).toBe(MfaConfiguration);
      expect(await get(pool)).toEqual({ MfaConfiguration, SmsMfaConfiguration: { SmsConfiguration: SMS } });
    },
  );

  it('is off by default', async () => {
    const pool = await TestPool.create(server);
    expect(await get(pool)).toEqual({ MfaConfiguration: 'OFF' });
  });
});

describe('UpdateUserPool', () => {
  it('makes MFA optional with text messages, and turns it off', async () => {
    const pool = await TestPool.create(server);
    await sdk.updateUserPool({ UserPoolId: pool.id, MfaConfiguration: 'OPTIONAL', SmsConfiguration: SMS });
    expect(await get(pool)).toEqual({
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: SMS },
    });
    await sdk.updateUserPool({ UserPoolId: pool.id });
    expect(await get(pool)).toEqual({ MfaConfiguration: 'OFF' });
  });

  it('needs no SMS configuration where another factor is configured', async () => {
    const pool = await TestPool.create(server);
    await expectError(
      sdk.updateUserPool({ UserPoolId: pool.id, MfaConfiguration: 'OPTIONAL' }),
      'InvalidParameterException',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    );
    await set(pool, { MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } });
    await sdk.updateUserPool({ UserPoolId: pool.id, MfaConfiguration: 'OPTIONAL' });
    expect(await get(pool)).toEqual({
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
  });
});

describe('SetUserPoolMfaConfig', () => {
  it('sets all factors, and GetUserPoolMfaConfig shows them', async () => {
    const config = {
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'In with {####}', SmsConfiguration: SMS },
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'Code: {####}', Subject: 'Code' },
      WebAuthnConfiguration: {
        RelyingPartyId: 'example.com',
        UserVerification: 'required',
        FactorConfiguration: 'SINGLE_FACTOR',
      },
    } as const;
    const { $metadata, ...answer } = await set(withSes, config);
    expect(answer).toEqual(config);
    expect(await get(withSes)).toEqual(config);
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: withSes.id });
    expect(UserPool).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: SMS,
      SmsAuthenticationMessage: 'In with {####}',
    });
    expect(UserPool).not.toHaveProperty('factors');
  });

  it('replaces the factors, but not the passkeys; OFF leaves none', async () => {
    const pool = await TestPool.create(server, { SmsConfiguration: SMS });
    const WebAuthnConfiguration = { RelyingPartyId: 'localhost', UserVerification: 'preferred' } as const;
    await set(pool, { MfaConfiguration: 'ON', SmsMfaConfiguration: {}, WebAuthnConfiguration });
    expect(await get(pool)).toEqual({
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { SmsConfiguration: SMS },
      WebAuthnConfiguration,
    });
    await set(pool, { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } });
    expect(await get(pool)).toEqual({
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
      WebAuthnConfiguration,
    });
    await set(pool, { MfaConfiguration: 'OFF' });
    expect(await get(pool)).toEqual({ MfaConfiguration: 'OFF', WebAuthnConfiguration });
  });

  it('without MfaConfiguration adds to what is there', async () => {
    const pool = await TestPool.create(server, { SmsConfiguration: SMS });
    await set(pool, { WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
    expect(await get(pool)).toEqual({
      MfaConfiguration: 'OFF',
      WebAuthnConfiguration: { RelyingPartyId: 'localhost' },
    });
    await set(pool, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: {} });
    await set(pool, { SoftwareTokenMfaConfiguration: { Enabled: true } });
    expect(await get(pool)).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: {},
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await set(pool, { SoftwareTokenMfaConfiguration: { Enabled: false } });
    expect(await get(pool)).not.toHaveProperty('SoftwareTokenMfaConfiguration');
  });

  it('moves the date of the pool', async () => {
    server.clock.advance(1000);
    await set(plain, { WebAuthnConfiguration: { RelyingPartyId: 'localhost' } });
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: plain.id });
    expect(UserPool?.LastModifiedDate?.getTime()).toBe(server.clock.now());
  });

  it.each([
    ['software tokens', { SoftwareTokenMfaConfiguration: { Enabled: true } }],
    ['text messages', { SmsMfaConfiguration: { SmsConfiguration: SMS } }],
    ['e-mail', { EmailMfaConfiguration: { Message: '{####}' } }],
  ])('refuses OFF with %s', async (_, factor) => {
    await expectError(
      set(plain, { MfaConfiguration: 'OFF', ...factor }),
      'InvalidParameterException',
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    );
  });

  it.each([
    ['ON', {}],
    ['OPTIONAL', { SoftwareTokenMfaConfiguration: { Enabled: false } }],
  ] as const)('refuses %s without a factor', async (MfaConfiguration, factors) => {
    await expectError(
      set(plain, { MfaConfiguration, ...factors }),
      'InvalidParameterException',
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    );
  });

  it('refuses text messages without an SMS configuration', async () => {
    await expectError(
      set(plain, { MfaConfiguration: 'ON', SmsMfaConfiguration: {} }),
      'InvalidParameterException',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    );
  });

  it('refuses e-mail as a factor where it is the only way to recover a password', async () => {
    const onlyEmail = {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    } as const;
    const refusal = [
      'InvalidParameterException',
      'EmailMfaConfiguration needs another mechanism than verified_email in the AccountRecoverySetting of the user pool.',
    ] as const;
    const settings = { SmsConfiguration: SMS, EmailConfiguration: SES };
    const pool = await TestPool.create(server, {
      ...settings,
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    });
    await expectError(set(pool, { MfaConfiguration: 'ON', EmailMfaConfiguration: {} }), ...refusal);
    await sdk.updateUserPool({ UserPoolId: pool.id, ...settings });
    await set(pool, { MfaConfiguration: 'OPTIONAL', EmailMfaConfiguration: {} });
    const update = { UserPoolId: pool.id, ...settings, MfaConfiguration: 'OPTIONAL' } as const;
    await expectError(
      sdk.updateUserPool({
        ...update,
        AccountRecoverySetting: {
          RecoveryMechanisms: [...onlyEmail.AccountRecoverySetting.RecoveryMechanisms],
        },
      }),
      ...refusal,
    );
    await sdk.updateUserPool(update);
  });

  it('refuses e-mail where AWS sends it', async () => {
    await expectError(
      set(plain, { MfaConfiguration: 'ON', EmailMfaConfiguration: {} }),
      'InvalidParameterException',
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
    );
  });

  it('refuses e-mail in the tier that has none', async () => {
    const lite = await TestPool.create(server, { UserPoolTier: 'LITE', EmailConfiguration: SES });
    await expectError(
      set(lite, { MfaConfiguration: 'ON', EmailMfaConfiguration: {} }),
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Email MFA',
    );
  });

  it('refuses an SNS region that is not the pool’s', async () => {
    await expectError(
      set(plain, {
        MfaConfiguration: 'ON',
        SmsMfaConfiguration: { SmsConfiguration: { ...SMS, SnsRegion: 'eu-west-3' } },
      }),
      'InvalidParameterException',
      'Invalid snsRegion. Allowed SNS region for us-east-1 is us-east-1',
    );
  });

  it.each([
    [
      { FactorConfiguration: 'TWO' as never },
      "1 validation error detected: Value 'TWO' at 'webAuthnConfiguration.factorConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [MULTI_FACTOR_WITH_USER_VERIFICATION, SINGLE_FACTOR]",
    ],
    [
      { UserVerification: 'discouraged' as never },
      "1 validation error detected: Value 'discouraged' at 'webAuthnConfiguration.userVerification' failed to satisfy constraint: Member must satisfy enum value set: [preferred, required]",
    ],
    [{ RelyingPartyId: 'https://example.com' }, 'RelyingPartyId https://example.com is not a domain name.'],
  ])('refuses %o', async (WebAuthnConfiguration, message) => {
    await expectError(set(plain, { WebAuthnConfiguration }), 'InvalidParameterException', message);
  });

  it.each(['setUserPoolMfaConfig', 'getUserPoolMfaConfig'] as const)('%s knows its pools', async (call) => {
    await expectError(
      sdk[call]({ UserPoolId: 'us-east-1_Nobody' }),
      'ResourceNotFoundException',
      'User pool us-east-1_Nobody does not exist.',
    );
  });
});
