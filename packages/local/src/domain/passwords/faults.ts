import { CognitoServiceError } from '../../errors.js';
import { invalidParameter, notAuthorized } from '../faults.js';

export function incorrectCredentials(): CognitoServiceError {
  return notAuthorized('Incorrect username or password.');
}

export function passwordAttemptsExceeded(): CognitoServiceError {
  return notAuthorized('Password attempts exceeded');
}

export function passwordResetRequired(): CognitoServiceError {
  return new CognitoServiceError('PasswordResetRequiredException', 'Password reset required for the user');
}

export function temporaryPasswordExpired(): CognitoServiceError {
  return notAuthorized('Temporary password has expired and must be reset by an administrator.');
}

export function passwordUsedBefore(): CognitoServiceError {
  return new CognitoServiceError(
    'PasswordHistoryPolicyViolationException',
    'Password has previously been used',
  );
}

export function noRecoveryMedium(): CognitoServiceError {
  return invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );
}
