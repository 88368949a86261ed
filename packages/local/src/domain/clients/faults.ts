import { CognitoServiceError } from '../../errors.js';
import { notAuthorized, resourceNotFound } from '../faults.js';

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

export function invalidClientOrSecret(): CognitoServiceError {
  return new CognitoServiceError('UnauthorizedException', 'Invalid client or secret');
}
