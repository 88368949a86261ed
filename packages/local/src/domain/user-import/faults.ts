import { CognitoServiceError } from '../../errors.js';
import { resourceNotFound } from '../faults.js';

// The texts are ours but for those that come with the call.

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
