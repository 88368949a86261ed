import { isUtf8 } from 'node:buffer';
import { quote, VerifierError } from '../errors.js';
import { hasDuplicateMembers } from './json-members.js';
import { decodeBase64url, scratchOf } from './scratch.js';

/** A token taken apart. Nothing in it is to be believed before the signature has been checked. */
export interface ReadToken {
  readonly token: string;
  /** The header as it stands in the token. */
  readonly headerSegment: string;
  readonly kid: string;
  readonly claims: Record<string, unknown>;
  /** How many of the token's characters are signed: header, dot, payload. */
  readonly signedLength: number;
}

// Cognito's headers, of a key id and an algorithm, take some 90 characters. What is longer is not read at all, since
// reading costs, and anybody can have a header read.
const MAX_HEADER_LENGTH = 1_024;
// Cognito's key ids have 44 characters (base64 of 32 bytes).
const MAX_KID_LENGTH = 256;

/**
 * Takes a compact JWS apart, strictly (RFC 7515 section 3.1, RFC 8725 section 3.1).
 *
 * @param knownHeaders - key ids by header segment, for headers that were read before.
 */
export function readToken(
  token: unknown,
  maxLength: number,
  knownHeaders: ReadonlyMap<string, string>,
): ReadToken {
  if (typeof token !== 'string') throw malformed('the token must be a string', 'a string', typeof token);
  if (token.length > maxLength) {
    throw new VerifierError(
      'token_too_long',
      `the token must have at most ${maxLength} characters ("maxTokenLength"), got ${token.length}`,
      { expected: maxLength, actual: token.length },
    );
  }
  const firstDot = token.indexOf('.');
  const secondDot = token.indexOf('.', firstDot + 1);
  if (firstDot < 0 || secondDot < 0 || token.indexOf('.', secondDot + 1) >= 0) {
    const segments = firstDot < 0 ? 1 : secondDot < 0 ? 2 : 'more';
    throw malformed(`the token must have 3 segments, got ${segments}`, 3, segments);
  }
  const headerSegment = token.slice(0, firstDot);
  const kid = knownHeaders.get(headerSegment) ?? readHeader(headerSegment);
  const claims = parseObject(token.slice(firstDot + 1, secondDot), 'payload').value;
  return { token, headerSegment, kid, claims, signedLength: secondDot };
}

function readHeader(segment: string): string {
  const { length } = segment;
  if (length > MAX_HEADER_LENGTH) {
    const message = `the header must have at most ${MAX_HEADER_LENGTH} characters, got ${length}`;
    throw malformed(message, MAX_HEADER_LENGTH, length);
  }
  if (/^bearer /i.test(segment)) {
    throw malformed('the token must be given alone, without "Bearer " before it', 'base64url');
  }
  const { value: header, text } = parseObject(segment, 'header');
  if (hasDuplicateMembers(text)) throw malformed('a header member appears twice');
  const alg = own(header, 'alg');
  if (alg !== 'RS256') throw notAllowed('alg', 'RS256', alg);
  // No extension is understood here, and one that must be understood makes the token invalid (RFC 7515 section 4.1.11).
  if (Object.hasOwn(header, 'crit')) throw notAllowed('crit', 'absent', header['crit']);
  const typ = own(header, 'typ');
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) {
    throw notAllowed('typ', 'JWT or absent', typ);
  }
  const kid = own(header, 'kid');
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH) {
    throw malformed(
      `"kid" must be a string of 1 to ${MAX_KID_LENGTH} characters, got ${quote(kid)}`,
      'a string',
      kid,
    );
  }
  return kid;
}

function parseObject(segment: string, name: string): { value: Record<string, unknown>; text: string } {
  const bytes = decodeBase64url(segment, scratchOf(segment.length));
  if (bytes === undefined) throw malformed(`the ${name} must be canonical base64url`, 'base64url');
  if (!isUtf8(bytes)) throw malformed(`the ${name} must be UTF-8`, 'UTF-8');
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the input; it is dropped, since the input is a credential.
    throw malformed(`the ${name} must be JSON`, 'JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`the ${name} must be a JSON object`, 'a JSON object');
  }
  return { value: value as Record<string, unknown>, text };
}

/** A member of the object itself: one that a polluted `Object.prototype` lends it does not count. */
export function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function malformed(message: string, expected?: unknown, actual?: unknown): VerifierError {
  return new VerifierError('token_malformed', message, { expected, actual });
}

function notAllowed(member: string, expected: string, actual: unknown): VerifierError {
  return new VerifierError(
    'header_not_allowed',
    `header "${member}" must be ${expected}, got ${quote(actual)}`,
    { expected, actual },
  );
}
