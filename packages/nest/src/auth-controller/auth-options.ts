import type { Type } from '@nestjs/common';
import { type CookieSession, isCookieSession } from '../cookie-session/cookie-session.js';
import { configInvalid, refuseUnknownKeys } from '../errors/cognest-error.js';
import type { CognitoAuthController } from './cognito-auth.controller.js';
import { AUTH_PARTS, type AuthPart } from './endpoint.decorator.js';

export const AUTH_CONTROLLER_OPTIONS = Symbol('cognest:auth-controller-options');

/** The `CognitoAuthService` of the pool that the controller is for. */
export const AUTH_SERVICE = Symbol('cognest:auth-controller-service');

/** How many failures there may be in how long a time. */
export interface AttemptLimit {
  readonly limit: number;
  /** In milliseconds. */
  readonly ttlMs: number;
}

/** How the ready-made endpoints are set up. */
export interface CognitoAuthModuleOptions {
  /** Where the routes begin, without a slash in front. Default `'auth'`. */
  readonly path?: string | undefined;
  /** Which routes there are. Default: all. */
  readonly parts?: readonly AuthPart[] | undefined;
  /** A class of yours that extends {@link CognitoAuthController}. */
  readonly controller?: Type<CognitoAuthController> | undefined;
  /**
   * The configured pool that users sign in to, and whose users alone the guarded routes take. A handler of your
   * controller says otherwise with `@Authorize({ pool })`. Default: the default one.
   */
  readonly pool?: string | undefined;
  /**
   * Keeps the tokens in cookies; name the same object in the `tokenSources` of `CognitoModule`. Default: tokens are in
   * the bodies of answers.
   */
  readonly session?: CookieSession | undefined;
  /**
   * The attributes that users may write, at sign-up and after. Default: the standard ones of a profile; no `custom:`
   * one, since an app may keep there what a user must not decide. Refused: `sub`, `email_verified`,
   * `phone_number_verified`, `identities` and `cognito:*`, which Cognito alone decides.
   */
  readonly writableAttributes?: readonly string[] | undefined;
  /** Your product, as authenticator apps show it; without a colon. Default `'Account'`. */
  readonly issuer?: string | undefined;
  /**
   * Whether users may sign in without a password first: with a passkey, with a code, or as they choose (`USER_AUTH`). The
   * app client needs `ALLOW_USER_AUTH`, and `PreventUserExistenceErrors: 'ENABLED'`. How such a sign-in begins tells
   * whether there is an account that is disabled or not confirmed, in spite of `uniformAnswers`. Default `false`.
   */
  readonly signInByChoice?: boolean | undefined;
  /**
   * Whether public endpoints answer alike for users who exist and for those who do not. `false` says more to everybody,
   * that a name is taken, that an account is not confirmed, where the pool's `preventUserExistenceErrors` is `'LEGACY'`.
   * Default `true`.
   */
  readonly uniformAnswers?: boolean | undefined;
  /**
   * How many failures there may be for one account and from one address, counted by the `ThrottlerModule` of
   * `@nestjs/throttler`. Default: 10 and 50 in 15 minutes, where the app has that module. `false`: not counted.
   */
  readonly throttle?: false | { account?: AttemptLimit; address?: AttemptLimit } | undefined;
}

export interface ResolvedAuthOptions {
  readonly path: string;
  readonly parts: readonly AuthPart[];
  readonly pool: string | undefined;
  readonly session: CookieSession | undefined;
  readonly writableAttributes: readonly string[];
  readonly issuer: string;
  readonly signInByChoice: boolean;
  readonly uniformAnswers: boolean;
  readonly throttle: false | { readonly account: AttemptLimit; readonly address: AttemptLimit };
  /** Whether `throttle` was given, and so is needed. */
  readonly throttleGiven: boolean;
}

const OPTIONS = [
  'path',
  'parts',
  'controller',
  'pool',
  'session',
  'writableAttributes',
  'issuer',
  'signInByChoice',
  'uniformAnswers',
  'throttle',
];

const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;

/** Standard attributes that a user may write; none of those that only Cognito writes. */
const PROFILE_ATTRIBUTES = [
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'website',
  'zoneinfo',
];

/** Who a user is, and which addresses are proved to be theirs: never the user's own word. */
const DECIDED_BY_COGNITO = /^(?:sub|email_verified|phone_number_verified|identities|cognito:.*)$/i;

/** @throws {CognestError} `config_invalid` */
export function readAuthOptions(options: CognitoAuthModuleOptions): ResolvedAuthOptions {
  const where = 'CognitoAuthModule';
  if (typeof options !== 'object' || options === null) {
    throw configInvalid(`${where}: the options`, `an object of ${OPTIONS.join(', ')}`, options);
  }
  refuseUnknownKeys(`${where}: the options`, options, OPTIONS);
  const { path = 'auth', parts = AUTH_PARTS, pool, session, uniformAnswers = true, throttle } = options;
  const { writableAttributes = PROFILE_ATTRIBUTES, issuer = 'Account', signInByChoice = false } = options;
  if (typeof path !== 'string' || !/^[\w-]+(\/[\w-]+)*$/.test(path)) {
    throw configInvalid(`${where}: "path"`, 'a path without a slash in front or behind, as "auth"', path);
  }
  if (!isListOf(parts, (part) => AUTH_PARTS.includes(part as AuthPart)) || parts.length === 0) {
    throw configInvalid(`${where}: "parts"`, `a list of ${AUTH_PARTS.join(', ')}`, parts);
  }
  if (pool !== undefined && typeof pool !== 'string') {
    throw configInvalid(`${where}: "pool"`, 'the name of a configured pool', pool);
  }
  if (session !== undefined && !isCookieSession(session)) {
    throw configInvalid(`${where}: "session"`, 'what cookieSession() gives', session);
  }
  if (!isListOf(writableAttributes, (name) => typeof name === 'string' && name !== '')) {
    throw configInvalid(
      `${where}: "writableAttributes"`,
      'a list of names of attributes',
      writableAttributes,
    );
  }
  const decided = writableAttributes.find((name) => DECIDED_BY_COGNITO.test(name));
  if (decided !== undefined) {
    throw configInvalid(
      `${where}: "writableAttributes"`,
      'attributes that users may decide, not what Cognito says of them (sub, email_verified, phone_number_verified, ' +
        'identities, cognito:*)',
      decided,
    );
  }
  if (typeof issuer !== 'string' || !/^[^:]{1,64}$/.test(issuer)) {
    throw configInvalid(`${where}: "issuer"`, '1 to 64 characters without a colon', issuer);
  }
  if (typeof signInByChoice !== 'boolean') {
    throw configInvalid(`${where}: "signInByChoice"`, 'true or false', signInByChoice);
  }
  if (typeof uniformAnswers !== 'boolean') {
    throw configInvalid(`${where}: "uniformAnswers"`, 'true or false', uniformAnswers);
  }
  return {
    path,
    parts,
    pool,
    session,
    writableAttributes,
    issuer,
    signInByChoice,
    uniformAnswers,
    throttle: throttle === false ? false : readLimits(`${where}: "throttle"`, throttle ?? {}),
    throttleGiven: throttle !== undefined && throttle !== false,
  };
}

function readLimits(where: string, given: object) {
  if (typeof given !== 'object' || given === null) {
    throw configInvalid(where, 'false, or an object of account and address', given);
  }
  refuseUnknownKeys(where, given, ['account', 'address']);
  const { account, address } = given as { account?: unknown; address?: unknown };
  return {
    account: readLimit(`${where}.account`, account ?? { limit: 10, ttlMs: FIFTEEN_MINUTES_MS }),
    address: readLimit(`${where}.address`, address ?? { limit: 50, ttlMs: FIFTEEN_MINUTES_MS }),
  };
}

function readLimit(where: string, given: unknown): AttemptLimit {
  const { limit, ttlMs } = (given ?? {}) as Partial<AttemptLimit>;
  for (const value of [limit, ttlMs]) {
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      throw configInvalid(where, '{ limit, ttlMs }, both whole numbers from 1', given);
    }
  }
  refuseUnknownKeys(where, given as object, ['limit', 'ttlMs']);
  return { limit: limit as number, ttlMs: ttlMs as number };
}

function isListOf(value: unknown, fits: (each: unknown) => boolean): value is readonly never[] {
  return Array.isArray(value) && value.every(fits);
}
