import { check, isNames, refuseUnknown } from '../check.js';

/** What can be said of any token. */
export interface TokenOptions {
  /** The app client that it is issued to. Default: the issuer's. */
  readonly clientId?: string;
  /** In how many seconds it expires; one that is below zero has been expired for so long. Default 3600. */
  readonly expiresInS?: number;
  /** Further claims, or others than Cognito would give; one that is `undefined` is left out. Default none. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What can be said of a user's token. */
export interface UserTokenOptions extends TokenOptions {
  /** Default `test-user`. */
  readonly username?: string;
  /** The user's id. Default: made from the pool and the name, so that it is the same in all tokens of a user. */
  readonly sub?: string;
  /** `cognito:groups`. Default none: the claim is absent then, as Cognito leaves it out. */
  readonly groups?: readonly string[];
  /** How many seconds before the token was issued the user signed in: `auth_time`. Default 0. */
  readonly signedInAgoS?: number;
}

export interface AccessTokenOptions extends UserTokenOptions {
  /** Default `aws.cognito.signin.user.admin`, as in tokens of the API. */
  readonly scopes?: readonly string[];
}

export interface IdTokenOptions extends UserTokenOptions {
  /** Attributes that the app client may read, such as `email` and `custom:plan`. Default none. */
  readonly attributes?: Readonly<Record<string, string | boolean>>;
}

/** A token of the `client_credentials` grant: no user stands behind it. */
export interface MachineTokenOptions extends TokenOptions {
  /** Such as `reports/read`. */
  readonly scopes: readonly string[];
}

const OF_ALL = ['clientId', 'expiresInS', 'claims'];
const OF_USERS = [...OF_ALL, 'username', 'sub', 'groups', 'signedInAgoS'];

export const KNOWN_OPTIONS = {
  accessToken: [...OF_USERS, 'scopes'],
  idToken: [...OF_USERS, 'attributes'],
  machineToken: [...OF_ALL, 'scopes'],
} as const;

/** @throws TypeError when an option is unknown or of the wrong form. */
export function checkTokenOptions(method: keyof typeof KNOWN_OPTIONS, options: object): void {
  check(isRecord(options), `The argument of ${method}`, 'an object', options);
  refuseUnknown(method, options, KNOWN_OPTIONS[method]);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const what = `"${name}" of ${method}`;
    if (name === 'groups' || name === 'scopes') check(isNames(value), what, 'a list of names', value);
    else if (name === 'claims' || name === 'attributes') check(isRecord(value), what, 'an object', value);
    else if (name.endsWith('S')) check(Number.isSafeInteger(value), what, 'a whole number of seconds', value);
    else check(typeof value === 'string' && value !== '', what, 'a text', value);
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
