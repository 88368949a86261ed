/** What is wrong, as one literal to branch on. The message is for people and may change; the code does not. */
export type VerifierErrorCode = keyof typeof KIND_OF_CODE;

/**
 * What sort of failure a code is, for a caller that answers by sort:
 * - `config`: an option is wrong. Fix the code; at run time a 500.
 * - `credential`: the token is not acceptable. A 401.
 * - `permission`: the token is good, but does not carry what is required. A 403.
 * - `outage`: the keys cannot be had just now; nothing is known about the token. A 503 with `Retry-After`.
 * - `fault`: a hook of the application (`check`, `revocations`, `now`) threw. A 500.
 */
export type VerifierErrorKind = 'config' | 'credential' | 'permission' | 'outage' | 'fault';

const KIND_OF_CODE = {
  /** An option, or a requirement given to `verify`, is not usable. */
  config_invalid: 'config',
  /** Not a compact JWS of two JSON objects in canonical base64url, a header that is too long, or a member of an impossible type. */
  token_malformed: 'credential',
  /** Longer than `maxTokenLength`. */
  token_too_long: 'credential',
  /** `alg` is not RS256, there is a `crit`, or `typ` names something else than a JWT. */
  header_not_allowed: 'credential',
  /** `iss` is none of the configured pools' issuers, to the letter. */
  issuer_unknown: 'credential',
  /** `kid` is not in the pool's key set, which was read less than 5 seconds ago or after this token arrived. */
  key_unknown: 'credential',
  /** The signature is not that of the pool's key over these bytes. */
  signature_invalid: 'credential',
  /** A claim that the check needs is not there. */
  claim_missing: 'credential',
  /** A claim has a type that Cognito never gives it. */
  claim_invalid: 'credential',
  /** `exp` has passed. */
  token_expired: 'credential',
  /** `nbf` or `iat` lies in the future. */
  token_not_yet_valid: 'credential',
  /** An ID token where an access token is wanted, or the other way round. */
  token_use_mismatch: 'credential',
  /** Issued to another app client: `client_id` of an access token, `aud` of an ID token. */
  client_mismatch: 'credential',
  /** `revocations.isRevoked` said so. */
  token_revoked: 'credential',
  /** `cognito:groups` does not hold what `groups` asks for. */
  groups_missing: 'permission',
  /** `scope` does not hold what `scopes` asks for. */
  scopes_missing: 'permission',
  /** The sign-in (`auth_time`) is older than `maxAuthAgeS`. RFC 9470 answers this one with 401. */
  auth_too_old: 'permission',
  /** The custom `check` did not answer `true`. */
  check_refused: 'permission',
  /** The key endpoint does not answer as it should and there are no keys to go on with. */
  keys_unavailable: 'outage',
  /** The custom `check` or `revocations.isRevoked` threw, or the clock (`now`) did or told no time; see `cause`. */
  check_failed: 'fault',
} as const satisfies Record<string, VerifierErrorKind>;

/** What goes with a code. */
export interface VerifierErrorDetails {
  /** What would have been accepted. */
  readonly expected?: unknown;
  /**
   * What was found: a claim, a header member or an option. Never the token, never a part of its signature. The error
   * keeps a primitive, a string of 256 characters at most, and of anything else the sort only, as `'a list'`: whoever
   * sent the token chose it, however large or deep.
   */
  readonly actual?: unknown;
  /** Seconds after which trying again makes sense; with the kind `outage` only. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/**
 * The only error that this package throws.
 *
 * A refused token is an everyday event, so such an error is built without a stack trace, which would show
 * nothing but this package's inside and cost more than the rest of the refusal. Configuration errors and
 * faults keep theirs.
 */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
  readonly code: VerifierErrorCode;
  readonly kind: VerifierErrorKind;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly retryAfterS: number | undefined;

  constructor(code: VerifierErrorCode, message: string, details: VerifierErrorDetails = {}) {
    const kind = KIND_OF_CODE[code];
    const limit = Error.stackTraceLimit;
    const traceless = kind === 'credential' || kind === 'permission';
    if (traceless) limitStackTraces(0);
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    if (traceless) limitStackTraces(limit);
    this.code = code;
    this.kind = kind;
    this.expected = details.expected;
    this.actual = summary(details.actual);
    this.retryAfterS = details.retryAfterS;
  }
}

function limitStackTraces(limit: number): void {
  try {
    Error.stackTraceLimit = limit;
  } catch {
    // `Error` is frozen (`node --frozen-intrinsics`): a stack trace more costs time only.
  }
}

const MAX_QUOTED_LENGTH = 120;
const MAX_QUOTED_ITEMS = 8;
const MAX_ACTUAL_LENGTH = 256;

/**
 * `value` as it may appear in a message: quoted, on one line, and cut short. Strangers choose it, so nothing is done
 * whose cost grows with it: a list shows its first primitives, an object shows that it is one.
 */
export function quote(value: unknown): string {
  if (!Array.isArray(value)) return cut(quoteOne(value));
  const items = value.slice(0, MAX_QUOTED_ITEMS).map(quoteOne);
  if (value.length > MAX_QUOTED_ITEMS) items.push('...');
  return cut(`[${items.join(', ')}]`);
}

function quoteOne(value: unknown): string {
  if (typeof value !== 'string') return isPrimitive(value) ? String(value ?? nameOf(value)) : nameOf(value);
  return JSON.stringify(value.slice(0, MAX_QUOTED_LENGTH + 1)).replace(UNPRINTABLE, escapeUnprintable);
}

// What JSON leaves as it is and a terminal, a log viewer or a reader takes for something else: C1 controls and delete,
// line separators, and the marks that turn the direction of text or take no room.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escapeUnprintable(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16)}}`;
}

function cut(text: string): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH - 3)}...` : text;
}

/** What an error keeps of a value that somebody else chose. */
function summary(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_ACTUAL_LENGTH);
  return isPrimitive(value) ? value : nameOf(value);
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}
