import { CognitoServiceError } from '../errors.js';

/*
 * AWS's own words: what more than one subject says is here, the rest in the faults.ts of its room, so that a text
 * is corrected once. A text of which no answer of AWS is known is marked as ours.
 */

export function invalidParameter(message: string): CognitoServiceError {
  return new CognitoServiceError('InvalidParameterException', message);
}

export function notAuthorized(message?: string): CognitoServiceError {
  return new CognitoServiceError('NotAuthorizedException', message);
}

export function resourceNotFound(message: string): CognitoServiceError {
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

/** A constraint on a member whose value is never printed. */
export function constraintViolatedBySecret(path: string, constraint: string): CognitoServiceError {
  return invalidParameter(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`,
  );
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

export function limitExceeded(): CognitoServiceError {
  return new CognitoServiceError(
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  );
}

/** The text is ours: AWS says that the parameter is invalid, and no source shows how. */
export function malformedParameter(name: string): CognitoServiceError {
  return invalidParameter(`Invalid value of parameter ${name}`);
}
