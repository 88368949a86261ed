import type { UserPoolPolicyType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserPoolSettings } from '../../storage/user-pools.js';
import { DEFAULT_PASSWORD_POLICY } from '../passwords/password-policy.js';
import { lambdaConfigOf } from './lambda-config.js';
import type { PoolRequest } from './pool-request.js';
import { newSchema } from './schema.js';

const DEFAULT_UNUSED_ACCOUNT_VALIDITY_DAYS = 7;

/** The settings of a new pool; what the request leaves out has its default. */
export function newPoolSettings(request: PoolRequest): UserPoolSettings {
  const policies = policiesOf(request);
  return {
    AccountRecoverySetting: {
      RecoveryMechanisms: request.AccountRecoverySetting?.RecoveryMechanisms ?? [
        { Name: 'verified_email', Priority: 1 },
        { Name: 'verified_phone_number', Priority: 2 },
      ],
    },
    AdminCreateUserConfig: {
      ...request.AdminCreateUserConfig,
      AllowAdminCreateUserOnly: request.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
      UnusedAccountValidityDays: policies.PasswordPolicy?.TemporaryPasswordValidityDays,
    },
    AliasAttributes: request.AliasAttributes,
    AutoVerifiedAttributes: request.AutoVerifiedAttributes,
    DeviceConfiguration: request.DeviceConfiguration,
    DeletionProtection: request.DeletionProtection ?? 'INACTIVE',
    EmailConfiguration: {
      ...request.EmailConfiguration,
      EmailSendingAccount: request.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT',
    },
    EmailVerificationMessage: request.EmailVerificationMessage,
    EmailVerificationSubject: request.EmailVerificationSubject,
    IssuerConfiguration: { Type: 'ORIGINAL' },
    KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
    LambdaConfig: lambdaConfigOf(request.LambdaConfig),
    MfaConfiguration: request.MfaConfiguration ?? 'OFF',
    Policies: policies,
    SchemaAttributes: newSchema(request.Schema),
    SmsAuthenticationMessage: request.SmsAuthenticationMessage,
    SmsConfiguration: request.SmsConfiguration,
    SmsVerificationMessage: request.SmsVerificationMessage,
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate:
        request.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [],
    },
    UserPoolAddOns: request.UserPoolAddOns,
    UserPoolTags: request.UserPoolTags,
    UserPoolTier: request.UserPoolTier ?? 'ESSENTIALS',
    UsernameAttributes: request.UsernameAttributes,
    UsernameConfiguration: request.UsernameConfiguration,
    VerificationMessageTemplate: {
      ...request.VerificationMessageTemplate,
      DefaultEmailOption: request.VerificationMessageTemplate?.DefaultEmailOption ?? 'CONFIRM_WITH_CODE',
    },
  };
}

function policiesOf(request: PoolRequest): UserPoolPolicyType {
  const wanted = request.Policies?.PasswordPolicy;
  const validityDays =
    wanted?.TemporaryPasswordValidityDays ||
    request.AdminCreateUserConfig?.UnusedAccountValidityDays ||
    DEFAULT_UNUSED_ACCOUNT_VALIDITY_DAYS;
  return {
    PasswordPolicy: wanted
      ? {
          MinimumLength: wanted.MinimumLength ?? DEFAULT_PASSWORD_POLICY.MinimumLength,
          // Of a policy that is given in part, what it leaves out is off.
          RequireUppercase: wanted.RequireUppercase ?? false,
          RequireLowercase: wanted.RequireLowercase ?? false,
          RequireNumbers: wanted.RequireNumbers ?? false,
          RequireSymbols: wanted.RequireSymbols ?? false,
          PasswordHistorySize: wanted.PasswordHistorySize,
          TemporaryPasswordValidityDays: validityDays,
        }
      : { ...DEFAULT_PASSWORD_POLICY, TemporaryPasswordValidityDays: validityDays },
    SignInPolicy: {
      AllowedFirstAuthFactors: request.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'],
    },
  };
}

/**
 * The settings of a pool after UpdateUserPool. What the request leaves out returns to its default, but for
 * what is fixed when the pool is made, and UserAttributeUpdateSettings.
 */
export function changedPoolSettings(current: UserPoolSettings, request: PoolRequest): UserPoolSettings {
  return {
    ...newPoolSettings(request),
    AliasAttributes: current.AliasAttributes,
    SchemaAttributes: current.SchemaAttributes,
    UsernameAttributes: current.UsernameAttributes,
    UsernameConfiguration: current.UsernameConfiguration,
    ...(request.UserAttributeUpdateSettings === undefined && {
      UserAttributeUpdateSettings: current.UserAttributeUpdateSettings,
    }),
  };
}
