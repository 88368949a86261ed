import { invalidParameter, notSupportedYet } from '../faults.js';
import { featureNotInTier } from './faults.js';
import { checkLambdaConfig } from './lambda-config.js';
import type { PoolRequest } from './pool-request.js';
import { checkTagCount } from './tags.js';

/**
 * What the model's constraints leave open in CreateUserPool and UpdateUserPool.
 *
 * @param region The pool's.
 * @throws CognitoServiceError where AWS answers with one; `InvalidParameterException` naming the
 * member when the request asks for something that this server does not do yet.
 */
export function checkPoolRequest(operation: string, region: string, request: PoolRequest): void {
  refuseUnsupported(operation, request);
  checkCombinations(request);
  checkLambdaConfig(operation, request);
  checkEmail(region, request);
  checkSms(region, request);
  checkTagCount(request.UserPoolTags ?? {});
}

/** What would change how the pool behaves, and is not here yet. */
function refuseUnsupported(operation: string, request: PoolRequest): void {
  const refuse = (member: string, value?: string) => {
    throw notSupportedYet(operation, member, value);
  };
  if (request.DcrConfiguration) refuse('DcrConfiguration');
  if (Object.keys(request.AcrConfiguration ?? {}).length > 0) refuse('AcrConfiguration');
  const { AdvancedSecurityMode, AdvancedSecurityAdditionalFlows } = request.UserPoolAddOns ?? {};
  // AUDIT looks on and keeps a history; what ENFORCED does about a risk, nothing here could.
  if (AdvancedSecurityMode === 'ENFORCED') {
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

function checkCombinations(request: PoolRequest): void {
  checkSignIn(request);
  checkVerification(request);
  checkRecovery(request);
  if (
    request.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays &&
    request.AdminCreateUserConfig?.UnusedAccountValidityDays
  ) {
    throw invalidParameter(
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    );
  }
}

function checkSignIn(request: PoolRequest): void {
  if (request.AliasAttributes?.length && request.UsernameAttributes?.length) {
    throw invalidParameter(
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    );
  }
  const factors = request.Policies?.SignInPolicy?.AllowedFirstAuthFactors;
  if (factors?.length && !factors.includes('PASSWORD')) {
    throw invalidParameter('Password should be configured as one of the allowed first auth factors.');
  }
  if (request.UserPoolTier === 'LITE' && factors?.some((factor) => factor !== 'PASSWORD')) {
    throw featureNotInTier('LITE', 'Passwordless Sign-In');
  }
  const tier = request.UserPoolTier ?? 'ESSENTIALS';
  if (request.UserPoolAddOns?.AdvancedSecurityMode === 'AUDIT' && tier !== 'PLUS') {
    throw featureNotInTier(tier, 'Threat Protection');
  }
  const preferredUsername = request.Schema?.find(({ Name }) => Name === 'preferred_username');
  if (preferredUsername?.Required && request.AliasAttributes?.includes('preferred_username')) {
    throw invalidParameter('preferred_username cannot be required when it is an alias attribute.');
  }
}

function checkVerification(request: PoolRequest): void {
  const { EmailMessage, EmailMessageByLink } = request.VerificationMessageTemplate ?? {};
  if (EmailMessage !== undefined && EmailMessageByLink !== undefined) {
    throw invalidParameter(
      'VerificationMessageTemplate takes EmailMessage with CONFIRM_WITH_CODE or EmailMessageByLink with CONFIRM_WITH_LINK, not both.',
    );
  }
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

function checkRecovery(request: PoolRequest): void {
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

/** Where SES may send from for every pool; a pool's own region is as good. */
const SES_REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'];

/** An address, alone or behind a name: `a@example.com`, `A <a@example.com>`. */
const FROM = /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

function checkEmail(region: string, request: PoolRequest): void {
  const { EmailSendingAccount, SourceArn, From } = request.EmailConfiguration ?? {};
  if (EmailSendingAccount === 'DEVELOPER' && !SourceArn) {
    throw invalidParameter('Source ARN is required to use DEVELOPER email sending owner');
  }
  if (EmailSendingAccount === 'COGNITO_DEFAULT' && SourceArn) {
    throw invalidParameter('Cognito is not allowed to use your email identity');
  }
  if (From !== undefined && !FROM.test(From)) {
    throw invalidParameter('Provided From email address is invalid');
  }
  const sender = SourceArn?.split(':')[3];
  if (sender !== undefined && sender !== region && !SES_REGIONS.includes(sender)) {
    throw invalidParameter(
      `Provided SourceArn must be in one of the following SES regions: ${SES_REGIONS.join(', ')}.`,
    );
  }
}

/** Regions whose pools send SMS through another one. */
const SNS_REGIONS: Readonly<Record<string, string>> = {
  'ap-northeast-2': 'ap-northeast-1',
  'ap-south-1': 'ap-southeast-1',
  'ca-central-1': 'us-east-1',
  'eu-central-1': 'eu-west-1',
  'eu-west-2': 'eu-west-1',
  'us-east-2': 'us-east-1',
};

export function checkSms(region: string, request: PoolRequest): void {
  const wanted = request.SmsConfiguration?.SnsRegion;
  if (wanted !== undefined && wanted !== region && wanted !== SNS_REGIONS[region]) {
    throw invalidParameter(`Invalid snsRegion. Allowed SNS region for ${region} is ${region}`);
  }
}
