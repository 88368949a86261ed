import type { CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { expectError, serve } from './support.js';

const server = await serve();
const { sdk } = server;

const create = (settings: Partial<CreateUserPoolRequest> = {}) =>
  sdk.createUserPool({ PoolName: 'pool', ...settings });

const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };

describe('CreateUserPool', () => {
  it('gives a pool of which only the name is known the defaults of AWS', async () => {
    const { UserPool } = await create();
    const now = new Date(server.clock.now());
    expect(UserPool).toMatchObject({
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: 'verified_email', Priority: 1 },
          { Name: 'verified_phone_number', Priority: 2 },
        ],
      },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      CreationDate: now,
      DeletionProtection: 'INACTIVE',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      EstimatedNumberOfUsers: 0,
      IssuerConfiguration: { Type: 'ORIGINAL' },
      KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
      LambdaConfig: {},
      LastModifiedDate: now,
      MfaConfiguration: 'OFF',
      Name: 'pool',
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          RequireUppercase: true,
          TemporaryPasswordValidityDays: 7,
        },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] },
      UserPoolTier: 'ESSENTIALS',
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
    });
    expect(UserPool?.Id).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);
    expect(UserPool?.Arn).toBe(`arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPool?.Id}`);
    for (const absent of ['UserPoolTags', 'UsernameConfiguration', 'AliasAttributes', 'SmsConfiguration']) {
      expect(UserPool).not.toHaveProperty(absent);
    }
  });

  it('lists the standard attributes in the order and with the constraints of AWS', async () => {
    const { UserPool } = await create();
    const schema = UserPool?.SchemaAttributes ?? [];
    expect(schema.map(({ Name }) => Name)).toEqual(
      'sub name given_name family_name middle_name nickname preferred_username profile picture website email email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at'.split(
        ' ',
      ),
    );
    expect(schema[0]).toEqual({
      AttributeDataType: 'String',
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Name: 'sub',
      Required: true,
      StringAttributeConstraints: { MinLength: '1', MaxLength: '2048' },
    });
    expect(schema.find(({ Name }) => Name === 'birthdate')?.StringAttributeConstraints).toEqual({
      MinLength: '10',
      MaxLength: '10',
    });
    expect(schema.at(-1)).toMatchObject({
      Name: 'updated_at',
      AttributeDataType: 'Number',
      NumberAttributeConstraints: { MinValue: '0' },
    });
  });

  it('takes a schema: standard attributes adjusted, custom ones under their prefix', async () => {
    const { UserPool } = await create({
      Schema: [
        { Name: 'email', Required: true, Mutable: false },
        { Name: 'tenant', AttributeDataType: 'String', Mutable: false },
        {
          Name: 'level',
          AttributeDataType: 'Number',
          NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
        },
        { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
      ],
    });
    const byName = (name: string) => UserPool?.SchemaAttributes?.find(({ Name }) => Name === name);
    expect(byName('email')).toMatchObject({ Required: true, Mutable: false });
    expect(byName('custom:tenant')).toEqual({
      AttributeDataType: 'String',
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Name: 'custom:tenant',
      Required: false,
      StringAttributeConstraints: {},
    });
    expect(byName('custom:level')).toMatchObject({
      NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
    });
    expect(byName('dev:custom:secret')).toMatchObject({ DeveloperOnlyAttribute: true });
  });

  it('of a password policy that is given in part, takes what is left out for off', async () => {
    const { UserPool } = await create({
      Policies: { PasswordPolicy: { MinimumLength: 10, RequireNumbers: true } },
    });
    expect(UserPool?.Policies?.PasswordPolicy).toEqual({
      MinimumLength: 10,
      RequireLowercase: false,
      RequireNumbers: true,
      RequireSymbols: false,
      RequireUppercase: false,
      TemporaryPasswordValidityDays: 7,
    });
  });

  it('keeps and shows again what only describes', async () => {
    const settings = {
      UserPoolTags: { team: 'a' },
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
        From: 'A <a@example.com>',
        ReplyToEmailAddress: 'b@example.com',
      },
      SmsConfiguration: { ...SMS, ExternalId: 'x', SnsRegion: 'us-east-1' },
      SmsAuthenticationMessage: 'Code {####}',
      SmsVerificationMessage: 'Verify {####}',
      EmailVerificationMessage: 'Mail {####}',
      EmailVerificationSubject: 'Subject',
      DeletionProtection: 'ACTIVE',
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: ['email', 'phone_number'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      UserPoolTier: 'LITE',
      UserPoolAddOns: { AdvancedSecurityMode: 'OFF' },
    } satisfies Partial<CreateUserPoolRequest>;
    const { UserPool } = await create(settings);
    expect(UserPool).toMatchObject(settings);
    const described = await sdk.describeUserPool({ UserPoolId: UserPool?.Id });
    expect(described.UserPool).toMatchObject(settings);
  });

  it.each<[string, Partial<CreateUserPoolRequest>, string]>([
    [
      'both kinds of aliases',
      { AliasAttributes: ['email'], UsernameAttributes: ['email'] },
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    ],
    [
      'phone verification without SMS',
      { AutoVerifiedAttributes: ['phone_number'] },
      'SMS configuration is required when phone_number is selected for auto verification',
    ],
    [
      'MFA without SMS',
      { MfaConfiguration: 'OPTIONAL' },
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    [
      'verification before update of what is not verified',
      { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
    ],
    [
      'two lifetimes of invitations',
      {
        Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } },
        AdminCreateUserConfig: { UnusedAccountValidityDays: 3 },
      },
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    ],
    [
      'admin_only beside another recovery',
      {
        AccountRecoverySetting: {
          RecoveryMechanisms: [
            { Name: 'admin_only', Priority: 1 },
            { Name: 'verified_email', Priority: 2 },
          ],
        },
      },
      'Invalid account recovery setting parameter. Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.',
    ],
    [
      'equal priorities of recovery',
      {
        AccountRecoverySetting: {
          RecoveryMechanisms: [
            { Name: 'verified_phone_number', Priority: 1 },
            { Name: 'verified_email', Priority: 1 },
          ],
        },
      },
      'Invalid account recovery setting parameter. Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.',
    ],
    [
      'a sign-in policy without PASSWORD',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP'] } } },
      'Password should be configured as one of the allowed first auth factors.',
    ],
    [
      'an own sender without its ARN',
      { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } },
      'Source ARN is required to use DEVELOPER email sending owner',
    ],
    [
      "an own ARN with Cognito's sender",
      {
        EmailConfiguration: {
          EmailSendingAccount: 'COGNITO_DEFAULT',
          SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
        },
      },
      'Cognito is not allowed to use your email identity',
    ],
    [
      'a required custom attribute',
      { Schema: [{ Name: 'x', AttributeDataType: 'String', Required: true }] },
      'Required custom attributes are not supported currently.',
    ],
    [
      'a standard attribute of another type',
      { Schema: [{ Name: 'email', AttributeDataType: 'Number' }] },
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email',
    ],
    [
      'the same custom attribute twice',
      {
        Schema: [
          { Name: 'dept', AttributeDataType: 'String' },
          { Name: 'dept', AttributeDataType: 'String' },
        ],
      },
      'Duplicate custom attribute names custom:dept are not allowed in a user pool schema.',
    ],
    [
      'lengths the wrong way round',
      {
        Schema: [
          {
            Name: 'level',
            AttributeDataType: 'String',
            StringAttributeConstraints: { MinLength: '5', MaxLength: '4' },
          },
        ],
      },
      "Attribute custom:level cannot have a max length shorter than it's min length",
    ],
    [
      'values the wrong way round',
      {
        Schema: [
          {
            Name: 'n2',
            AttributeDataType: 'Number',
            NumberAttributeConstraints: { MinValue: '5', MaxValue: '4' },
          },
        ],
      },
      "Attribute custom:n2 cannot have a max value smaller than it's min value",
    ],
    [
      'a bound that is no number',
      { Schema: [{ Name: 'n', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: 'x' } }] },
      'Invalid minValue for schema attribute custom:n',
    ],
  ])('refuses %s', async (_, settings, message) => {
    await expectError(create(settings), 'InvalidParameterException', message);
  });

  it.each<[string, Partial<CreateUserPoolRequest>]>([
    [
      'LambdaConfig.InboundFederation',
      {
        LambdaConfig: {
          InboundFederation: {
            LambdaVersion: 'V1_0',
            LambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
          },
        },
      },
    ],
    ['IssuerConfiguration.Type UPDATED', { IssuerConfiguration: { Type: 'UPDATED' } }],
    [
      'UserPoolAddOns.AdvancedSecurityMode ENFORCED',
      { UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } },
    ],
    [
      'VerificationMessageTemplate.DefaultEmailOption CONFIRM_WITH_LINK',
      { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' } },
    ],
  ])('says aloud that %s is not supported yet', async (member, settings) => {
    await expectError(
      create(settings),
      'InvalidParameterException',
      `CreateUserPool: ${member} is not supported by this server yet.`,
    );
  });
});

describe('DescribeUserPool', () => {
  it('adds identities and the tags to what CreateUserPool answered', async () => {
    const { UserPool } = await create();
    const described = await sdk.describeUserPool({ UserPoolId: UserPool?.Id });
    expect(described.UserPool?.SchemaAttributes?.at(-1)).toMatchObject({
      Name: 'identities',
      StringAttributeConstraints: {},
    });
    expect(described.UserPool?.UserPoolTags).toEqual({});
    expect(described.UserPool?.CreationDate).toEqual(UserPool?.CreationDate);
  });

  it('counts users', async () => {
    const { UserPool } = await create();
    await sdk.adminCreateUser({ UserPoolId: UserPool?.Id, Username: 'u', MessageAction: 'SUPPRESS' });
    const described = await sdk.describeUserPool({ UserPoolId: UserPool?.Id });
    expect(described.UserPool?.EstimatedNumberOfUsers).toBe(1);
  });

  it('names a pool that is not there', async () => {
    await expectError(
      sdk.describeUserPool({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('the keys of a pool', () => {
  it('are two, of the members that AWS shows, and public only', async () => {
    const { UserPool } = await create();
    const response = await fetch(`${server.cognito.endpoint}/${UserPool?.Id}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(2);
    expect(keys[0]?.['kid']).not.toBe(keys[1]?.['kid']);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key).toMatchObject({ alg: 'RS256', e: 'AQAB', kty: 'RSA', use: 'sig' });
      expect(Buffer.from(key['kid'] as string, 'base64')).toHaveLength(32);
    }
  });
});
