import { CognitoServiceError } from '../../errors.js';
import { invalidParameter, notAuthorized, resourceNotFound } from '../faults.js';

export function deviceNotFound(): CognitoServiceError {
  return resourceNotFound('Device does not exist.');
}

export function deviceTrackingOff(): CognitoServiceError {
  return invalidParameter('Device tracking not currently enabled for this pool.');
}

export function invalidDeviceKey(): CognitoServiceError {
  return invalidParameter('Invalid device key given.');
}

/** The text is ours. */
export function deviceExists(): CognitoServiceError {
  return new CognitoServiceError('DeviceKeyExistsException', 'Device already exists.');
}

/** With a period, unlike the token that nobody was given. */
export function refreshTokenOfOtherDevice(): CognitoServiceError {
  return notAuthorized('Invalid Refresh Token.');
}
