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
  SignUpCommandInput,
  SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PasswordAuthFlow } from '../../options/cognito-options.js';
import type { Camel, Input } from '../casing.js';
import type { CognitoChallenge } from './challenges.js';

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

export type InitiateInput = Input<
  Pick<InitiateAuthCommandInput, 'AnalyticsMetadata' | 'ClientMetadata' | 'UserContextData'> &
    Pick<AdminInitiateAuthCommandInput, 'ContextData'>
>;

export interface SignInInput extends InitiateInput {
  /** The user name, or an alias of it where the pool has aliases. */
  username: string;
  password: string;
  /** Default: the module's `authFlow`. `contextData` goes with the signed flow, `userContextData` with the other. */
  authFlow?: PasswordAuthFlow | undefined;
}

export interface RefreshInput extends InitiateInput {
  refreshToken: string;
  /**
   * The real user name (`username` of {@link SignedIn} or of the access token), not an alias. Needed where the client
   * has a secret, and of no use elsewhere.
   */
  username?: string | undefined;
  /** The device that the refresh token belongs to, in a pool that remembers devices. */
  deviceKey?: string | undefined;
  /** Default: the module's `authFlow`. Decides only whether the call is signed. */
  authFlow?: PasswordAuthFlow | undefined;
}

/** What a sign-in yields. All of it is secret. */
export interface Tokens {
  accessToken: string;
  idToken: string;
  /** Absent after a refresh: the old one stays good. */
  refreshToken?: string;
  tokenType: string;
  /** Lifetime of the access token, in seconds. */
  expiresIn: number;
  /** When the access token expires, by this machine's clock. */
  expiresAt: Date;
  /** In a pool that remembers devices: what this device is called from now on. */
  newDeviceMetadata?: { deviceKey?: string | undefined; deviceGroupKey?: string | undefined };
}

export interface SignedIn {
  status: 'signed-in';
  /** The real user name, which `CognitoAuthService.refresh` may need. */
  username: string;
  tokens: Tokens;
}

export interface Challenged {
  status: 'challenge';
  challenge: CognitoChallenge;
}

/** Tokens, or what Cognito asks for first. */
export type SignInResult = SignedIn | Challenged;
