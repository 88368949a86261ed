/** What went wrong, as one literal to branch on. The message is for people and may change; the code does not. */
export type CognestErrorCode =
  /** An option, a decorator or a route is not usable. The boot stops. */
  | 'config_invalid'
  /** A method was called without something that it needs, as a user name beside a client secret. */
  | 'argument_invalid'
  /** No pool of this name is configured. */
  | 'pool_unknown'
  /** `@CurrentUser()` or `@AccessToken()` on a request that no guard has authenticated. */
  | 'user_absent'
  /** Cognito answered a sign-in with a challenge that this version does not model. */
  | 'challenge_unsupported'
  /** What was to be opened is not a challenge that was sealed here a while ago. */
  | 'challenge_seal_invalid'
  /** The tokens of a session are longer than cookies can be. */
  | 'session_too_large'
  /** No answer from Cognito within the time-out. */
  | 'cognito_timeout'
  /** No connection to Cognito: none at all, none by TLS, or what stands before Cognito answers 503. */
  | 'cognito_unreachable'
  /** The SDK got no AWS credentials, which signed calls need: from its provider chain, or from the client's settings. */
  | 'credentials_unavailable'
  /** Something answered, but not as Cognito does: a proxy's page, a redirect, an empty result, what is no HTTP. */
  | 'cognito_response_invalid';

/**
 * The base of this package's own errors. Cognito's exceptions are not wrapped: services throw those of the SDK, so
 * that `error instanceof UserNotFoundException` goes on working.
 *
 * No message ever holds a token, a password, a code or a secret.
 */
export class CognestError extends Error {
  override readonly name: string = 'CognestError';
  readonly code: CognestErrorCode;

  constructor(code: CognestErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A configuration error: what was given, what is expected. */
export function configInvalid(what: string, expected: string, given: unknown, from = ''): CognestError {
  return new CognestError('config_invalid', `${what} must be ${expected}, got ${show(given)}${from}`);
}

/** `value` as it may stand in a message: quoted, on one line, cut short. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has no word for these.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  let text: string;
  try {
    text = JSON.stringify(value) ?? typeof value;
  } catch {
    text = `a ${typeof value}`;
  }
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Refuses members that nobody reads: a misspelt option would otherwise be a check that silently is not there. */
export function refuseUnknownKeys(what: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new CognestError(
        'config_invalid',
        `${what} ${what.endsWith('the options') ? 'have' : 'has'} no member "${key}"; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`,
      );
    }
  }
}
