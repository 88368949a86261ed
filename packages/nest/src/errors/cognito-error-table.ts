/** What one of Cognito's exceptions becomes over HTTP. */
export interface CognitoErrorMapping {
  readonly status: number;
  /** A stable literal for programs. */
  readonly code: string;
  /** For people. Left out: Cognito's own message, which names what was wrong with the input. */
  readonly detail?: string;
  /** Seconds for `Retry-After`. */
  readonly retryAfterS?: number;
  /**
   * The key of the entry that answers instead on a request that carries no valid token, so that a public route does
   * not tell whether a user exists.
   */
  readonly unauthenticated?: string;
}

const FAULT = 'Signing in and managing users is not possible at the moment.';
const SETUP = 'This service is not set up correctly.';

/**
 * What Cognito's exceptions become over HTTP. Looked up by `<Operation>:<Exception>`, then by `<Exception>`, then by
 * `UnknownException`. The module's option `errors` replaces entries.
 */
export const cognitoErrorTable = {
  // The request
  InvalidParameterException: { status: 400, code: 'invalid_parameter' },
  'ForgotPassword:InvalidParameterException': {
    status: 400,
    code: 'invalid_parameter',
    unauthenticated: 'InvalidRequest',
  },
  'ResendConfirmationCode:InvalidParameterException': {
    status: 400,
    code: 'invalid_parameter',
    unauthenticated: 'InvalidRequest',
  },
  /** Not an exception of Cognito's: the same with nothing said about the user. */
  InvalidRequest: { status: 400, code: 'invalid_parameter', detail: 'The request cannot be fulfilled.' },
  /** The framework in front of Cognito: a value of the request has the wrong type. */
  SerializationException: { status: 400, code: 'invalid_parameter', detail: 'A value has the wrong type.' },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  argument_invalid: {
    status: 400,
    code: 'invalid_parameter',
    detail: 'Something is missing, or a value has the wrong type.',
  },
  InvalidPasswordException: { status: 422, code: 'invalid_password' },
  PasswordHistoryPolicyViolationException: { status: 422, code: 'password_used_before' },
  CodeMismatchException: {
    status: 422,
    code: 'code_mismatch',
    detail: 'The code is not right, or not valid any more.',
  },
  /** VerifySoftwareToken: the wrong code of an authenticator app that is being set up. */
  EnableSoftwareTokenMFAException: {
    status: 422,
    code: 'code_mismatch',
    detail: 'The code is not right, or not valid any more.',
  },
  ExpiredCodeException: {
    status: 422,
    code: 'code_expired',
    detail: 'The code is not valid any more; ask for another one.',
    // It is what a user without a pending code gets, and nobody is answered as with a wrong code.
    unauthenticated: 'CodeMismatchException',
  },
  UserLambdaValidationException: { status: 422, code: 'refused_by_trigger' },

  // Who asks
  NotAuthorizedException: {
    status: 401,
    code: 'not_authorized',
    detail: 'The credentials were not accepted.',
  },
  /** Not an exception of Cognito's: a NotAuthorizedException that is about the access token. */
  InvalidAccessToken: { status: 401, code: 'token_invalid', detail: 'The access token was not accepted.' },
  /** Not an exception of Cognito's: a sign-in cannot go on, and starts over. */
  challenge_seal_invalid: {
    status: 401,
    code: 'challenge_invalid',
    detail: 'This step of the sign-in is not valid any more; sign in anew.',
  },
  RefreshTokenReuseException: {
    status: 401,
    code: 'not_authorized',
    detail: 'The credentials were not accepted.',
  },
  'ChangePassword:NotAuthorizedException': {
    status: 422,
    code: 'incorrect_password',
    detail: 'The present password is not right.',
  },
  'SignUp:NotAuthorizedException': {
    status: 403,
    code: 'sign_up_not_permitted',
    detail: 'Signing up like this is not permitted.',
  },
  'ConfirmSignUp:NotAuthorizedException': {
    status: 409,
    code: 'user_state',
    detail: 'The user cannot be confirmed in the present state.',
    unauthenticated: 'CodeMismatchException',
  },
  'AdminConfirmSignUp:NotAuthorizedException': {
    status: 409,
    code: 'user_state',
    detail: 'The user cannot be confirmed in the present state.',
    unauthenticated: 'NotAuthorizedException',
  },
  'ForgotPassword:NotAuthorizedException': {
    status: 409,
    code: 'user_state',
    detail: 'The password cannot be reset in the present state.',
    unauthenticated: 'NotAuthorizedException',
  },
  'ConfirmForgotPassword:UserNotConfirmedException': {
    status: 403,
    code: 'user_not_confirmed',
    detail: 'The account must be confirmed first.',
    unauthenticated: 'CodeMismatchException',
  },
  PasswordResetRequiredException: {
    status: 403,
    code: 'password_reset_required',
    detail: 'The password must be reset before signing in.',
  },
  UserNotConfirmedException: {
    status: 403,
    code: 'user_not_confirmed',
    detail: 'The account must be confirmed before signing in.',
  },
  ForbiddenException: { status: 403, code: 'forbidden', detail: 'The request was not allowed.' },

  // What it is about
  UserNotFoundException: {
    status: 404,
    code: 'user_not_found',
    detail: 'There is no such user.',
    unauthenticated: 'NotAuthorizedException',
  },
  'ConfirmSignUp:UserNotFoundException': {
    status: 404,
    code: 'user_not_found',
    detail: 'There is no such user.',
    unauthenticated: 'CodeMismatchException',
  },
  'ConfirmForgotPassword:UserNotFoundException': {
    status: 404,
    code: 'user_not_found',
    detail: 'There is no such user.',
    unauthenticated: 'CodeMismatchException',
  },
  ResourceNotFoundException: { status: 404, code: 'not_found', detail: 'There is no such thing.' },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  pool_unknown: { status: 404, code: 'pool_unknown', detail: 'There is no such user pool here.' },
  /** Not an exception of Cognito's: no such pool or client, or a flow that the client does not allow. */
  Misconfigured: { status: 500, code: 'misconfigured', detail: SETUP },
  UsernameExistsException: { status: 409, code: 'user_exists', detail: 'There is such a user already.' },
  AliasExistsException: {
    status: 409,
    code: 'alias_exists',
    detail: 'The e-mail address or phone number is another account’s.',
  },
  GroupExistsException: { status: 409, code: 'group_exists', detail: 'There is such a group already.' },
  UnsupportedUserStateException: {
    status: 409,
    code: 'user_state',
    detail: 'The user’s present state does not allow this.',
  },
  ConcurrentModificationException: {
    status: 409,
    code: 'conflict',
    detail: 'Something else was changed at the same time; try again.',
  },

  // How often
  TooManyRequestsException: {
    status: 429,
    code: 'too_many_requests',
    detail: 'Too many requests; try again.',
    retryAfterS: 1,
  },
  LimitExceededException: {
    status: 429,
    code: 'attempts_exceeded',
    detail: 'Too many attempts; try again later.',
    retryAfterS: 900,
  },
  TooManyFailedAttemptsException: {
    status: 429,
    code: 'attempts_exceeded',
    detail: 'Too many attempts; try again later.',
    retryAfterS: 900,
  },

  // Cognito and what stands behind it
  CodeDeliveryFailureException: {
    status: 502,
    code: 'code_delivery_failed',
    detail: 'The code could not be delivered.',
  },
  UnexpectedLambdaException: { status: 502, code: 'trigger_failed', detail: FAULT },
  InvalidLambdaResponseException: { status: 502, code: 'trigger_failed', detail: FAULT },
  InternalErrorException: { status: 502, code: 'cognito_failed', detail: FAULT },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  cognito_response_invalid: { status: 502, code: 'cognito_failed', detail: FAULT },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  cognito_unreachable: { status: 503, code: 'cognito_unavailable', detail: FAULT, retryAfterS: 5 },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  cognito_timeout: { status: 503, code: 'cognito_unavailable', detail: FAULT, retryAfterS: 5 },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  challenge_unsupported: {
    status: 501,
    code: 'challenge_unsupported',
    detail: 'This account needs a way of signing in that is not supported here.',
  },

  /** Whatever is not in the table: permissions, limits of the pool, features that are switched off. */
  UnknownException: { status: 500, code: 'misconfigured', detail: SETUP },
} as const satisfies Record<string, CognitoErrorMapping>;
