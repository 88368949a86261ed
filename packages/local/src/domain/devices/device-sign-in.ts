import type { NewDeviceMetadataType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { SignInDevice } from '../../storage/sign-ins.js';
import { newDeviceGroupKey, newDeviceKey } from '../ids.js';
import type { NextChallenge, Progress } from '../sign-in/sign-in-progress.js';
import type { Principal } from '../tokens/principal.js';
import { findDevice, tracksDevices } from './devices.js';

/** What the device that the user signs in with changes about the sign-in. */
export interface DeviceStep {
  /** A device that the user has had remembered stands for a further factor, once it has proven itself. */
  readonly replacesMfa: boolean;
  readonly challenge: NextChallenge | undefined;
}

/**
 * @throws ResourceNotFoundException for a device that the user does not have; clients drop its key then, and
 * start over without one.
 */
export function deviceStep(
  context: OperationContext,
  { pool, user }: Principal,
  progress: Progress,
): DeviceStep {
  if (!tracksDevices(pool) || progress.deviceKey === undefined) {
    return { replacesMfa: false, challenge: undefined };
  }
  const { remembered } = findDevice(context, pool, user, progress.deviceKey);
  const proven = progress.proven.includes('DEVICE_PASSWORD_VERIFIER');
  return {
    replacesMfa: remembered && (pool.settings.DeviceConfiguration?.ChallengeRequiredOnNewDevice ?? false),
    challenge: remembered && !proven ? { name: 'DEVICE_SRP_AUTH', parameters: {} } : undefined,
  };
}

/** The flows in which a server signs the user in and knows nothing of devices. */
const WITHOUT_DEVICES = ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'];

/**
 * The device to keep with a sign-in that is complete: the one that the client named, or a new one, which is
 * the client's to confirm. One that is remembered and has not proven itself, as in a custom flow, is not taken
 * on its name.
 *
 * @throws ResourceNotFoundException for a device that the user does not have.
 */
export function signInDevice(
  context: OperationContext,
  { pool, user }: Principal,
  { deviceKey, flow, proven, underAlias }: Progress,
): { readonly device: SignInDevice; readonly metadata: NewDeviceMetadataType | undefined } | undefined {
  if (!tracksDevices(pool)) return undefined;
  if (deviceKey !== undefined) {
    const { remembered } = findDevice(context, pool, user, deviceKey);
    if (!remembered || proven.includes('DEVICE_PASSWORD_VERIFIER')) {
      return { device: { key: deviceKey, groupKey: undefined }, metadata: undefined };
    }
  }
  if (WITHOUT_DEVICES.includes(flow)) return undefined;
  const key = newDeviceKey(context.region);
  const groupKey = newDeviceGroupKey();
  return {
    device: { key, groupKey: underAlias ? undefined : groupKey },
    metadata: { DeviceKey: key, DeviceGroupKey: groupKey },
  };
}

/** Notes on the device that it signed in, in a transaction of the caller's. */
export function deviceSignedIn(
  { storage, clock }: OperationContext,
  { pool, user }: Principal,
  { key }: SignInDevice,
): void {
  storage.devices.setAuthenticated(pool.id, user.sub, key, clock.now());
}
