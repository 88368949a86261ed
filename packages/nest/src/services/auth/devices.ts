import { randomBytes } from 'node:crypto';

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
