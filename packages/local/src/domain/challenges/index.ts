import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { ChallengeResponder } from '../sign-in/sign-in-progress.js';
import { CUSTOM_CHALLENGE } from './CUSTOM_CHALLENGE.js';
import { DEVICE_PASSWORD_VERIFIER } from './DEVICE_PASSWORD_VERIFIER.js';
import { DEVICE_SRP_AUTH } from './DEVICE_SRP_AUTH.js';
import { EMAIL_OTP } from './EMAIL_OTP.js';
import { MFA_SETUP } from './MFA_SETUP.js';
import { NEW_PASSWORD_REQUIRED } from './NEW_PASSWORD_REQUIRED.js';
import { PASSWORD } from './PASSWORD.js';
import { PASSWORD_SRP } from './PASSWORD_SRP.js';
import { PASSWORD_VERIFIER } from './PASSWORD_VERIFIER.js';
import { SELECT_CHALLENGE } from './SELECT_CHALLENGE.js';
import { SELECT_MFA_TYPE } from './SELECT_MFA_TYPE.js';
import { SMS_MFA } from './SMS_MFA.js';
import { SMS_OTP } from './SMS_OTP.js';
import { SOFTWARE_TOKEN_MFA } from './SOFTWARE_TOKEN_MFA.js';
import { WEB_AUTHN } from './WEB_AUTHN.js';

/** Every challenge that can be answered. To add one, add its file and its line. */
export const CHALLENGES: Readonly<Partial<Record<ChallengeNameType, ChallengeResponder>>> = {
  CUSTOM_CHALLENGE,
  DEVICE_PASSWORD_VERIFIER,
  DEVICE_SRP_AUTH,
  EMAIL_OTP,
  MFA_SETUP,
  NEW_PASSWORD_REQUIRED,
  PASSWORD_VERIFIER,
  SELECT_MFA_TYPE,
  SMS_MFA,
  SOFTWARE_TOKEN_MFA,
  PASSWORD,
  PASSWORD_SRP,
  SELECT_CHALLENGE,
  SMS_OTP,
  WEB_AUTHN,
};
