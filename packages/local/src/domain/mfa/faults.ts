import { CognitoServiceError } from '../../errors.js';
import { invalidParameter } from '../faults.js';

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
