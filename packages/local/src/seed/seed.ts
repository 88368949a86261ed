import type {
  AdminSetUserMFAPreferenceCommandInput,
  CreateUserPoolClientCommandInput,
  CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';

/**
 * What a server should have. Applied as often as you like: what is there already stays as it is, what is
 * missing is added.
 */
export interface Seed {
  readonly pools: readonly SeedPool[];
}

export interface SeedPool {
  /** Fixed, so that configuration can name it: `<region>_<letters and digits>`. Default: made up once. */
  readonly id?: string;
  /** Recognises the pool when it has no `id`. */
  readonly name: string;
  /** The other members of `CreateUserPool`, under the names of the API. */
  readonly settings?: Omit<CreateUserPoolCommandInput, 'PoolName'>;
  /** The further factors, as the members of `SetUserPoolMfaConfig`. Default: what `settings` say. */
  readonly mfa?: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>;
  readonly clients?: readonly SeedClient[];
  readonly groups?: readonly SeedGroup[];
  readonly users?: readonly SeedUser[];
}

export interface SeedClient {
  /** Fixed, so that configuration can name it. Default: made up once. */
  readonly id?: string;
  /** Recognises the client when it has no `id`. */
  readonly name: string;
  /** A fixed secret, 24 to 64 letters, digits, `_` or `+`. For a random one set `GenerateSecret`. */
  readonly secret?: string;
  /** The other members of `CreateUserPoolClient`, under the names of the API. */
  readonly settings?: Omit<CreateUserPoolClientCommandInput, 'UserPoolId' | 'ClientName'>;
}

export interface SeedGroup {
  readonly name: string;
  readonly description?: string;
  readonly precedence?: number;
  readonly roleArn?: string;
}

/** Exactly one of `password` and `temporaryPassword`. */
export interface SeedUser {
  readonly username: string;
  /** The user is confirmed and signs in with it. */
  readonly password?: string;
  /** The user is invited, without a message: the first sign-in asks for a new password. */
  readonly temporaryPassword?: string;
  /** A boolean stands for `'true'` or `'false'`, as in `email_verified: true`. */
  readonly attributes?: Readonly<Record<string, string | boolean>>;
  /** Names of groups of this pool. */
  readonly groups?: readonly string[];
  /**
   * The secret of an authenticator app that is set up already, in base32: 16 to 128 of the letters A to Z and the
   * digits 2 to 7. The codes are those of RFC 6238: SHA-1, six digits, 30 seconds.
   */
  readonly totpSecret?: string;
  /** The user's preferences, as the members of `AdminSetUserMFAPreference`. */
  readonly mfa?: Omit<AdminSetUserMFAPreferenceCommandInput, 'UserPoolId' | 'Username'>;
}

/** Checks a seed's type where it is written. */
export function defineSeed(seed: Seed): Seed {
  return seed;
}
