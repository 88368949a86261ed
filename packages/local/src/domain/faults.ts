import { CognitoServiceError } from '../errors.js';

/*
 * AWS's own words, in one place, so that a text is corrected once. A text of which no answer of AWS is known is
 * marked as ours.
 */

export function invalidParameter(message: string): CognitoServiceError {
  return new CognitoServiceError('InvalidParameterException', message);
}

export function notAuthorized(message?: string): CognitoServiceError {
  return new CognitoServiceError('NotAuthorizedException', message);
}

function resourceNotFound(message: string): CognitoServiceError {
  return new CognitoServiceError('ResourceNotFoundException', message);
}

/** Ours: what Cognito has and this server has not yet is refused, never ignored. */
export function notSupportedYet(operation: string, member: string, value?: string): CognitoServiceError {
  return invalidParameter(
    `${operation}: ${member}${value === undefined ? '' : ` ${value}`} is not supported by this server yet.`,
  );
}

export function missingParameter(name: string): CognitoServiceError {
  return invalidParameter(`Missing required parameter ${name}`);
}

/** A constraint that AWS checks in code, in the words of its validator. */
export function constraintViolated(
  value: string | number,
  path: string,
  constraint: string,
): CognitoServiceError {
  return invalidParameter(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`,
  );
}

/** What the directory behind the service refuses, as the service hands it on. */
export function wrapped(refusal: CognitoServiceError, requestId: string): CognitoServiceError {
  return invalidParameter(
    `com.amazonaws.services.identitystoreservice.model.ValidationException: ${refusal.message} (Service: AWSIdentityStoreService; Status Code: 400; Error Code: ValidationException; Request ID: ${requestId}; Proxy: null)`,
  );
}

// Pools, clients, groups

export function userPoolNotFound(id: string): CognitoServiceError {
  return resourceNotFound(`User pool ${id} does not exist.`);
}

export function clientNotFound(id: string): CognitoServiceError {
  return resourceNotFound(`User pool client ${id} does not exist.`);
}

export function clientNotFoundInPool(id: string, userPoolId: string): CognitoServiceError {
  return resourceNotFound(`User pool client ${id} does not exist in user pool ${userPoolId}.`);
}

/** DescribeUserPoolClient and its siblings leave the id out. */
export function describedClientNotFound(): CognitoServiceError {
  return resourceNotFound('User pool client does not exist.');
}

/** The text is ours. */
export function clientSecretNotFound(): CognitoServiceError {
  return resourceNotFound('Client secret does not exist.');
}

/** The text is ours. */
export function tooManySecrets(): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', 'A client can have two active secrets at most.');
}

/** A constraint on a member whose value is never printed. */
export function constraintViolatedBySecret(path: string, constraint: string): CognitoServiceError {
  return invalidParameter(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`,
  );
}

export function featureNotInTier(tier: string, feature: string): CognitoServiceError {
  return new CognitoServiceError(
    'FeatureUnavailableInTierException',
    `The following features need to be disabled for the ${tier} pricing tier configured: ${feature}`,
  );
}

/** The text is ours. */
export function tooManyTags(limit: number): CognitoServiceError {
  return invalidParameter(`A user pool can have ${limit} tags at most.`);
}

export function resourceServerExists(identifier: string, userPoolId: string): CognitoServiceError {
  return invalidParameter(`${identifier} already exists in user pool ${userPoolId}.`);
}

export function resourceServerNotFound(identifier: string): CognitoServiceError {
  return resourceNotFound(`Resource server ${identifier} does not exist.`);
}

/** The text is ours. */
export function tooManyResourceServers(limit: number): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', `A user pool can have ${limit} resource servers.`);
}

export function groupNotFound(): CognitoServiceError {
  return resourceNotFound('Group not found.');
}

export function groupExists(): CognitoServiceError {
  return new CognitoServiceError('GroupExistsException', 'A group with the name already exists.');
}

/** The text is ours. */
export function tooManyGroups(): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', 'The user is in the maximum number of groups.');
}

/** The text is ours. */
export function tooManyGroupsInPool(): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', 'The user pool has the maximum number of groups.');
}

export function invalidPaginationToken(): CognitoServiceError {
  return invalidParameter(
    'Provided pagination token is invalid. Check the token and try your request again.',
  );
}

/** ListUsersInGroup asks another service, which has words of its own. */
export function invalidPagingMarker(): CognitoServiceError {
  return invalidParameter('Paging marker is invalid.');
}

// Import jobs; the texts are ours but for those that come with the call

export function importJobNotFound(id: string): CognitoServiceError {
  return resourceNotFound(`User import job ${id} does not exist.`);
}

export function importInProgress(): CognitoServiceError {
  return new CognitoServiceError('UserImportInProgressException', 'A user import is in progress.');
}

export function preconditionNotMet(message: string): CognitoServiceError {
  return new CognitoServiceError('PreconditionNotMetException', message);
}

export function tooManyImportJobs(limit: number): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', `A user pool can have ${limit} import jobs.`);
}

// Client secrets

export function secretHashMissing(clientId: string): CognitoServiceError {
  return notAuthorized(`Client ${clientId} is configured with secret but SECRET_HASH was not received`);
}

export function secretMissing(clientId: string): CognitoServiceError {
  return notAuthorized(`Client ${clientId} is configured for secret but secret was not received`);
}

export function secretHashWrong(clientId: string): CognitoServiceError {
  return notAuthorized(`Unable to verify secret hash for client ${clientId}`);
}

export function refreshSecretHashWrong(clientId: string): CognitoServiceError {
  return notAuthorized(`SecretHash does not match for the client: ${clientId}`);
}

// Users

export function userNotFound(): CognitoServiceError {
  return new CognitoServiceError('UserNotFoundException', 'User does not exist.');
}

export function usernameClientNotFound(): CognitoServiceError {
  return new CognitoServiceError('UserNotFoundException', 'Username/client id combination not found.');
}

export function userExists(): CognitoServiceError {
  return new CognitoServiceError('UsernameExistsException', 'User already exists');
}

export function userAccountExists(): CognitoServiceError {
  return new CognitoServiceError('UsernameExistsException', 'User account already exists');
}

export function accountWithAttributeExists(attribute: string): CognitoServiceError {
  return new CognitoServiceError(
    'UsernameExistsException',
    `An account with the given ${attribute} already exists.`,
  );
}

export function aliasConfirmedElsewhere(attribute: string): CognitoServiceError {
  return new CognitoServiceError('AliasExistsException', `An account with the ${attribute} already exists.`);
}

export function aliasExists(): CognitoServiceError {
  return new CognitoServiceError('AliasExistsException', 'User account already exists for the alias.');
}

export function accountHasValue(attribute: string): CognitoServiceError {
  return new CognitoServiceError(
    'AliasExistsException',
    `An account with the given ${attribute} already exists.`,
  );
}

export function userNotConfirmed(): CognitoServiceError {
  return new CognitoServiceError('UserNotConfirmedException', 'User is not confirmed.');
}

export function userDisabled(): CognitoServiceError {
  return notAuthorized('User is disabled.');
}

export function cannotConfirm(status: string): CognitoServiceError {
  return notAuthorized(`User cannot be confirmed. Current status is ${status}`);
}

export function resendNotPossible(username: string): CognitoServiceError {
  return new CognitoServiceError(
    'UnsupportedUserStateException',
    `Resend not possible. ${username} status is not FORCE_CHANGE_PASSWORD`,
  );
}

export function limitExceeded(): CognitoServiceError {
  return new CognitoServiceError(
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  );
}

// Passwords, codes, sessions

export function incorrectCredentials(): CognitoServiceError {
  return notAuthorized('Incorrect username or password.');
}

export function passwordAttemptsExceeded(): CognitoServiceError {
  return notAuthorized('Password attempts exceeded');
}

export function passwordResetRequired(): CognitoServiceError {
  return new CognitoServiceError('PasswordResetRequiredException', 'Password reset required for the user');
}

export function temporaryPasswordExpired(): CognitoServiceError {
  return notAuthorized('Temporary password has expired and must be reset by an administrator.');
}

export function passwordUsedBefore(): CognitoServiceError {
  return new CognitoServiceError(
    'PasswordHistoryPolicyViolationException',
    'Password has previously been used',
  );
}

export function codeMismatch(): CognitoServiceError {
  return new CognitoServiceError(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  );
}

export function codeExpired(): CognitoServiceError {
  return new CognitoServiceError(
    'ExpiredCodeException',
    'Invalid code provided, please request a code again.',
  );
}

export function noRecoveryMedium(): CognitoServiceError {
  return invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );
}

export function invalidSession(): CognitoServiceError {
  return notAuthorized('Invalid session for the user.');
}

export function sessionUsed(): CognitoServiceError {
  return notAuthorized('Invalid session for the user, session can only be used once.');
}

export function sessionExpired(): CognitoServiceError {
  return notAuthorized('Invalid session for the user, session is expired.');
}

// Attributes

export function unauthorizedAttribute(): CognitoServiceError {
  return notAuthorized('A client attempted to write unauthorized attribute');
}

export function nonMutableAttribute(name: string): CognitoServiceError {
  return invalidParameter(`Cannot modify the non-mutable attribute ${name}`);
}

export function notVerifiable(): CognitoServiceError {
  return invalidParameter('Invalid attribute name. Only phone_number and email can be verified.');
}

export function nothingToVerify(attribute: 'email' | 'phone_number'): CognitoServiceError {
  return invalidParameter(
    `User does not have a valid registered ${attribute === 'email' ? 'email address' : 'phone number'}`,
  );
}

// Tokens

export function invalidAccessToken(): CognitoServiceError {
  return notAuthorized('Invalid Access Token');
}

/** Another user has the name now. The letters are AWS's. */
export function accessTokenOfFormerUser(): CognitoServiceError {
  return notAuthorized('Invalid access token.');
}

export function accessTokenForged(): CognitoServiceError {
  return notAuthorized('Could not verify signature for Access Token');
}

export function accessTokenExpired(): CognitoServiceError {
  return notAuthorized('Access Token has expired');
}

export function accessTokenRevoked(): CognitoServiceError {
  return notAuthorized('Access Token has been revoked');
}

export function accessTokenOutOfScope(): CognitoServiceError {
  return notAuthorized('Access Token does not have required scopes');
}

export function invalidRefreshToken(): CognitoServiceError {
  return notAuthorized('Invalid Refresh Token');
}

export function refreshTokenOfOtherClient(): CognitoServiceError {
  return notAuthorized('Refresh Token has different Client');
}

export function refreshTokenRevoked(): CognitoServiceError {
  return notAuthorized('Refresh Token has been revoked');
}

export function refreshTokenReused(): CognitoServiceError {
  return new CognitoServiceError('RefreshTokenReuseException', 'Refresh token reuse detected');
}

/** Of a client whose tokens rotate; AWS says no more. */
export function rotatingTokenRevoked(): CognitoServiceError {
  return notAuthorized();
}

export function rotationNotSupportedHere(): CognitoServiceError {
  return new CognitoServiceError(
    'UnsupportedOperationException',
    'This API does not support refresh token rotation',
  );
}

export function revocationNotEnabled(): CognitoServiceError {
  return new CognitoServiceError(
    'UnsupportedOperationException',
    'This feature is not enabled for this client',
  );
}

export function invalidClientOrSecret(): CognitoServiceError {
  return new CognitoServiceError('UnauthorizedException', 'Invalid client or secret');
}

/** The text is ours. */
export function notARefreshToken(): CognitoServiceError {
  return new CognitoServiceError('UnsupportedTokenTypeException', 'The token is not a refresh token.');
}

export function refreshTokenExpired(): CognitoServiceError {
  return notAuthorized('Refresh Token has expired');
}

export function refreshTokenOfDeletedUser(): CognitoServiceError {
  return notAuthorized('The user has been deleted for the associated refresh token');
}

/** The text is ours. */
export function sessionsNotTracked(): CognitoServiceError {
  return new CognitoServiceError(
    'OperationNotEnabledException',
    'Session tracking is not enabled for this user pool.',
  );
}

/** The text is ours. */
export function userSessionNotFound(): CognitoServiceError {
  return resourceNotFound('Session does not exist.');
}

/** The text is ours. */
export function addOnNotEnabled(): CognitoServiceError {
  return new CognitoServiceError('UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled.');
}

/** The text is ours. */
export function authEventNotFound(): CognitoServiceError {
  return resourceNotFound('Event does not exist.');
}

// Flows

/** The text is ours: AWS says that the parameter is invalid, and no source shows how. */
export function malformedParameter(name: string): CognitoServiceError {
  return invalidParameter(`Invalid value of parameter ${name}`);
}

// Devices

export function deviceNotFound(): CognitoServiceError {
  return resourceNotFound('Device does not exist.');
}

export function deviceTrackingOff(): CognitoServiceError {
  return invalidParameter('Device tracking not currently enabled for this pool.');
}

export function invalidDeviceKey(): CognitoServiceError {
  return invalidParameter('Invalid device key given.');
}

/** The text is ours. */
export function deviceExists(): CognitoServiceError {
  return new CognitoServiceError('DeviceKeyExistsException', 'Device already exists.');
}

/** With a period, unlike the token that nobody was given. */
export function refreshTokenOfOtherDevice(): CognitoServiceError {
  return notAuthorized('Invalid Refresh Token.');
}

export function flowNotSupportedHere(): CognitoServiceError {
  return invalidParameter('Initiate Auth method not supported.');
}

// Triggers

export function userLambdaFailed(trigger: string, message: string): CognitoServiceError {
  return new CognitoServiceError('UserLambdaValidationException', `${trigger} failed with error ${message}.`);
}

function invalidLambdaResponse(message: string): CognitoServiceError {
  return new CognitoServiceError('InvalidLambdaResponseException', message);
}

export function invalidLambdaJson(): CognitoServiceError {
  return invalidLambdaResponse('Invalid lambda function output : Invalid JSON');
}

export function unrecognizableLambdaOutput(): CognitoServiceError {
  return invalidLambdaResponse('Unrecognizable lambda output');
}

export function lambdaUnavailable(trigger: string, reason: string): CognitoServiceError {
  return new CognitoServiceError(
    'UnexpectedLambdaException',
    `${trigger} invocation failed due to error ${reason}.`,
  );
}

/** The text is ours. */
export function customEmailNotAllowed(): CognitoServiceError {
  return invalidLambdaResponse(
    'CustomMessage returned emailMessage or emailSubject: they need EmailSendingAccount DEVELOPER in the EmailConfiguration of the user pool.',
  );
}

/** The text is ours. */
export function invalidCustomMessage(reason: string): CognitoServiceError {
  return invalidLambdaResponse(`CustomMessage returned an invalid message: ${reason}.`);
}

/** The text is ours. */
export function nothingToAutoVerify(attribute: string): CognitoServiceError {
  return invalidLambdaResponse(`PreSignUp asked to verify the ${attribute} of a user who has none.`);
}

/** PreventUserExistenceErrors or not, AWS says this of a user whom the function described wrongly. */
export function migrationFailed(clientId: string): CognitoServiceError {
  return new CognitoServiceError(
    'UserNotFoundException',
    `Exception migrating user in app client ${clientId}`,
  );
}

export function customAuthNotConfigured(): CognitoServiceError {
  return invalidParameter('Custom auth lambda trigger is not configured for the user pool.');
}

// Factors

export function noMfaDelivery(factor: string): CognitoServiceError {
  return invalidParameter(`User does not have delivery config set to turn on ${factor}`);
}

export function mfaCodeMismatch(): CognitoServiceError {
  return new CognitoServiceError('CodeMismatchException', 'Invalid code or auth state for the user.');
}

/** The text is ours. */
export function mfaMethodNotFound(method: string): CognitoServiceError {
  return new CognitoServiceError('MFAMethodNotFoundException', `The user has no MFA method ${method}.`);
}

export function softwareTokenCodeMismatch(): CognitoServiceError {
  return new CognitoServiceError('CodeMismatchException', 'Invalid code received for user');
}

export function softwareTokenCodeUsed(): CognitoServiceError {
  return new CognitoServiceError('ExpiredCodeException', 'Your software token has already been used once.');
}

export function softwareTokenNotFound(): CognitoServiceError {
  return new CognitoServiceError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA does not exist for the user.',
  );
}

export function softwareTokenNotEnabled(): CognitoServiceError {
  return new CognitoServiceError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled by the userPool',
  );
}

export function softwareTokenVerificationFailed(reason: string): CognitoServiceError {
  return new CognitoServiceError('EnableSoftwareTokenMFAException', reason);
}

// Passkeys: the types are the model's, the texts are ours.

export function passkeysNotEnabled(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnNotEnabledException',
    'WEB_AUTHN is not among the allowed first auth factors of the user pool.',
  );
}

export function passkeysNotConfigured(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnConfigurationMissingException',
    'The user pool has no domain and no RelyingPartyId in its WebAuthn configuration.',
  );
}

export function passkeyChallengeNotFound(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnChallengeNotFoundException',
    'The challenge of the credential is not that of a registration under way.',
  );
}

export function passkeyOfOtherClient(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnClientMismatchException',
    'The registration was started by another app client.',
  );
}

export function passkeyOfOtherRelyingParty(): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnRelyingPartyMismatchException',
    'The credential is not for the relying party of the user pool.',
  );
}

export function passkeyOriginNotAllowed(origin: string): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnOriginNotAllowedException',
    `Origin ${origin} is not one of the relying party of the user pool.`,
  );
}

export function passkeyNotSupported(what: 'attestation' | 'response'): CognitoServiceError {
  return new CognitoServiceError(
    'WebAuthnCredentialNotSupportedException',
    `The ${what} of the credential is not one that the user pool takes.`,
  );
}

export function passkeyNotFound(): CognitoServiceError {
  return resourceNotFound('The user has no such credential.');
}

export function tooManyPasskeys(): CognitoServiceError {
  return new CognitoServiceError('LimitExceededException', 'The user has the maximum number of passkeys.');
}
