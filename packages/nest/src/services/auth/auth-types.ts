import type {
  AdminInitiateAuthCommandInput,
  ChangePasswordCommandInput,
  ConfirmForgotPasswordCommandInput,
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput,
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput,
  GetUserCommandInput,
  GetUserCommandOutput,
  GlobalSignOutCommandInput,
  InitiateAuthCommandInput,
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput,
  RevokeTokenCommandInput,
  SignUpCommandInput,
  SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PasswordAuthFlow } from '../../options/cognito-options.js';
import type { Camel, Input } from '../casing.js';
import type { CognitoChallenge, FirstFactor, MfaSetupChallenge } from './challenges.js';
import type { RememberedDevice, SignInDevice } from './devices.js';

type Filled = 'ClientId' | 'SecretHash';
type Output<CommandOutput> = Camel<Omit<CommandOutput, '$metadata'>>;

export type SignUpInput = Input<SignUpCommandInput, Filled>;
export type SignUpOutput = Output<SignUpCommandOutput>;
export type ConfirmSignUpInput = Input<ConfirmSignUpCommandInput, Filled>;
export type ConfirmSignUpOutput = Output<ConfirmSignUpCommandOutput>;
export type ResendConfirmationCodeInput = Input<ResendConfirmationCodeCommandInput, Filled>;
export type ResendConfirmationCodeOutput = Output<ResendConfirmationCodeCommandOutput>;
export type ForgotPasswordInput = Input<ForgotPasswordCommandInput, Filled>;
export type ForgotPasswordOutput = Output<ForgotPasswordCommandOutput>;
export type ConfirmForgotPasswordInput = Input<ConfirmForgotPasswordCommandInput, Filled>;
export type ChangePasswordInput = Input<ChangePasswordCommandInput>;
export type GetUserInput = Input<GetUserCommandInput>;
export type GetUserOutput = Output<GetUserCommandOutput>;
export type GlobalSignOutInput = Input<GlobalSignOutCommandInput>;

/**
 * What any sign-in may hold beside. `contextData` goes with a signed sign-in, `userContextData` with any other: both are
 * for Cognito's threat protection. Of `clientMetadata`, Cognito hands nothing to the triggers of custom challenges at
 * this step: give it with the answers.
 */
export interface SignInContext
  extends Input<
    Pick<InitiateAuthCommandInput, 'AnalyticsMetadata' | 'ClientMetadata' | 'UserContextData'> &
      Pick<AdminInitiateAuthCommandInput, 'ContextData'>
  > {
  /** The user name, or an alias of it where the pool has aliases. */
  username: string;
  /** The device that the user signs in with, if it is known from a sign-in before. */
  device?: SignInDevice | undefined;
  /**
   * Whether the calls are signed with AWS credentials (`AdminInitiateAuth`, `AdminRespondToAuthChallenge`). Default:
   * yes where `authFlow` is `ADMIN_USER_PASSWORD_AUTH`, in the call or in the module's options; no otherwise.
   */
  signed?: boolean | undefined;
}

/** With a password. `USER_SRP_AUTH` proves it and does not send it; the other two send it. */
export interface PasswordSignInInput extends SignInContext {
  /** Default: the module's `authFlow`. */
  authFlow?: PasswordAuthFlow | undefined;
  password: string;
  srpA?: undefined;
}

/** For a caller who does SRP: the challenge `PASSWORD_VERIFIER` follows. */
export interface SrpSignInInput extends SignInContext {
  authFlow: 'USER_SRP_AUTH';
  /** `SRP_A`, hexadecimal. */
  srpA: string;
  password?: undefined;
}

/** Challenges of the pool's own triggers; before them, where a password is given, its proof by SRP. */
export type CustomSignInInput = SignInContext & {
  authFlow: 'CUSTOM_AUTH';
} & (
    | { password?: string | undefined; srpA?: undefined }
    | { /** `SRP_A`, hexadecimal. */ srpA: string; password?: undefined }
  );

/** The user chooses how to begin, among what the pool allows. */
export type ChoiceSignInInput = SignInContext & {
  authFlow: 'USER_AUTH';
  /** Of a sign-up that was confirmed just now (`confirmSignUp`): signs the user in without another challenge. */
  session?: string | undefined;
  /** The levels of authentication to reach, as URIs, the highest first (step-up authentication). */
  targetAcrValues?: readonly string[] | undefined;
  /** The user's present access token, for step-up authentication. */
  accessToken?: string | undefined;
  /** In step-up authentication: the greatest age of the last sign-in, in seconds. */
  maxAgeS?: number | undefined;
} & (
    | {
        /** Where the user cannot begin so, or nothing is preferred, the challenge `SELECT_CHALLENGE` follows. */
        preferredChallenge?: FirstFactor | undefined;
        password?: undefined;
        srpA?: undefined;
      }
    | {
        /** `PASSWORD_SRP`, the default beside a password, proves it and does not send it. */
        preferredChallenge?: 'PASSWORD' | 'PASSWORD_SRP' | undefined;
        password: string;
        srpA?: undefined;
      }
    | {
        preferredChallenge: 'PASSWORD_SRP';
        /** `SRP_A`, hexadecimal. */
        srpA: string;
        password?: undefined;
      }
  );

export type SignInInput = PasswordSignInInput | SrpSignInInput | CustomSignInInput | ChoiceSignInInput;

interface RefreshToken {
  refreshToken: string;
  /**
   * The device that the refresh token belongs to, which a pool that remembers devices asks for. Default: the claim
   * `device_key` of `accessToken`.
   */
  deviceKey?: string | undefined;
  /** Handed to the pool's triggers. */
  clientMetadata?: Readonly<Record<string, string>> | undefined;
  /**
   * The real user name (`username` of {@link SignedIn}), not an alias: `REFRESH_TOKEN_AUTH` needs it where the client has
   * a secret. The name in `accessToken` or `idToken` serves as well.
   */
  username?: string | undefined;
  /**
   * A token of the same session, expired or not. It is read for the user name and the device, sent nowhere, and not
   * verified.
   */
  accessToken?: string | undefined;
  /** As `accessToken`, for the user name alone. */
  idToken?: string | undefined;
}

export type RefreshInput = RefreshToken &
  (
    | {
        authFlow?: undefined;
        signed?: undefined;
        analyticsMetadata?: undefined;
        userContextData?: undefined;
        contextData?: undefined;
      }
    | ({
        /** Refreshes as a sign-in, and not by `GetTokensFromRefreshToken`, unless the client rotates its tokens. */
        authFlow: 'REFRESH_TOKEN_AUTH';
      } & Pick<SignInContext, 'analyticsMetadata' | 'userContextData' | 'contextData' | 'signed'>)
  );

/** What a sign-in yields. All of it is secret. */
export interface Tokens {
  accessToken: string;
  idToken: string;
  /** After a refresh: only where the client rotates refresh tokens; the old one is not good any more then. */
  refreshToken?: string;
  tokenType: string;
  /** Lifetime of the access token, in seconds. */
  expiresIn: number;
  /** When the access token expires, by this machine's clock. */
  expiresAt: Date;
  /** In a pool that remembers devices: what this device is called from now on. See `CognitoAuthService.confirmDevice`. */
  newDeviceMetadata?: { deviceKey: string; deviceGroupKey: string };
}

export interface SignedIn {
  status: 'signed-in';
  /** The real user name. */
  username: string;
  tokens: Tokens;
}

export interface Challenged {
  status: 'challenge';
  challenge: CognitoChallenge;
}

/** Tokens, or what Cognito asks for first. */
export type SignInResult = SignedIn | Challenged;

export interface SoftwareTokenInput {
  /** Who the codes are for, as the authenticator app shows it: your product. No colon. */
  issuer: string;
  /** Whose codes they are, as the authenticator app shows it. Default: the user name. */
  accountName?: string | undefined;
}

/** What an authenticator app is set up with. Both forms of the secret are secret. */
export interface SoftwareTokenSetUp {
  /** For users who type it in: Base32. */
  secretCode: string;
  /** For a QR code. */
  otpauthUri: string;
  /** To be answered with the code that the app shows, in place of the challenge before. */
  challenge: MfaSetupChallenge;
}

export type RevokeTokenInput = Input<RevokeTokenCommandInput, 'ClientId' | 'ClientSecret'>;

export interface ConfirmDeviceInput {
  accessToken: string;
  /** `newDeviceMetadata` of the sign-in. */
  newDeviceMetadata: { deviceKey: string; deviceGroupKey: string };
  /** What the user calls it. */
  deviceName?: string | undefined;
  /**
   * Whether the device is remembered where the pool leaves that to the user (`UpdateDeviceStatus`). Default `false`:
   * then ask the user when `userConfirmationNecessary` comes back.
   */
  remember?: boolean | undefined;
}

export interface ConfirmedDevice {
  /** What the device proves itself with from now on. To be kept for it, as secret as a password. */
  device: RememberedDevice;
  /** The pool leaves it to the user whether the device is remembered, and they have not said so yet. */
  userConfirmationNecessary: boolean;
}
