import type { StringMap } from './event.js';

/** One step of a custom sign-in that lies behind, as the functions see it. */
export interface ChallengeResult {
  challengeName:
    | 'SRP_A'
    | 'PASSWORD_VERIFIER'
    | 'SMS_MFA'
    | 'EMAIL_OTP'
    | 'SOFTWARE_TOKEN_MFA'
    | 'DEVICE_SRP_AUTH'
    | 'DEVICE_PASSWORD_VERIFIER'
    | 'ADMIN_NO_SRP_AUTH'
    | 'CUSTOM_CHALLENGE';
  challengeResult: boolean;
  /** Of a CUSTOM_CHALLENGE, when CreateAuthChallenge gave it one. */
  challengeMetadata?: string | undefined;
}

/** Of whom the functions of a custom sign-in are asked. */
export interface CustomAuthSubject {
  readonly userName: string;
  readonly userNotFound: boolean;
  /** Nothing of a user who does not exist. */
  readonly attributes: Readonly<StringMap>;
}
