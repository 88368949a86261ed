import type { VerifierError } from '@cognest/verifier';
import type { PolicyFailure } from '../policy/evaluate-policy.js';
import type { Policy } from '../policy/policy.js';

/** Why a request was not let in, as one stable literal. */
export type RefusalCode =
  /** No Bearer credential. 401 */
  | 'credentials_missing'
  /** More than one credential, or one that is not `Bearer <token>`. 400 */
  | 'credentials_malformed'
  /** The token's time is over. 401 */
  | 'token_expired'
  /** The token is not acceptable here: forged, of another pool or app client, of the other kind. 401 */
  | 'token_invalid'
  /** The sign-in is older than the policy allows: sign in again (RFC 9470). 401 */
  | 'auth_too_old'
  /** The user's groups do not fit the policy. 403 */
  | 'groups_insufficient'
  /** The token's scopes do not fit the policy. 403 */
  | 'scopes_insufficient'
  /** The policy is for other app clients. 403 */
  | 'client_not_allowed'
  /** The policy is for users of other pools. 403 */
  | 'pool_not_allowed'
  /** The policy's own `check` did not answer `true`. 403 */
  | 'check_refused'
  /** The policy's own `check` failed, so nobody knows whether the user may pass. 503 */
  | 'check_failed'
  /** A session cookie without proof that no other site made the browser send it. 403 */
  | 'csrf_refused'
  /** The pool's keys cannot be had, so nothing is known about the token. 503 */
  | 'keys_unavailable';

/** A refusal as plain data: what every transport makes its own exception of. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  readonly code: RefusalCode;
  /** For people, and safe to send: names no group, no user, no token. */
  readonly detail: string;
  /** The value of `WWW-Authenticate` (RFC 6750 section 3, RFC 9470). Absent with 503. */
  readonly challenge?: string;
  /** Seconds after which trying again makes sense. With 503. */
  readonly retryAfterS?: number;
  /** The parts of the policy that did not hold. Not for the client. */
  readonly failed?: readonly (PolicyFailure | 'check')[];
  /** What the verifier said. Not for the client. */
  readonly cause?: VerifierError;
}

const DEFAULT_RETRY_AFTER_S = 5;

export const CREDENTIALS_MISSING: Refusal = Object.freeze({
  status: 401,
  code: 'credentials_missing',
  detail: 'This needs an access token: send "Authorization: Bearer <token>".',
  // RFC 6750 section 3.1: a request without credentials gets no error code.
  challenge: 'Bearer',
});

/** The same where the app does not look into that header. */
export const CREDENTIALS_MISSING_ELSEWHERE: Refusal = Object.freeze({
  ...CREDENTIALS_MISSING,
  detail: 'This needs an access token, and the request brings none.',
});

export const CREDENTIALS_MALFORMED: Refusal = Object.freeze({
  status: 400,
  code: 'credentials_malformed',
  detail: 'Exactly one well-formed Bearer credential is accepted, in one place.',
  challenge: 'Bearer error="invalid_request", error_description="exactly one Bearer credential is accepted"',
});

/** For a policy's `check` that did not answer `true`. */
export const CHECK_REFUSED: Refusal = Object.freeze(
  forbidden('check_refused', 'This is not permitted to you.', ['check']),
);

/** For a policy's `check` that failed. */
export const CHECK_FAILED: Refusal = Object.freeze<Refusal>({
  status: 503,
  code: 'check_failed',
  detail: 'Whether this is permitted to you cannot be told at the moment; try again.',
  retryAfterS: DEFAULT_RETRY_AFTER_S,
  failed: ['check'],
});

/** The refusal for a token that the verifier does not accept. */
export function refusalOfToken(error: VerifierError): Refusal {
  if (error.kind === 'outage') {
    return {
      status: 503,
      code: 'keys_unavailable',
      detail: 'Tokens cannot be checked at the moment; try again.',
      retryAfterS: Math.max(1, Math.ceil(error.retryAfterS ?? DEFAULT_RETRY_AFTER_S)),
      cause: error,
    };
  }
  const expired = error.code === 'token_expired';
  const detail = expired ? 'The token has expired.' : 'The token is not valid here.';
  return {
    status: 401,
    code: expired ? 'token_expired' : 'token_invalid',
    detail,
    challenge: `Bearer error="invalid_token", error_description="${expired ? 'the token has expired' : 'the token is not valid here'}"`,
    cause: error,
  };
}

/**
 * The refusal for a valid token that does not meet the policy. What the user cannot mend by signing in again (403)
 * comes before what they can (401).
 */
export function refusalOfPolicy(policy: Policy, failed: readonly PolicyFailure[]): Refusal {
  if (failed.includes('tokenUse')) {
    return {
      status: 401,
      code: 'token_invalid',
      detail: 'The token is not valid here.',
      challenge: `Bearer error="invalid_token", error_description="${policy.tokenUse === 'id' ? 'an ID token' : 'an access token'} is needed"`,
      failed,
    };
  }
  if (failed.includes('clientId')) {
    return forbidden('client_not_allowed', 'This is for other app clients.', failed);
  }
  if (failed.includes('pool')) {
    return forbidden('pool_not_allowed', 'This is for users of other pools.', failed);
  }
  if (failed.some((part) => part.startsWith('groups'))) {
    return forbidden('groups_insufficient', 'Your groups do not allow this.', failed);
  }
  if (failed.some((part) => part.startsWith('scopes'))) {
    const scopes = [...new Set([...(policy.scopes?.all ?? []), ...(policy.scopes?.any ?? [])])];
    return forbidden('scopes_insufficient', "The token's scopes do not allow this.", failed, scopes);
  }
  return {
    status: 401,
    code: 'auth_too_old',
    detail: 'This needs a more recent sign-in.',
    challenge: `Bearer error="insufficient_user_authentication", error_description="a more recent sign-in is needed", max_age="${policy.maxAuthAgeS}"`,
    failed,
  };
}

function forbidden(
  code: RefusalCode,
  detail: string,
  failed: NonNullable<Refusal['failed']>,
  scopes: readonly string[] = [],
): Refusal {
  // A scope that RFC 6749 does not allow in a scope-token would break the header apart.
  const tokens = scopes.filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  const scope = tokens.length > 0 ? `, scope="${tokens.join(' ')}"` : '';
  return { status: 403, code, detail, challenge: `Bearer error="insufficient_scope"${scope}`, failed };
}
