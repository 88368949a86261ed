import type {
  AdminRespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Input } from '../casing.js';
import type { UserAttributes } from '../user-attributes.js';
import type { AnswerableChallenge, MfaType } from './challenges.js';
import type { RememberedDevice, SignInDevice } from './devices.js';
import type { AuthenticationResponseJSON } from './passkeys.js';

/**
 * What any answer may hold beside. `clientMetadata` is handed to the pool's triggers; `contextData` goes with a signed
 * sign-in, `userContextData` with any other.
 */
export interface AnswerContext
  extends Input<
    Pick<RespondToAuthChallengeCommandInput, 'AnalyticsMetadata' | 'ClientMetadata' | 'UserContextData'> &
      Pick<AdminRespondToAuthChallengeCommandInput, 'ContextData'>
  > {
  /** The device that the user signs in with, as `signIn` was given it: each step of a sign-in names it anew. */
  device?: SignInDevice | undefined;
}

interface Code {
  /** As the user has it: from a message, or from their app. */
  code: string;
}

interface Password {
  /** Sent as it is. */
  password: string;
}

/** The password, which is proven and not sent; or the public value of a caller who does SRP. */
type ProvenPassword =
  | { password: string; srpA?: undefined }
  | {
      /** `SRP_A`, hexadecimal; the challenge `PASSWORD_VERIFIER` follows. */
      srpA: string;
      password?: undefined;
    };

/** The second step of a caller who does SRP. */
interface Proof {
  /** Base64. */
  passwordClaimSignature: string;
  /** As in the proof: `Tue Jan 2 03:04:05 UTC 2024`. */
  timestamp: string;
}

type Choice =
  | { answer: 'EMAIL_OTP' | 'SMS_OTP' }
  | {
      answer: 'WEB_AUTHN';
      /** Left out: the challenge `WEB_AUTHN` follows. */
      credential?: AuthenticationResponseJSON | undefined;
    }
  | {
      answer: 'PASSWORD';
      /** Sent as it is. Left out: the challenge `PASSWORD` follows. */
      password?: string | undefined;
    }
  | ({ answer: 'PASSWORD_SRP' } & (
      | ProvenPassword
      // The challenge PASSWORD_SRP follows.
      | { password?: undefined; srpA?: undefined }
    ));

/** What each challenge takes for an answer, beside {@link AnswerContext}. */
export interface ChallengeAnswers {
  NEW_PASSWORD_REQUIRED: {
    newPassword: string;
    /** At least the challenge's `requiredAttributes`. An attribute that has a value already is refused. */
    userAttributes?: UserAttributes | undefined;
  };
  SMS_MFA: Code;
  EMAIL_OTP: Code;
  SMS_OTP: Code;
  SOFTWARE_TOKEN_MFA: Code;
  SELECT_MFA_TYPE: { answer: MfaType };
  MFA_SETUP:
    | {
        /** What the app shows that was set up with `CognitoAuthService.setUpSoftwareToken`. */
        code: string;
        /** What the user calls the app. */
        friendlyDeviceName?: string | undefined;
      }
    | {
        /** An address for codes; the challenge `EMAIL_OTP` follows. */
        email: string;
      };
  SELECT_CHALLENGE: Choice;
  PASSWORD: Password;
  ADMIN_NO_SRP_AUTH: Password;
  PASSWORD_SRP: ProvenPassword;
  WEB_AUTHN: { credential: AuthenticationResponseJSON };
  /** The answer that the pool's own triggers look at. */
  CUSTOM_CHALLENGE: { answer: string };
  /** The device, which is proven by SRP; or the public value of a caller who does that. */
  DEVICE_SRP_AUTH:
    | { device: RememberedDevice; srpA?: undefined }
    | {
        /** Hexadecimal; the challenge `DEVICE_PASSWORD_VERIFIER` follows. */
        srpA: string;
        device?: SignInDevice | undefined;
      };
  PASSWORD_VERIFIER: Proof;
  DEVICE_PASSWORD_VERIFIER: Proof;
}

// In a box, since an answer may be a union of its own, which must stay one.
type AnswerInBox<Given> = Given extends { readonly name: infer Name extends keyof ChallengeAnswers }
  ? (box: { readonly answer: ChallengeAnswers[Name] }) => void
  : never;

/** The answer that fits a challenge. For a union that was not narrowed, one that fits all of its members. */
export type AnswerTo<Given extends AnswerableChallenge> = (AnswerInBox<Given> extends (
  box: infer Box extends { readonly answer: unknown },
) => void
  ? Box['answer']
  : never) &
  AnswerContext;
