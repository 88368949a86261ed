import { CognitoServiceError } from '../../errors.js';
import { invalidParameter, notAuthorized, resourceNotFound } from '../faults.js';

export function invalidSession(): CognitoServiceError {
  return notAuthorized('Invalid session for the user.');
}

export function sessionUsed(): CognitoServiceError {
  return notAuthorized('Invalid session for the user, session can only be used once.');
}

export function sessionExpired(): CognitoServiceError {
  return notAuthorized('Invalid session for the user, session is expired.');
}

/** The text is ours. */
export function addOnNotEnabled(): CognitoServiceError {
  return new CognitoServiceError('UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled.');
}

/** The text is ours. */
export function authEventNotFound(): CognitoServiceError {
  return resourceNotFound('Event does not exist.');
}

export function flowNotSupportedHere(): CognitoServiceError {
  return invalidParameter('Initiate Auth method not supported.');
}

export function customAuthNotConfigured(): CognitoServiceError {
  return invalidParameter('Custom auth lambda trigger is not configured for the user pool.');
}
