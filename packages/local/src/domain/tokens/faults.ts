import { CognitoServiceError } from '../../errors.js';
import { notAuthorized, resourceNotFound } from '../faults.js';

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
