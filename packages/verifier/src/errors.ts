/** What is wrong, as one literal to branch on. The message is for people and may change; the code does not. */
export type VerifierErrorCode = keyof typeof KIND_OF_CODE;

/**
 * What sort of failure a code is, for a caller that answers by sort:
 * - `config`: an option is wrong. Fix the code; at run time a 500.
 * - `credential`: the token is not acceptable. A 401.
 * - `permission`: the token is good, but does not carry what is required. A 403.
 * - `outage`: the keys cannot be had just now; nothing is known about the token. A 503 with `Retry-After`.
 * - `fault`: a hook of the application (`check`, `revocations`) threw. A 500.
 */
export type VerifierErrorKind = 'config' | 'credential' | 'permission' | 'outage' | 'fault';

const KIND_OF_CODE = {
  /** An option, or a requirement given to `verify`, is not usable. */
  config_invalid: 'config',
  /** Not a compact JWS of two JSON objects in canonical base64url, or a member has an impossible type. */
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
  /** The custom `check` or `revocations.isRevoked` threw; see `cause`. */
  check_failed: 'fault',
} as const satisfies Record<string, VerifierErrorKind>;

/** What goes with a code. */
export interface VerifierErrorDetails {
  /** What would have been accepted. */
  readonly expected?: unknown;
  /** What was found: a claim, a header member or an option. Never the token, never a part of its signature. */
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
    if (kind === 'credential' || kind === 'permission') Error.stackTraceLimit = 0;
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    Error.stackTraceLimit = limit;
    this.code = code;
    this.kind = kind;
    this.expected = details.expected;
    this.actual = details.actual;
    this.retryAfterS = details.retryAfterS;
  }
}

/** `value` as it may appear in a message: quoted, on one line, and cut short, since strangers choose it. */
export function quote(value: unknown): string {
  let text: string | undefined;
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    text = `a ${typeof value}`;
  } else {
    try {
      text = JSON.stringify(value);
    } catch {
      text = undefined;
    }
  }
  text ??= String(typeof value === 'undefined' ? 'nothing' : typeof value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
