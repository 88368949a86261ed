import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from '../../errors/cognest-error.js';
import { toAttributeRecord } from '../user-attributes.js';
import type { CognitoChallenge, FirstFactor, MfaType } from './challenges.js';
import type { PublicKeyCredentialRequestOptionsJSON } from './passkeys.js';
import { UnsupportedChallengeError } from './unsupported-challenge-error.js';

/** What Cognito answered, before it is known which challenge it is. */
export interface RawChallenge {
  readonly challengeName: string;
  readonly session: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly availableChallenges: readonly string[] | undefined;
  /** The name that the sign-in used, for a challenge that names nobody. */
  readonly username: string;
  readonly signed: boolean;
  /** The device that the sign-in named. */
  readonly deviceKey: string | undefined;
}

type Details<Name extends ChallengeNameType> =
  Extract<CognitoChallenge, { name: Name }> extends infer Kind
    ? Omit<Kind, 'name' | 'username' | 'session' | 'signed' | 'availableChallenges'>
    : never;

/** What is particular to each challenge. Every name that the SDK knows has its line. */
const DETAILS: { readonly [Name in ChallengeNameType]: (raw: RawChallenge) => Details<Name> } = {
  NEW_PASSWORD_REQUIRED: ({ parameters }) => ({
    requiredAttributes: readJson(parameters, 'requiredAttributes', isStrings, []).map((name) =>
      name.replace(/^userAttributes\./, ''),
    ),
    userAttributes: toAttributeRecord(
      Object.entries(readJson(parameters, 'userAttributes', isStringRecord, {})),
    ),
  }),
  SMS_MFA: readDelivery,
  EMAIL_OTP: readDelivery,
  SMS_OTP: readDelivery,
  SOFTWARE_TOKEN_MFA: ({ parameters }) => given('friendlyDeviceName', parameters['FRIENDLY_DEVICE_NAME']),
  SELECT_MFA_TYPE: ({ parameters }) => ({ mfaTypes: readMfaTypes(parameters, 'MFAS_CAN_CHOOSE') }),
  MFA_SETUP: ({ parameters }) => ({ mfaTypes: readMfaTypes(parameters, 'MFAS_CAN_SETUP') }),
  SELECT_CHALLENGE: () => ({}),
  PASSWORD: () => ({}),
  PASSWORD_SRP: () => ({}),
  ADMIN_NO_SRP_AUTH: () => ({}),
  WEB_AUTHN: ({ parameters }) => ({
    credentialRequestOptions: readJson(parameters, 'CREDENTIAL_REQUEST_OPTIONS', isCredentialRequestOptions),
  }),
  CUSTOM_CHALLENGE: ({ parameters: { USERNAME: _, ...parameters } }) => ({ parameters }),
  DEVICE_SRP_AUTH: ({ parameters, deviceKey }) => given('deviceKey', parameters['DEVICE_KEY'] ?? deviceKey),
  PASSWORD_VERIFIER: ({ parameters }) => ({
    ...readSrp(parameters),
    userIdForSrp: parameter(parameters, 'USER_ID_FOR_SRP'),
  }),
  DEVICE_PASSWORD_VERIFIER: ({ parameters, deviceKey }) => ({
    ...readSrp(parameters),
    deviceKey: deviceKey ?? parameter(parameters, 'DEVICE_KEY'),
  }),
};

/** Those whose session Cognito leaves out: a block of their own stands for it. */
const WITHOUT_SESSION: readonly string[] = ['PASSWORD_VERIFIER', 'DEVICE_PASSWORD_VERIFIER'];

/** Whether a name, which may come from anywhere, is that of a challenge that can be answered. */
export function isChallengeName(name: unknown): name is ChallengeNameType {
  return typeof name === 'string' && Object.hasOwn(DETAILS, name);
}

/**
 * @throws {UnsupportedChallengeError}
 * @throws {CognestError} `cognito_response_invalid` for a challenge that lacks what it is answered with.
 */
export function readChallenge(raw: RawChallenge): CognitoChallenge {
  const { challengeName: name, session, parameters, signed } = raw;
  if (!isChallengeName(name)) throw new UnsupportedChallengeError(name, parameters, session);
  if (session === undefined && !WITHOUT_SESSION.includes(name)) throw incomplete(name, 'Session');
  if (name === 'SELECT_CHALLENGE' && raw.availableChallenges === undefined)
    throw incomplete(name, 'AvailableChallenges');
  return {
    name,
    username: realName(raw),
    ...(session !== undefined && { session }),
    signed,
    ...(raw.availableChallenges !== undefined && {
      availableChallenges: raw.availableChallenges as FirstFactor[],
    }),
    ...DETAILS[name](raw),
  } as CognitoChallenge;
}

/** The user name that answers carry: the real one as soon as Cognito tells it. */
export function realName({ parameters, username }: Pick<RawChallenge, 'parameters' | 'username'>): string {
  return parameters['USER_ID_FOR_SRP'] ?? parameters['USERNAME'] ?? username;
}

/** @throws {CognestError} `cognito_response_invalid` */
export function readSrp(parameters: RawChallenge['parameters']): {
  salt: string;
  srpB: string;
  secretBlock: string;
} {
  return {
    salt: parameter(parameters, 'SALT'),
    srpB: parameter(parameters, 'SRP_B'),
    secretBlock: parameter(parameters, 'SECRET_BLOCK'),
  };
}

function readDelivery({ parameters }: RawChallenge): { deliveryMedium?: string; destination?: string } {
  return {
    ...given('deliveryMedium', parameters['CODE_DELIVERY_DELIVERY_MEDIUM']),
    ...given('destination', parameters['CODE_DELIVERY_DESTINATION']),
  };
}

function readMfaTypes(parameters: RawChallenge['parameters'], name: string): MfaType[] {
  return readJson(parameters, name, isStrings) as MfaType[];
}

function given<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: string });
}

function parameter(parameters: RawChallenge['parameters'], name: string): string {
  const value = parameters[name];
  if (value === undefined) throw incomplete('challenge', name);
  return value;
}

/** @param fallback - for a parameter that is not there; without one, it must be. */
function readJson<Value>(
  parameters: RawChallenge['parameters'],
  name: string,
  isValue: (parsed: unknown) => parsed is Value,
  fallback?: Value,
): Value {
  const text = parameters[name];
  if ((text === undefined || text === '') && fallback !== undefined) return fallback;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '');
  } catch {
    throw incomplete('challenge', name);
  }
  if (!isValue(parsed)) throw incomplete('challenge', name);
  return parsed;
}

function isStrings(parsed: unknown): parsed is string[] {
  return Array.isArray(parsed) && parsed.every((element) => typeof element === 'string');
}

function isStringRecord(parsed: unknown): parsed is Record<string, string> {
  return isRecord(parsed) && isStrings(Object.values(parsed));
}

function isCredentialRequestOptions(parsed: unknown): parsed is PublicKeyCredentialRequestOptionsJSON {
  return isRecord(parsed) && typeof parsed['challenge'] === 'string';
}

function isRecord(parsed: unknown): parsed is Record<string, unknown> {
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
}

function incomplete(what: string, member: string): CognestError {
  return new CognestError(
    'cognito_response_invalid',
    `Cognito's ${what === 'challenge' ? what : `challenge ${what}`} holds no usable ${member}`,
  );
}
