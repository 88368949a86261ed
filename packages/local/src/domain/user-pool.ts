import type {
  CreateUserPoolRequest,
  UserPoolPolicyType,
  UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord, UserPoolSettings } from '../storage/user-pools.js';
import { invalidParameter, notSupportedYet } from './faults.js';
import { newUserPoolId } from './ids.js';
import { DEFAULT_PASSWORD_POLICY } from './password-policy.js';
import { newSchema } from './schema.js';
import { newSigningKeys } from './signing-keys.js';

const OPERATION = 'CreateUserPool';
const DEFAULT_UNUSED_ACCOUNT_VALIDITY_DAYS = 7;

/**
 * Creates a pool with its signing keys.
 *
 * @param options.id The pool's id instead of a new one, for pools that are declared rather than made.
 * @throws CognitoServiceError in the cases of behaviour.md, C.15; `InvalidParameterException` naming the
 * member when it asks for something that this server does not do yet.
 */
export async function createUserPool(
  context: OperationContext,
  request: CreateUserPoolRequest,
  options: { readonly id?: string } = {},
): Promise<UserPoolType> {
  refuseUnsupported(request);
  checkCombinations(request);
  const keys = await newSigningKeys();
  const now = context.clock.now();
  const pool: UserPoolRecord = {
    id: options.id ?? newUserPoolId(context.region),
    name: request.PoolName as string,
    settings: settingsOf(request),
    createdAt: now,
    modifiedAt: now,
  };
  context.storage.transaction(() => {
    context.storage.userPools.insert(pool);
    for (const key of keys) context.storage.signingKeys.insert(pool.id, key);
  });
  return userPoolView(context, pool);
}

/** The pool as CreateUserPool answers it. */
export function userPoolView(context: OperationContext, pool: UserPoolRecord): UserPoolType {
  return {
    ...pool.settings,
    Id: pool.id,
    Name: pool.name,
    Arn: `arn:aws:cognito-idp:${context.region}:${context.accountId}:userpool/${pool.id}`,
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.modifiedAt),
    EstimatedNumberOfUsers: context.storage.userPools.userCount(pool.id),
  };
}

function settingsOf(request: CreateUserPoolRequest): UserPoolSettings {
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
    DeletionProtection: request.DeletionProtection ?? 'INACTIVE',
    EmailConfiguration: {
      ...request.EmailConfiguration,
      EmailSendingAccount: request.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT',
    },
    EmailVerificationMessage: request.EmailVerificationMessage,
    EmailVerificationSubject: request.EmailVerificationSubject,
    IssuerConfiguration: { Type: 'ORIGINAL' },
    KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
    LambdaConfig: {},
    MfaConfiguration: 'OFF',
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

function policiesOf(request: CreateUserPoolRequest): UserPoolPolicyType {
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
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
  };
}

/** What would change how the pool behaves, and is not here yet. */
function refuseUnsupported(request: CreateUserPoolRequest): void {
  const refuse = (member: string, value?: string) => {
    throw notSupportedYet(OPERATION, member, value);
  };
  for (const trigger of Object.keys(request.LambdaConfig ?? {})) refuse(`LambdaConfig.${trigger}`);
  if (request.DeviceConfiguration) refuse('DeviceConfiguration');
  if (request.DcrConfiguration) refuse('DcrConfiguration');
  if (Object.keys(request.AcrConfiguration ?? {}).length > 0) refuse('AcrConfiguration');
  const { AdvancedSecurityMode, AdvancedSecurityAdditionalFlows } = request.UserPoolAddOns ?? {};
  if (AdvancedSecurityMode !== undefined && AdvancedSecurityMode !== 'OFF') {
    refuse('UserPoolAddOns.AdvancedSecurityMode', AdvancedSecurityMode);
  }
  const customAuthMode = AdvancedSecurityAdditionalFlows?.CustomAuthMode;
  if (customAuthMode !== undefined) {
    refuse('UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode', customAuthMode);
  }
  const issuer = request.IssuerConfiguration?.Type;
  if (issuer !== undefined && issuer !== 'ORIGINAL') refuse('IssuerConfiguration.Type', issuer);
  const { KeyType, KmsKeyArn } = request.KeyConfiguration ?? {};
  if (KeyType !== undefined && KeyType !== 'AWS_OWNED_KEY') refuse('KeyConfiguration.KeyType', KeyType);
  if (KmsKeyArn !== undefined) refuse('KeyConfiguration.KmsKeyArn');
  const emailOption = request.VerificationMessageTemplate?.DefaultEmailOption;
  if (emailOption === 'CONFIRM_WITH_LINK') {
    refuse('VerificationMessageTemplate.DefaultEmailOption', emailOption);
  }
}

function checkCombinations(request: CreateUserPoolRequest): void {
  checkSignIn(request);
  checkVerification(request);
  checkRecovery(request);
  checkEmail(request);
  const mfa = request.MfaConfiguration ?? 'OFF';
  if (mfa !== 'OFF') {
    if (!request.SmsConfiguration) {
      throw invalidParameter(
        'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
      );
    }
    throw notSupportedYet(OPERATION, 'MfaConfiguration', mfa);
  }
  if (
    request.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays &&
    request.AdminCreateUserConfig?.UnusedAccountValidityDays
  ) {
    throw invalidParameter(
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    );
  }
}

function checkSignIn(request: CreateUserPoolRequest): void {
  if (request.AliasAttributes?.length && request.UsernameAttributes?.length) {
    throw invalidParameter(
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    );
  }
  const factors = request.Policies?.SignInPolicy?.AllowedFirstAuthFactors;
  if (factors?.length) {
    if (!factors.includes('PASSWORD')) {
      throw invalidParameter('Password should be configured as one of the allowed first auth factors.');
    }
    const other = factors.find((factor) => factor !== 'PASSWORD');
    if (other) {
      throw notSupportedYet(OPERATION, 'Policies.SignInPolicy.AllowedFirstAuthFactors', other);
    }
  }
  const preferredUsername = request.Schema?.find(({ Name }) => Name === 'preferred_username');
  if (preferredUsername?.Required && request.AliasAttributes?.includes('preferred_username')) {
    throw invalidParameter('preferred_username cannot be required when it is an alias attribute.');
  }
}

function checkVerification(request: CreateUserPoolRequest): void {
  const autoVerified = request.AutoVerifiedAttributes ?? [];
  if (autoVerified.includes('phone_number') && !request.SmsConfiguration) {
    throw invalidParameter(
      'SMS configuration is required when phone_number is selected for auto verification',
    );
  }
  const beforeUpdate = request.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [];
  if (beforeUpdate.some((attribute) => !autoVerified.includes(attribute))) {
    throw invalidParameter(
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
    );
  }
}

function checkRecovery(request: CreateUserPoolRequest): void {
  const mechanisms = request.AccountRecoverySetting?.RecoveryMechanisms ?? [];
  const refuse = (reason: string) => {
    throw invalidParameter(`Invalid account recovery setting parameter. Account Recovery Setting ${reason}`);
  };
  if (mechanisms.length > 1 && mechanisms.some(({ Name }) => Name === 'admin_only')) {
    refuse('cannot use admin_only setting with any other recovery mechanisms.');
  }
  const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;
  if (
    !distinct(mechanisms.map(({ Name }) => Name)) ||
    !distinct(mechanisms.map(({ Priority }) => Priority))
  ) {
    refuse('cannot have duplicate priorities or recovery mechanisms.');
  }
}

function checkEmail(request: CreateUserPoolRequest): void {
  const { EmailSendingAccount, SourceArn } = request.EmailConfiguration ?? {};
  if (EmailSendingAccount === 'DEVELOPER' && !SourceArn) {
    throw invalidParameter('Source ARN is required to use DEVELOPER email sending owner');
  }
  if (EmailSendingAccount === 'COGNITO_DEFAULT' && SourceArn) {
    throw invalidParameter('Cognito is not allowed to use your email identity');
  }
}
