/** What one of Cognito's exceptions becomes over HTTP. */
export interface CognitoErrorMapping {
  readonly status: number;
  /** A stable literal for programs. */
  readonly code: string;
  /**
   * For people. Left out of an entry of the option `errors`: that of {@link cognitoErrorTable} under the same key, else
   * under the exception's own. Where that has none, too: Cognito's own message, which names what was wrong with the input.
   */
  readonly detail?: string;
  /** Seconds for `Retry-After`. */
  readonly retryAfterS?: number;
  /**
   * The key of the entry that answers instead on a request that carries no valid token, so that a public route does
   * not tell whether a user exists. Not followed where the pool's `preventUserExistenceErrors` is `'LEGACY'`. Left out of
   * an entry of the option `errors` it is the table's, as `detail` is; the entry's own key opens it to everybody.
   */
  readonly unauthenticated?: string;
}

const FAULT = 'Signing in and managing users is not possible at the moment.';
const SETUP = 'This service is not set up correctly.';

const attempts = {
  status: 429,
  code: 'attempts_exceeded',
  detail: 'Too many attempts; try again later.',
  retryAfterS: 900,
  unauthenticated: 'CodeMismatchException',
} as const satisfies CognitoErrorMapping;

const quota = {
  status: 409,
  code: 'quota_exceeded',
  detail: 'There are as many as there may be.',
} as const satisfies CognitoErrorMapping;

const misconfigured = {
  status: 500,
  code: 'misconfigured',
  detail: SETUP,
} as const satisfies CognitoErrorMapping;

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
  /** The framework in front of Cognito, as the next one. */
  RequestEntityTooLargeException: {
    status: 413,
    code: 'request_too_large',
    detail: 'The request is too large.',
  },
  /** The framework in front of Cognito: a value of the request has the wrong type. */
  SerializationException: { status: 400, code: 'invalid_parameter', detail: 'A value has the wrong type.' },
  /** Not an exception of Cognito's: `CognestError` of this code. */
  argument_invalid: {
    status: 400,
    code: 'invalid_parameter',
    detail: 'Something is missing, unknown here, or of the wrong type.',
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
  // Runs for those who exist, before the password is looked at.
  'InitiateAuth:UserLambdaValidationException': {
    status: 422,
    code: 'refused_by_trigger',
    unauthenticated: 'NotAuthorizedException',
  },
  'AdminInitiateAuth:UserLambdaValidationException': {
    status: 422,
    code: 'refused_by_trigger',
    unauthenticated: 'NotAuthorizedException',
  },
  MFAMethodNotFoundException: {
    status: 422,
    code: 'mfa_method_not_found',
    detail: 'There is no such second factor.',
  },
  SoftwareTokenMFANotFoundException: {
    status: 422,
    code: 'software_token_not_found',
    detail: 'No authenticator app is set up.',
  },
  WebAuthnChallengeNotFoundException: {
    status: 422,
    code: 'passkey_challenge_not_found',
    detail: 'The passkey was asked for too long ago; start again.',
  },
  WebAuthnClientMismatchException: {
    status: 422,
    code: 'passkey_client_mismatch',
    detail: 'The passkey was asked for by another app client.',
  },
  WebAuthnCredentialNotSupportedException: {
    status: 422,
    code: 'passkey_not_supported',
    detail: 'Passkeys of this kind are not supported.',
  },
  WebAuthnOriginNotAllowedException: {
    status: 422,
    code: 'passkey_origin_not_allowed',
    detail: 'The passkey was made for another site.',
  },
  WebAuthnRelyingPartyMismatchException: {
    status: 422,
    code: 'passkey_relying_party_mismatch',
    detail: 'The passkey was made for another site.',
  },
  UnsupportedIdentityProviderException: {
    status: 422,
    code: 'identity_provider_unsupported',
    detail: 'The identity provider is not supported.',
  },
  ScopeDoesNotExistException: { status: 422, code: 'scope_unknown', detail: 'There is no such scope.' },
  InvalidOAuthFlowException: {
    status: 422,
    code: 'oauth_flow_invalid',
    detail: 'The OAuth flow is not valid for this.',
  },
  UserPoolTaggingException: { status: 422, code: 'tags_invalid', detail: 'The tags are not valid.' },
  /** Named as by RFC 7009 section 2.2.1. */
  UnsupportedTokenTypeException: {
    status: 400,
    code: 'unsupported_token_type',
    detail: 'Tokens of this kind cannot be revoked.',
  },

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
  /** A token to revoke that is none, or of another app client. */
  UnauthorizedException: {
    status: 401,
    code: 'not_authorized',
    detail: 'The credentials were not accepted.',
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
  'ConfirmForgotPassword:NotAuthorizedException': {
    status: 409,
    code: 'user_state',
    detail: 'The password cannot be reset in the present state.',
    unauthenticated: 'CodeMismatchException',
  },
  'ConfirmForgotPassword:UserNotConfirmedException': {
    status: 403,
    code: 'user_not_confirmed',
    detail: 'The account must be confirmed first.',
    unauthenticated: 'CodeMismatchException',
  },
  // Cognito says so before it looks at the password.
  PasswordResetRequiredException: {
    status: 403,
    code: 'password_reset_required',
    detail: 'The password must be reset before signing in.',
    unauthenticated: 'NotAuthorizedException',
  },
  UserNotConfirmedException: {
    status: 403,
    code: 'user_not_confirmed',
    detail: 'The account must be confirmed before signing in.',
    unauthenticated: 'NotAuthorizedException',
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
  Misconfigured: misconfigured,
  UsernameExistsException: { status: 409, code: 'user_exists', detail: 'There is such a user already.' },
  AliasExistsException: {
    status: 409,
    code: 'alias_exists',
    detail: 'The e-mail address or phone number is another account’s.',
  },
  /** Thrown when no service did, as by the raw client: a service's `signUp` tells nobody of it. */
  'SignUp:UsernameExistsException': {
    status: 409,
    code: 'user_exists',
    detail: 'There is such a user already.',
    unauthenticated: 'InvalidRequest',
  },
  GroupExistsException: { status: 409, code: 'group_exists', detail: 'There is such a group already.' },
  DeviceKeyExistsException: { status: 409, code: 'device_exists', detail: 'There is such a device already.' },
  DuplicateProviderException: {
    status: 409,
    code: 'identity_provider_exists',
    detail: 'There is such an identity provider already.',
  },
  ManagedLoginBrandingExistsException: {
    status: 409,
    code: 'branding_exists',
    detail: 'There is a branding for this app client already.',
  },
  TermsExistsException: {
    status: 409,
    code: 'terms_exist',
    detail: 'There are such terms already.',
  },
  ServiceQuotaExceededException: quota,
  PreconditionNotMetException: {
    status: 409,
    code: 'precondition_not_met',
    detail: 'The present state does not allow this.',
  },
  UserImportInProgressException: {
    status: 409,
    code: 'import_in_progress',
    detail: 'Users are being imported; try again when that is done.',
  },
  TierChangeNotAllowedException: {
    status: 409,
    code: 'tier_change_not_allowed',
    detail: 'The pool cannot change to this tier now.',
  },
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
  // An attempt at a code is counted for those who exist.
  'ConfirmSignUp:LimitExceededException': attempts,
  'ConfirmSignUp:TooManyFailedAttemptsException': attempts,
  'ConfirmForgotPassword:LimitExceededException': attempts,
  'ConfirmForgotPassword:TooManyFailedAttemptsException': attempts,
  // Elsewhere the same name is about how many there may be.
  'CreateUserPool:LimitExceededException': quota,
  'CreateUserPoolClient:LimitExceededException': quota,
  'CreateGroup:LimitExceededException': quota,
  'CreateIdentityProvider:LimitExceededException': quota,
  'CreateResourceServer:LimitExceededException': quota,
  'CreateUserImportJob:LimitExceededException': quota,

  // Cognito and what stands behind it
  CodeDeliveryFailureException: {
    status: 502,
    code: 'code_delivery_failed',
    detail: 'The code could not be delivered.',
  },
  UnexpectedLambdaException: { status: 502, code: 'trigger_failed', detail: FAULT },
  InvalidLambdaResponseException: { status: 502, code: 'trigger_failed', detail: FAULT },
  InternalServerException: { status: 502, code: 'cognito_failed', detail: FAULT },
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

  // How the pool and its app clients are set up
  AccessDeniedException: misconfigured,
  FeatureUnavailableInTierException: misconfigured,
  InvalidEmailRoleAccessPolicyException: misconfigured,
  InvalidSmsRoleAccessPolicyException: misconfigured,
  InvalidSmsRoleTrustRelationshipException: misconfigured,
  InvalidUserPoolConfigurationException: misconfigured,
  OperationNotEnabledException: misconfigured,
  UnsupportedOperationException: misconfigured,
  UserPoolAddOnNotEnabledException: misconfigured,
  WebAuthnConfigurationMissingException: misconfigured,
  WebAuthnNotEnabledException: misconfigured,
  /** Not an exception of Cognito's: `CognestError` of this code. */
  credentials_unavailable: misconfigured,
  /** Whatever is not in the table: permissions, credentials that AWS does not take, what is new. */
  UnknownException: misconfigured,
} as const satisfies Record<string, CognitoErrorMapping>;
