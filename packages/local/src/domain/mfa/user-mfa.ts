import type {
  MFAOptionType,
  SetUserMFAPreferenceRequest,
  UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { MfaFactor, UserMfa } from '../../storage/mfa.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { invalidParameter } from '../faults.js';
import { noMfaDelivery } from './faults.js';
import { poolMfaFactors } from './pool-mfa.js';

/** The order in which AWS lists factors. */
const FACTORS: readonly MfaFactor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'];

const NOTHING: UserMfa = { enabled: [] };

export function userMfa({ storage }: OperationContext, { userPoolId, sub }: UserRecord): UserMfa {
  return storage.mfa.find(userPoolId, sub) ?? NOTHING;
}

interface MfaView {
  readonly MFAOptions: MFAOptionType[] | undefined;
  readonly PreferredMfaSetting: string | undefined;
  readonly UserMFASettingList: string[] | undefined;
}

/** The user's factors as GetUser, AdminGetUser and GetUserAuthFactors answer them; left out where unset. */
export function mfaView(context: OperationContext, user: UserRecord): MfaView {
  const mfa = userMfa(context, user);
  const { enabled, preferred } = mfa;
  return {
    MFAOptions: mfaOptions(mfa),
    PreferredMfaSetting: preferred,
    UserMFASettingList: enabled.length > 0 ? [...enabled] : undefined,
  };
}

/** The one option that this old form knows. */
export function mfaOptions({ legacySms }: UserMfa): UserType['MFAOptions'] {
  return legacySms ? [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] : undefined;
}

type Preferences = Pick<
  SetUserMFAPreferenceRequest,
  'SMSMfaSettings' | 'SoftwareTokenMfaSettings' | 'EmailMfaSettings' | 'WebAuthnMfaSettings'
>;

/**
 * SetUserMFAPreference and its administrator's form. A factor that is left out stays as it is; the pool
 * need not offer the factor. In a transaction of its own.
 *
 * @throws InvalidParameterException
 */
export function setMfaPreference(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  request: Preferences,
): void {
  const settings = {
    SMS_MFA: request.SMSMfaSettings,
    SOFTWARE_TOKEN_MFA: request.SoftwareTokenMfaSettings,
    EMAIL_OTP: request.EmailMfaSettings,
  };
  const given = FACTORS.filter((factor) => settings[factor] !== undefined);
  const wantsPreferred = given.filter((factor) => settings[factor]?.PreferredMfa);
  // The texts of the next three are ours.
  if (wantsPreferred.length > 1) {
    throw invalidParameter('Only one MFA factor can be set as preferred.');
  }
  const contradiction = wantsPreferred.find((factor) => !settings[factor]?.Enabled);
  if (contradiction !== undefined) {
    throw invalidParameter(`${contradiction} cannot be set as preferred without being enabled.`);
  }
  const passkeys = request.WebAuthnMfaSettings?.Enabled;
  if (passkeys && !passkeysAreMfa(pool)) {
    throw invalidParameter('Passkeys are not configured as a multi-factor method of the user pool.');
  }

  const current = userMfa(context, user);
  const wantsEnabled = given.filter((factor) => settings[factor]?.Enabled);
  const lacking = wantsEnabled.find((factor) => !canProve(current, user, factor));
  if (lacking !== undefined) throw noMfaDelivery(lacking);

  const enabled = FACTORS.filter((factor) =>
    given.includes(factor) ? wantsEnabled.includes(factor) : current.enabled.includes(factor),
  );
  const kept = current.preferred !== undefined && !given.includes(current.preferred);
  const preferred = wantsPreferred[0] ?? (kept ? current.preferred : undefined);
  const { preferred: _, legacySms, softwareToken, ...rest } = current;
  save(context, user, {
    ...rest,
    enabled,
    ...(preferred !== undefined && { preferred }),
    ...(legacySms && !given.includes('SMS_MFA') && { legacySms }),
    ...(passkeys !== undefined && { passkeys }),
    ...(softwareToken && { softwareToken: withSwitch(softwareToken, given, enabled) }),
  });
}

function withSwitch(
  { off, ...token }: NonNullable<UserMfa['softwareToken']>,
  given: readonly MfaFactor[],
  enabled: readonly MfaFactor[],
): NonNullable<UserMfa['softwareToken']> {
  const isOff = given.includes('SOFTWARE_TOKEN_MFA') ? !enabled.includes('SOFTWARE_TOKEN_MFA') : off;
  return { ...token, ...(isOff && { off: true as const }) };
}

/**
 * SetUserSettings and its administrator's form: text messages, and nothing else. An empty list switches
 * them off.
 *
 * @throws InvalidParameterException
 */
export function setMfaOptions(
  context: OperationContext,
  user: UserRecord,
  options: readonly MFAOptionType[],
): void {
  for (const { DeliveryMedium, AttributeName } of options) {
    // The text is ours.
    if (DeliveryMedium !== 'SMS' || AttributeName !== 'phone_number') {
      throw invalidParameter('MFAOptions take DeliveryMedium SMS with AttributeName phone_number only.');
    }
  }
  const { legacySms: _, ...current } = userMfa(context, user);
  if (options.length > 0 && !canProve(current, user, 'SMS_MFA')) throw noMfaDelivery('SMS_MFA');
  save(context, user, { ...current, ...(options.length > 0 && { legacySms: true as const }) });
}

export function save({ storage }: OperationContext, { userPoolId, sub }: UserRecord, mfa: UserMfa): void {
  storage.transaction(() => storage.mfa.set(userPoolId, sub, mfa));
}

/** Whether there is something to send a code to, or an app that makes them. */
function canProve({ softwareToken }: UserMfa, { attributes }: UserRecord, factor: MfaFactor): boolean {
  switch (factor) {
    case 'SMS_MFA':
      return attributes['phone_number'] !== undefined;
    case 'EMAIL_OTP':
      return attributes['email'] !== undefined;
    case 'SOFTWARE_TOKEN_MFA':
      return softwareToken !== undefined;
  }
}

/** Whether a passkey is enough for a user who needs two factors: unless the user has said no. */
export function passkeyIsEnough(context: OperationContext, pool: UserPoolRecord, user: UserRecord): boolean {
  return passkeysAreMfa(pool) && userMfa(context, user).passkeys !== false;
}

/** Whether a passkey with user verification is worth two factors in the pool. */
export function passkeysAreMfa({ factors }: UserPoolRecord): boolean {
  return factors.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION';
}

/**
 * The factors that the user may be asked for at sign-in: those activated by preference;
 * where there are none and the pool demands one, those that need no set-up, because there is a number or
 * an address to send a code to. Empty when the user cannot be asked for any.
 */
export function usableFactors(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
): MfaFactor[] {
  const offered = poolMfaFactors(pool);
  if (offered.length === 0) return [];
  const mfa = userMfa(context, user);
  const provable = offered.filter((factor) => canProve(mfa, user, factor));
  const demanded = poolDemandsMfa(pool);
  const chosen = provable.filter((factor) => {
    if (mfa.enabled.includes(factor)) return true;
    if (factor === 'SMS_MFA') return mfa.legacySms === true;
    // An app that was set up at sign-in counts before it is listed.
    return factor === 'SOFTWARE_TOKEN_MFA' && demanded && !mfa.softwareToken?.off;
  });
  if (chosen.length > 0 || !demanded) return chosen;
  return provable.filter((factor) => factor !== 'SOFTWARE_TOKEN_MFA');
}

/** The factor that the user is asked for first, when it can be told. */
export function preferredFactor(
  context: OperationContext,
  user: UserRecord,
  usable: readonly MfaFactor[],
): MfaFactor | undefined {
  const { preferred } = userMfa(context, user);
  if (preferred !== undefined && usable.includes(preferred)) return preferred;
  return usable.length === 1 ? usable[0] : undefined;
}

/** Whether the pool lets nobody in with one factor. */
export function poolDemandsMfa({ settings }: UserPoolRecord): boolean {
  return settings.MfaConfiguration === 'ON';
}

/** Whether a password alone does not sign the user in. */
export function needsMfa(context: OperationContext, pool: UserPoolRecord, user: UserRecord): boolean {
  return poolDemandsMfa(pool) || usableFactors(context, pool, user).length > 0;
}

/**
 * Who proves a second factor by a code to this number or address may not recover a password by it: what is behind
 * it would be all that a sign-in needs.
 */
export function provesFactorBy(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  attribute: 'email' | 'phone_number',
): boolean {
  const factor = attribute === 'email' ? 'EMAIL_OTP' : 'SMS_MFA';
  return usableFactors(context, pool, user).includes(factor);
}
