import { CognestError, configInvalid, refuseUnknownKeys } from '../errors/cognest-error.js';
import type { HttpRequestLike } from '../guard/carrier.js';
import { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import { CREDENTIALS_MALFORMED, type Refusal } from '../guard/refusal.js';
import type { CustomTokenSource } from '../guard/token-sources.js';
import type { RememberedDevice } from '../services/auth/devices.js';
import { AmbiguousCookieError, readCookies, removeCookies, writeCookies } from './cookies.js';
import { mayBeForged, type SessionRequest } from './csrf.js';

/** How a session is kept in cookies. */
export interface CookieSessionOptions {
  /** What the cookies' names begin with, after `__Host-`. Default `'cognest'`: `__Host-cognest-access`. */
  readonly name?: string | undefined;
  /**
   * `Secure` and the prefix `__Host-`, which keep the cookies off plain HTTP and out of a subdomain's reach. Default
   * `true`; browsers take such cookies from `http://localhost` too. `false` is refused where `NODE_ENV` is
   * `production`.
   */
  readonly secure?: boolean | undefined;
  /** Whether links from other sites arrive signed in (`'lax'`) or not (`'strict'`). Default `'lax'`. */
  readonly sameSite?: 'lax' | 'strict' | undefined;
  /** Other origins whose pages may act with the session: `https://app.example.com`. Default: none but the API's own. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** The header that requests which change something must carry, with any value. Default `'x-csrf-protection'`. */
  readonly csrfHeader?: string | undefined;
  /** How long the browser keeps the session, in seconds: the app client's refresh token validity. Default 30 days. */
  readonly maxAgeS?: number | undefined;
}

/** What the session holds besides the access token: what new tokens are fetched with. */
export interface SessionRefresh {
  readonly refreshToken: string;
  /** The real user name, of which SECRET_HASH is made. */
  readonly username?: string | undefined;
  /** The device that the refresh token belongs to. */
  readonly deviceKey?: string | undefined;
  /** Of a device that this session has named, and that can be confirmed. */
  readonly deviceGroupKey?: string | undefined;
}

/** The device that a browser is: whose it is, and what it proves itself with. */
export interface SessionDevice extends RememberedDevice {
  /** The real user name of who confirmed it. */
  readonly username: string;
}

const OPTIONS = ['name', 'secure', 'sameSite', 'trustedOrigins', 'csrfHeader', 'maxAgeS'];
const THIRTY_DAYS_S = 30 * 24 * 60 * 60;
// Browsers keep no cookie longer than 400 days.
const LONGEST_S = 400 * 24 * 60 * 60;

const COOKIE_TWICE: Refusal = Object.freeze({
  ...CREDENTIALS_MALFORMED,
  detail: 'A session cookie came more than once: delete the cookies of this site, and sign in again.',
});

/**
 * A session in cookies, for `tokenSources` of `CognitoModule` and `session` of `CognitoAuthModule`.
 *
 * @throws {CognestError} `config_invalid`
 */
export function cookieSession(options: CookieSessionOptions = {}): CookieSession {
  return new CookieSession(options);
}

export function isCookieSession(value: unknown): value is CookieSession {
  return value instanceof CookieSession;
}

/**
 * A session in cookies that no script can read: the access token, and what refreshes it. As a token source it gives
 * the access token of a request that no other site can have made the browser send.
 */
export class CookieSession implements CustomTokenSource {
  /** The name of the cookie with the access token. */
  readonly accessCookie: string;
  /** The header that requests which change something must carry, in lower case. */
  readonly csrfHeader: string;
  readonly #refreshCookie: string;
  readonly #deviceCookie: string;
  readonly #trustedOrigins: ReadonlySet<string>;
  readonly #attributes: { secure: boolean; sameSite: 'Lax' | 'Strict'; maxAgeS: number };

  constructor(options: CookieSessionOptions) {
    if (typeof options !== 'object' || options === null) {
      throw configInvalid('cookieSession(): the options', `an object of ${OPTIONS.join(', ')}`, options);
    }
    refuseUnknownKeys('cookieSession(): the options', options, OPTIONS);
    const { name = 'cognest', secure = true, sameSite = 'lax', maxAgeS = THIRTY_DAYS_S } = options;
    const { trustedOrigins = [], csrfHeader = 'x-csrf-protection' } = options;
    if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw configInvalid('cookieSession(): "name"', '1 to 64 letters, digits, "-" or "_"', name);
    }
    if (typeof secure !== 'boolean')
      throw configInvalid('cookieSession(): "secure"', 'true or false', secure);
    if (!secure && process.env['NODE_ENV'] === 'production') {
      throw new CognestError(
        'config_invalid',
        'cookieSession(): "secure: false" is for development; in production, serve the app over HTTPS and leave it out',
      );
    }
    if (sameSite !== 'lax' && sameSite !== 'strict') {
      throw configInvalid('cookieSession(): "sameSite"', '"lax" or "strict"', sameSite);
    }
    if (!Number.isSafeInteger(maxAgeS) || maxAgeS < 1 || maxAgeS > LONGEST_S) {
      throw configInvalid(
        'cookieSession(): "maxAgeS"',
        `a whole number of seconds, at most ${LONGEST_S}`,
        maxAgeS,
      );
    }
    // A header that every request has, or that a page may send anywhere, would prove nothing.
    if (typeof csrfHeader !== 'string' || !/^x-[a-z0-9-]{1,64}$/i.test(csrfHeader)) {
      throw configInvalid('cookieSession(): "csrfHeader"', 'a name that begins with "x-"', csrfHeader);
    }
    this.#trustedOrigins = new Set(readOrigins(trustedOrigins));
    this.csrfHeader = csrfHeader.toLowerCase();
    const base = `${secure ? '__Host-' : ''}${name}`;
    this.accessCookie = `${base}-access`;
    this.#refreshCookie = `${base}-refresh`;
    this.#deviceCookie = `${base}-device`;
    this.#attributes = { secure, sameSite: sameSite === 'lax' ? 'Lax' : 'Strict', maxAgeS };
  }

  /**
   * The access token of the session that a request belongs to, if it brings one.
   *
   * @throws {CognitoAuthException} 400 for a cookie that came twice; 403 `csrf_refused` for a request that another site
   *   may have made.
   */
  read(request: SessionRequest): string | undefined {
    const token = this.#cookie(this.accessCookie, request);
    if (token !== undefined) this.assertGenuine(request);
    return token;
  }

  /** What refreshes the session of a request. Throws as {@link read} does. */
  readRefresh(request: SessionRequest): SessionRefresh | undefined {
    const [refreshToken, username, deviceKey, deviceGroupKey] = this.#texts(this.#refreshCookie, request);
    if (refreshToken === undefined) return undefined;
    return {
      refreshToken,
      ...(username !== undefined && { username }),
      ...(deviceKey !== undefined && { deviceKey }),
      ...(deviceGroupKey !== undefined && { deviceGroupKey }),
    };
  }

  /** The device that the browser of a request is, signed in or not. Throws as {@link read} does. */
  readDevice(request: SessionRequest): SessionDevice | undefined {
    const [username, deviceKey, deviceGroupKey, devicePassword] = this.#texts(this.#deviceCookie, request);
    if (username === undefined || deviceKey === undefined) return undefined;
    if (deviceGroupKey === undefined || devicePassword === undefined) return undefined;
    return { username, deviceKey, deviceGroupKey, devicePassword };
  }

  /**
   * Refuses what another site may have made the browser send.
   *
   * @throws {CognitoAuthException} 403 `csrf_refused`
   */
  assertGenuine(request: SessionRequest): void {
    if (!mayBeForged(request, this.csrfHeader, this.#trustedOrigins)) return;
    const { cookie, authorization } = request.headers ?? {};
    const what =
      cookie === undefined && authorization !== undefined
        ? 'These endpoints keep the session in cookies, whatever token comes along:'
        : 'With the session cookie,';
    throw new CognitoAuthException({
      status: 403,
      code: 'csrf_refused',
      detail: `${what} send the header "${this.csrfHeader}: 1" from a page of this site or of a trusted origin.`,
    });
  }

  /**
   * The `Set-Cookie` values that begin or renew a session.
   *
   * @throws {CognestError} `session_too_large`: the tokens are longer than cookies can be.
   */
  write(accessToken: string, refresh: SessionRefresh): string[] {
    const { refreshToken, username = null, deviceKey = null, deviceGroupKey } = refresh;
    const kept = [
      refreshToken,
      username,
      deviceKey,
      ...(deviceGroupKey === undefined ? [] : [deviceGroupKey]),
    ];
    try {
      return [
        ...writeCookies(this.accessCookie, accessToken, this.#attributes),
        ...writeCookies(this.#refreshCookie, encode(kept), this.#attributes),
      ];
    } catch (cause) {
      throw new CognestError(
        'session_too_large',
        'The tokens do not fit into cookies: has the user very many groups, or does a trigger add very much to them?',
        { cause },
      );
    }
  }

  /** The `Set-Cookie` values that end a session. */
  clear(request: HttpRequestLike): string[] {
    return [this.accessCookie, this.#refreshCookie].flatMap((name) =>
      removeCookies(name, request, this.#attributes),
    );
  }

  /**
   * The `Set-Cookie` values that make a browser the device that it then signs in as. It stays when the session ends, for
   * 400 days after it was last written: the longest that browsers keep a cookie.
   */
  writeDevice({ username, deviceKey, deviceGroupKey, devicePassword }: SessionDevice): string[] {
    return writeCookies(this.#deviceCookie, encode([username, deviceKey, deviceGroupKey, devicePassword]), {
      ...this.#attributes,
      maxAgeS: LONGEST_S,
    });
  }

  /** The `Set-Cookie` values with which a browser is no device any more. */
  clearDevice(request: HttpRequestLike): string[] {
    return removeCookies(this.#deviceCookie, request, this.#attributes);
  }

  /** The texts in a cookie of a request; none for what this class has not written. */
  #texts(name: string, request: SessionRequest): (string | undefined)[] {
    const value = this.#cookie(name, request);
    if (value === undefined) return [];
    this.assertGenuine(request);
    try {
      const parsed: unknown = JSON.parse(Buffer.from(value, 'base64url').toString());
      if (!Array.isArray(parsed)) return [];
      return parsed.map((each: unknown) => (typeof each === 'string' ? each : undefined));
    } catch {
      return [];
    }
  }

  #cookie(name: string, request: HttpRequestLike): string | undefined {
    try {
      return readCookies(name, request);
    } catch (error) {
      if (error instanceof AmbiguousCookieError) throw new CognitoAuthException(COOKIE_TWICE);
      throw error;
    }
  }
}

function encode(texts: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(texts)).toString('base64url');
}

function readOrigins(given: readonly string[]): string[] {
  const expected = 'a list of origins, as "https://app.example.com"';
  if (!Array.isArray(given)) throw configInvalid('cookieSession(): "trustedOrigins"', expected, given);
  return given.map((origin: unknown) => {
    const parsed = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined;
    if (parsed === undefined || parsed.origin !== origin || !/^https?:$/.test(parsed.protocol)) {
      throw configInvalid('cookieSession(): "trustedOrigins"', expected, origin);
    }
    return origin;
  });
}
