import { CognitoServiceError } from '../../errors.js';
import { invalidParameter, resourceNotFound } from '../faults.js';

export function userPoolNotFound(id: string): CognitoServiceError {
  return resourceNotFound(`User pool ${id} does not exist.`);
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
