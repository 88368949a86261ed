import { CognitoServiceError } from '../../errors.js';
import { invalidLambdaResponse } from '../../triggers/faults.js';
import { notAuthorized } from '../faults.js';

export function cannotConfirm(status: string): CognitoServiceError {
  return notAuthorized(`User cannot be confirmed. Current status is ${status}`);
}

export function resendNotPossible(username: string): CognitoServiceError {
  return new CognitoServiceError(
    'UnsupportedUserStateException',
    `Resend not possible. ${username} status is not FORCE_CHANGE_PASSWORD`,
  );
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
