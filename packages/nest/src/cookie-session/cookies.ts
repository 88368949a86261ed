import type { HttpRequestLike } from '../guard/carrier.js';
import { requestCookies } from '../guard/request-cookies.js';

/** Browsers keep 4096 bytes of name, value and attributes together (RFC 6265 section 6.1); this leaves room for those. */
const PART_LENGTH = 3800;
/** More would come close to the 16 KiB that Node accepts for all headers of a request. */
const MAX_PARTS = 4;
/** `<number of parts>:<first part>`; a token has no colon. */
const SPLIT = /^([2-9]):(.*)$/s;

/** More than one cookie of a name: one of them was planted, and nothing says which. */
export class AmbiguousCookieError extends Error {}

/** How a cookie is set. */
export interface CookieAttributes {
  readonly secure: boolean;
  readonly sameSite: 'Lax' | 'Strict';
  /** Seconds; 0 removes the cookie. */
  readonly maxAgeS: number;
}

/**
 * The `Set-Cookie` values that keep `value`, over several cookies where one is too small: `name` holds how many there
 * are and the first part, `name.1` the second.
 *
 * @throws {RangeError} when the value is longer than {@link MAX_PARTS} cookies.
 */
export function writeCookies(name: string, value: string, attributes: CookieAttributes): string[] {
  if (value.length <= PART_LENGTH) return [setCookie(name, value, attributes)];
  const parts: string[] = [];
  for (let at = 0; at < value.length; at += PART_LENGTH) parts.push(value.slice(at, at + PART_LENGTH));
  if (parts.length > MAX_PARTS) {
    throw new RangeError(`${value.length} characters do not fit into ${MAX_PARTS} cookies`);
  }
  return parts.map((part, index) =>
    index === 0
      ? setCookie(name, `${parts.length}:${part}`, attributes)
      : setCookie(`${name}.${index}`, part, attributes),
  );
}

/** The `Set-Cookie` values that remove what {@link writeCookies} has set, as far as the request shows it. */
export function removeCookies(
  name: string,
  request: HttpRequestLike,
  attributes: CookieAttributes,
): string[] {
  const cookies = readPairs(request, name);
  const names = [name, ...partNames(name, MAX_PARTS).filter((part) => cookies.has(part))];
  return names.map((each) => setCookie(each, '', { ...attributes, maxAgeS: 0 }));
}

/**
 * What {@link writeCookies} has set; `undefined` when it is not there, or not all of it.
 *
 * @throws {AmbiguousCookieError}
 */
export function readCookies(name: string, request: HttpRequestLike): string | undefined {
  const cookies = readPairs(request, name);
  const one = (each: string) => {
    const [value, ...others] = cookies.get(each) ?? [];
    if (others.length > 0) throw new AmbiguousCookieError();
    return value;
  };
  const first = one(name);
  if (first === undefined || first === '') return undefined;
  const split = SPLIT.exec(first);
  if (split === null) return first;
  const count = Number(split[1]);
  if (count > MAX_PARTS) return undefined;
  const parts = [split[2], ...partNames(name, count).map(one)];
  return parts.includes(undefined) ? undefined : parts.join('');
}

function partNames(name: string, count: number): string[] {
  return Array.from({ length: count - 1 }, (_, index) => `${name}.${index + 1}`);
}

function setCookie(name: string, value: string, { secure, sameSite, maxAgeS }: CookieAttributes): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
}

/** All values of the cookies whose name begins with `name`, by name. */
function readPairs(request: HttpRequestLike, name: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, value] of requestCookies(request)) {
    if (key.startsWith(name)) found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}
