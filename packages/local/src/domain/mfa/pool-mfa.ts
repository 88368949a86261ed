import type {
  CreateUserPoolRequest,
  GetUserPoolMfaConfigResponse,
  SetUserPoolMfaConfigRequest,
  WebAuthnConfigurationType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoServiceError } from '../../errors.js';
import type { OperationContext } from '../../operation.js';
import type { MfaFactor } from '../../storage/mfa.js';
import type { UserPoolFactors, UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { featureNotInTier } from '../pools/faults.js';
import { checkSms } from '../pools/user-pool-checks.js';

type PoolRequest = Pick<
  CreateUserPoolRequest,
  'MfaConfiguration' | 'SmsConfiguration' | 'AccountRecoverySetting'
>;

/**
 * The factors of a pool after CreateUserPool or UpdateUserPool, which know of text messages only.
 *
 * @param current The factors before; what SetUserPoolMfaConfig configured serves without text messages.
 * @throws InvalidParameterException
 */
export function factorsOf(request: PoolRequest, current: UserPoolFactors = {}): UserPoolFactors {
  const { webAuthn, ...mfa } = current;
  if ((request.MfaConfiguration ?? 'OFF') === 'OFF') return webAuthn ? { webAuthn } : {};
  if (mfa.email) checkRecoveryBesideEmail(request);
  if (request.SmsConfiguration) return { ...current, sms: true };
  if (!mfa.softwareToken && !mfa.email) throw smsConfigurationMissing();
  const { sms: _, ...others } = current;
  return others;
}

/** The further factors that the pool's users may prove, in the order in which AWS lists them. */
export function poolMfaFactors({ factors, settings }: UserPoolRecord): MfaFactor[] {
  if ((settings.MfaConfiguration ?? 'OFF') === 'OFF') return [];
  return [
    ...(factors.sms ? (['SMS_MFA'] as const) : []),
    ...(factors.softwareToken ? (['SOFTWARE_TOKEN_MFA'] as const) : []),
    ...(factors.email ? (['EMAIL_OTP'] as const) : []),
  ];
}

/**
 * SetUserPoolMfaConfig. With `MfaConfiguration` the factors are those of the request and no others;
 * without it those of the request are added. Passkeys are no part of MFA and stay as they are unless given.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export function setPoolMfa(
  context: OperationContext,
  pool: UserPoolRecord,
  request: SetUserPoolMfaConfigRequest,
): GetUserPoolMfaConfigResponse {
  const MfaConfiguration = request.MfaConfiguration ?? pool.settings.MfaConfiguration ?? 'OFF';
  const wanted = requestedFactors(request);
  if (MfaConfiguration === 'OFF' && Object.keys(wanted).length > 0) {
    throw invalidParameter(
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    );
  }
  const { webAuthn: currentWebAuthn, ...currentMfa } = pool.factors;
  const mfa = request.MfaConfiguration === undefined ? { ...currentMfa, ...wanted } : wanted;
  if (request.MfaConfiguration === undefined && request.SoftwareTokenMfaConfiguration?.Enabled === false) {
    delete (mfa as { softwareToken?: true }).softwareToken;
  }
  if (MfaConfiguration !== 'OFF' && Object.keys(mfa).length === 0) {
    throw invalidParameter(
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    );
  }
  checkEmailMfa(pool, request);
  const webAuthn = request.WebAuthnConfiguration ?? currentWebAuthn;
  checkWebAuthn(request.WebAuthnConfiguration);
  const SmsConfiguration = request.SmsMfaConfiguration?.SmsConfiguration ?? pool.settings.SmsConfiguration;
  if (mfa.sms && !SmsConfiguration) throw smsConfigurationMissing();
  checkSms(context.region, { SmsConfiguration });
  const changed: UserPoolRecord = {
    ...pool,
    settings: {
      ...pool.settings,
      MfaConfiguration,
      SmsConfiguration,
      SmsAuthenticationMessage:
        request.SmsMfaConfiguration?.SmsAuthenticationMessage ?? pool.settings.SmsAuthenticationMessage,
    },
    factors: { ...mfa, ...(webAuthn && { webAuthn }) },
    modifiedAt: context.clock.now(),
  };
  context.storage.transaction(() => context.storage.userPools.update(changed));
  return poolMfaView(changed);
}

/** As Get and SetUserPoolMfaConfig answer it. */
export function poolMfaView({ settings, factors }: UserPoolRecord): GetUserPoolMfaConfigResponse {
  return {
    SmsMfaConfiguration: factors.sms && {
      SmsAuthenticationMessage: settings.SmsAuthenticationMessage,
      SmsConfiguration: settings.SmsConfiguration,
    },
    SoftwareTokenMfaConfiguration: factors.softwareToken && { Enabled: true },
    EmailMfaConfiguration: factors.email,
    MfaConfiguration: settings.MfaConfiguration ?? 'OFF',
    WebAuthnConfiguration: factors.webAuthn,
  };
}

function requestedFactors(request: SetUserPoolMfaConfigRequest): UserPoolFactors {
  return {
    ...(request.SmsMfaConfiguration && { sms: true as const }),
    ...(request.SoftwareTokenMfaConfiguration?.Enabled && { softwareToken: true as const }),
    ...(request.EmailMfaConfiguration && { email: request.EmailMfaConfiguration }),
  };
}

function smsConfigurationMissing(): CognitoServiceError {
  return invalidParameter(
    'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
  );
}

function checkEmailMfa({ settings }: UserPoolRecord, request: SetUserPoolMfaConfigRequest): void {
  if (!request.EmailMfaConfiguration) return;
  if (settings.UserPoolTier === 'LITE') {
    // The name of the feature is ours.
    throw featureNotInTier('LITE', 'Email MFA');
  }
  if (settings.EmailConfiguration?.EmailSendingAccount !== 'DEVELOPER') {
    throw invalidParameter(
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
    );
  }
  checkRecoveryBesideEmail(settings);
}

/** Who proves the second factor by e-mail cannot recover a password by it. The text is ours. */
function checkRecoveryBesideEmail({
  AccountRecoverySetting,
}: Pick<CreateUserPoolRequest, 'AccountRecoverySetting'>): void {
  const mechanisms = AccountRecoverySetting?.RecoveryMechanisms ?? [];
  if (mechanisms.length === 1 && mechanisms[0]?.Name === 'verified_email') {
    throw invalidParameter(
      'EmailMfaConfiguration needs another mechanism than verified_email in the AccountRecoverySetting of the user pool.',
    );
  }
}

/** A domain name, or the loopback name that browsers allow: no scheme, no port, no path. */
const DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** The text is ours. */
function checkWebAuthn(configuration: WebAuthnConfigurationType | undefined): void {
  const id = configuration?.RelyingPartyId;
  if (id !== undefined && !DOMAIN.test(id)) {
    throw invalidParameter(`RelyingPartyId ${id} is not a domain name.`);
  }
}
