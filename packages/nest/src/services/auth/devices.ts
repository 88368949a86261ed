import { randomBytes } from 'node:crypto';
import { ResourceNotFoundException } from '@aws-sdk/client-cognito-identity-provider';

/**
 * A device that is remembered: what `CognitoAuthService.confirmDevice` gives, and an app keeps for the device, as secret
 * as a password.
 */
export interface RememberedDevice {
  deviceKey: string;
  deviceGroupKey: string;
  devicePassword: string;
}

/**
 * The device of a sign-in: one that can prove itself, or just its key, for a device that is tracked and not remembered,
 * or one that proves itself elsewhere.
 */
export type SignInDevice =
  | RememberedDevice
  | { deviceKey: string; deviceGroupKey?: undefined; devicePassword?: undefined };

/** 320 random bits, in letters. */
export function newDevicePassword(): string {
  return randomBytes(40).toString('base64');
}

/**
 * Whether the device that a call names is none of the user's any more. Cognito has one exception for whatever is not
 * there, told apart by its text alone, as AWS's own clients do.
 */
export function isUnknownDevice(error: unknown): boolean {
  return error instanceof ResourceNotFoundException && /^device /i.test(error.message);
}
