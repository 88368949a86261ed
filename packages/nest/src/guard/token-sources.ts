import { HttpException } from '@nestjs/common';
import { BoundedLog, whereThrown } from '../errors/bounded-log.js';
import { CognestError, configInvalid, refuseUnknownKeys } from '../errors/cognest-error.js';
import { type Carrier, type HttpRequestLike, httpCarrier } from './carrier.js';
import { requestCookies } from './request-cookies.js';

/** A cookie that holds the token, and nothing else. */
export interface CookieTokenSource {
  /** The cookie's name, exactly: `__Host-access_token`. */
  readonly cookie: string;
}

/** A place of your own. */
export interface CustomTokenSource {
  /**
   * The token that the request brings there, unchecked, or `undefined`. Called with the platform's request. Where it
   * throws, the request is refused: with what it throws if that is an `HttpException`, else as ill-formed.
   */
  read(request: HttpRequestLike): string | undefined;
}

/** Where a token may be: `'header'` is `Authorization: Bearer <token>` (RFC 6750 section 2.1). */
export type TokenSource = 'header' | CookieTokenSource | CustomTokenSource;

const MAX_SOURCES = 8;
// RFC 6265 section 4.1.1: a cookie's name is a token of RFC 9110.
const COOKIE_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;

/**
 * The frozen list that the option `tokenSources` means.
 *
 * @throws {CognestError} `config_invalid` for an empty list, an unknown source, or one that is there twice.
 */
export function readTokenSources(given: readonly TokenSource[] = ['header']): readonly TokenSource[] {
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_SOURCES) {
    throw configInvalid('"tokenSources"', `a list of 1 to ${MAX_SOURCES} sources`, given);
  }
  const seen = new Set<unknown>();
  return Object.freeze(
    given.map((source: unknown, index) => {
      const what = `"tokenSources[${index}]"`;
      const read = readSource(what, source);
      const identity = read === 'header' ? read : 'cookie' in read ? `cookie ${read.cookie}` : read.read;
      if (seen.has(identity))
        throw new CognestError('config_invalid', `${what} is there twice; name it once`);
      seen.add(identity);
      return read;
    }),
  );
}

function readSource(what: string, source: unknown): TokenSource {
  if (source === 'header') return source;
  if (typeof source !== 'object' || source === null) {
    throw configInvalid(what, '"header", { cookie: "<name>" } or { read: (request) => … }', source);
  }
  if ('read' in source) {
    const { read } = source;
    if (typeof read !== 'function') throw configInvalid(`${what}.read`, 'a function', read);
    if ('cookie' in source) throw new CognestError('config_invalid', `${what} has both "cookie" and "read"`);
    return source as CustomTokenSource;
  }
  refuseUnknownKeys(what, source, ['cookie', 'read']);
  const { cookie } = source as Partial<CookieTokenSource>;
  if (typeof cookie !== 'string' || !COOKIE_NAME.test(cookie)) {
    throw configInvalid(`${what}.cookie`, "a cookie's name", cookie);
  }
  return Object.freeze({ cookie });
}

/**
 * What finds the credentials of an HTTP request: every one that the sources hold, so that two of them can be told from
 * one. A source that is not configured is not looked at.
 */
export function carrierReader(sources: readonly TokenSource[]): (request: HttpRequestLike) => Carrier {
  const [first, ...others] = sources;
  if (first === 'header' && others.length === 0) return httpCarrier;
  const withHeader = sources.includes('header');
  const elsewhere = sources.filter((source) => source !== 'header');
  const log = new BoundedLog('CognitoAuthGuard');
  return (request) => {
    // The count of headers matters to cookies, too.
    const { authorization, cut = false } = httpCarrier(request);
    const tokens: string[] = [];
    for (const source of elsewhere) {
      if ('cookie' in source) {
        for (const value of cookiesNamed(source.cookie, request)) tokens.push(value);
      } else {
        const token = readCustom(source, request, log);
        if (token instanceof Promise || token === null) {
          throw new CognestError(
            'config_invalid',
            `"tokenSources": read() must return a string or undefined, at once; it returned ${
              token === null ? 'null' : 'a promise'
            }`,
          );
        }
        // A list, of a query that says it twice, say, is the client's doing: no token, and not for the log.
        if (token !== undefined) tokens.push(typeof token === 'string' ? token : '');
      }
    }
    return { authorization: withHeader ? authorization : [], tokens, cut };
  };
}

function readCustom(source: CustomTokenSource, request: HttpRequestLike, log: BoundedLog): unknown {
  try {
    return source.read(request);
  } catch (error) {
    if (error instanceof HttpException) throw error;
    // Of what anybody may send there is always something that it has not thought of.
    const { name, stack } = whereThrown(error);
    log.error(
      'read',
      `"tokenSources": read() threw (${name}) on a request, which is refused; return undefined where there is no token`,
      stack,
    );
    return '';
  }
}

/**
 * The values of all cookies of exactly this name. A request may bring several, from other paths or planted by a
 * subdomain, in an order that says nothing: it is not for us to choose. One that is empty, as a sign-out leaves it
 * behind, counts as none, unless there are others.
 */
function cookiesNamed(name: string, request: HttpRequestLike): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of requestCookies(request)) if (key === name) values.push(value);
  return values.length === 1 && values[0] === '' ? [] : values;
}
