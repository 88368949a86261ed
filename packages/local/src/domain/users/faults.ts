import { CognitoServiceError } from '../../errors.js';
import { invalidParameter, notAuthorized, resourceNotFound } from '../faults.js';

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
