import { CognitoServiceError } from '../../errors.js';
import { invalidLambdaResponse } from '../../triggers/faults.js';

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
