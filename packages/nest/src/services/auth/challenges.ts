import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserAttributes } from '../user-attributes.js';
import type { PublicKeyCredentialRequestOptionsJSON } from './passkeys.js';

/** A way to begin a sign-in by choice (`USER_AUTH`). */
export type FirstFactor = 'PASSWORD' | 'PASSWORD_SRP' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

/** A second factor that a user can have. */
export type MfaType = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';

interface Challenge<Name extends ChallengeNameType> {
  readonly name: Name;
  /** The real user name once Cognito has told it, which the answer must carry, whatever alias the sign-in used. */
  readonly username: string;
  /** Opaque, for one right answer, valid for 3 to 15 minutes, as the app client says. */
  readonly session: string;
  /** Whether the sign-in was signed with AWS credentials; the answer goes the same way. */
  readonly signed: boolean;
  /** In a sign-in by choice: the ways in which the user can begin. */
  readonly availableChallenges?: readonly FirstFactor[];
}

/** The user was invited with a temporary password and must choose their own. */
export interface NewPasswordRequiredChallenge extends Challenge<'NEW_PASSWORD_REQUIRED'> {
  /** The attributes that the pool requires and the user lacks: the answer's `userAttributes` must have them. */
  readonly requiredAttributes: readonly string[];
  /** The attributes that the user has. */
  readonly userAttributes: UserAttributes;
}

interface CodeChallenge<Name extends 'SMS_MFA' | 'EMAIL_OTP' | 'SMS_OTP'> extends Challenge<Name> {
  /** How the code was sent: `SMS` or `EMAIL`. */
  readonly deliveryMedium?: string;
  /** Where to, masked: `+*******9934`. */
  readonly destination?: string;
}

/** A code was sent by SMS, as a second factor. */
export type SmsMfaChallenge = CodeChallenge<'SMS_MFA'>;
/** A code was sent by e-mail: as a second factor, or as the first one of a sign-in by choice. */
export type EmailOtpChallenge = CodeChallenge<'EMAIL_OTP'>;
/** A code was sent by SMS, as the first factor of a sign-in by choice. */
export type SmsOtpChallenge = CodeChallenge<'SMS_OTP'>;

/** The user's authenticator app shows a code. */
export interface SoftwareTokenMfaChallenge extends Challenge<'SOFTWARE_TOKEN_MFA'> {
  /** What the app was called when it was set up. */
  readonly friendlyDeviceName?: string;
}

/** The user has several second factors, none of them preferred. */
export interface SelectMfaTypeChallenge extends Challenge<'SELECT_MFA_TYPE'> {
  /** What there is to choose from. */
  readonly mfaTypes: readonly MfaType[];
}

/** The pool demands a second factor and the user has none: see `CognitoAuthService.setUpSoftwareToken`. */
export interface MfaSetupChallenge extends Challenge<'MFA_SETUP'> {
  /** What can be set up. */
  readonly mfaTypes: readonly MfaType[];
}

/** The user chooses how to begin. */
export interface SelectChallengeChallenge extends Challenge<'SELECT_CHALLENGE'> {
  readonly availableChallenges: readonly FirstFactor[];
}

/** The password, of a user who chose it. `ADMIN_NO_SRP_AUTH` is the same under an old name. */
export type PasswordChallenge = Challenge<'PASSWORD'> | Challenge<'ADMIN_NO_SRP_AUTH'>;

/** The password, proven by SRP. */
export type PasswordSrpChallenge = Challenge<'PASSWORD_SRP'>;

/** A passkey's signature. */
export interface WebAuthnChallenge extends Challenge<'WEB_AUTHN'> {
  /** For the browser: `PublicKeyCredential.parseRequestOptionsFromJSON()`, then `navigator.credentials.get()`. */
  readonly credentialRequestOptions: PublicKeyCredentialRequestOptionsJSON;
}

/** What the pool's own triggers ask. */
export interface CustomChallenge extends Challenge<'CUSTOM_CHALLENGE'> {
  /** The `publicChallengeParameters` of the trigger CreateAuthChallenge. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A remembered device must prove itself. Comes only where `signIn` was not given the device's password. */
export interface DeviceSrpAuthChallenge extends Challenge<'DEVICE_SRP_AUTH'> {
  /** The device that the sign-in named. */
  readonly deviceKey?: string;
}

interface VerifierChallenge<Name extends 'PASSWORD_VERIFIER' | 'DEVICE_PASSWORD_VERIFIER'>
  extends Omit<Challenge<Name>, 'session'> {
  /** Cognito may leave it out: the block stands for it. */
  readonly session?: string;
  /** Hexadecimal. */
  readonly salt: string;
  /** Hexadecimal. */
  readonly srpB: string;
  /** Base64. */
  readonly secretBlock: string;
}

/** The second step of SRP. Comes only where the caller does SRP and gave `srpA`: else it is answered at once. */
export interface PasswordVerifierChallenge extends VerifierChallenge<'PASSWORD_VERIFIER'> {
  /** The user name that the proof is made with. */
  readonly userIdForSrp: string;
}

/** The second step of a device's SRP. Comes only after an answer with `srpA`. */
export interface DevicePasswordVerifierChallenge extends VerifierChallenge<'DEVICE_PASSWORD_VERIFIER'> {
  readonly deviceKey: string;
}

/** What Cognito may ask for before it hands out tokens, told apart by `name`. Plain data; a secret, as a token is. */
export type CognitoChallenge =
  | CustomChallenge
  | DevicePasswordVerifierChallenge
  | DeviceSrpAuthChallenge
  | EmailOtpChallenge
  | MfaSetupChallenge
  | NewPasswordRequiredChallenge
  | PasswordChallenge
  | PasswordSrpChallenge
  | PasswordVerifierChallenge
  | SelectChallengeChallenge
  | SelectMfaTypeChallenge
  | SmsMfaChallenge
  | SmsOtpChallenge
  | SoftwareTokenMfaChallenge
  | WebAuthnChallenge;

/** What must come back of a challenge beside name, user and session, where it has it. */
type Echoed = 'secretBlock' | 'deviceKey';

/**
 * As much of a challenge as answering it takes. Without `signed` it is assumed to be as the module's `authFlow` says.
 * An app whose challenges travel through a browser seals them instead: `CognitoAuthService.sealChallenge`.
 */
export type AnswerableChallenge<Kind extends CognitoChallenge = CognitoChallenge> =
  Kind extends CognitoChallenge
    ? Pick<Kind, 'name' | 'username' | 'session' | (Echoed & keyof Kind)> & Partial<Pick<Kind, 'signed'>>
    : never;
