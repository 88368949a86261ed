import type {
  ConfirmDeviceRequest,
  DeviceRememberedStatusType,
  DeviceType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { DeviceRecord } from '../../storage/devices.js';
import type { SignInDevice } from '../../storage/sign-ins.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { PasswordVerifier, UserRecord } from '../../storage/users.js';
import { malformedParameter, missingParameter } from '../faults.js';
import { page } from '../pages.js';
import { isVerifier } from '../passwords/srp.js';
import {
  deviceExists,
  deviceNotFound,
  deviceTrackingOff,
  invalidDeviceKey,
  refreshTokenOfOtherDevice,
} from './faults.js';

/** A pool keeps track of devices as soon as its configuration says anything about them. */
export function tracksDevices({ settings }: UserPoolRecord): boolean {
  return Object.values(settings.DeviceConfiguration ?? {}).some((member) => member !== undefined);
}

/** @throws InvalidParameterException */
function checkTracksDevices(pool: UserPoolRecord): void {
  if (!tracksDevices(pool)) throw deviceTrackingOff();
}

/** @throws ResourceNotFoundException */
export function findDevice(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  deviceKey: string | undefined,
): DeviceRecord {
  checkTracksDevices(pool);
  const device = storage.devices.find(pool.id, user.sub, deviceKey as string);
  if (device === undefined) throw deviceNotFound();
  return device;
}

export function deviceView(device: DeviceRecord): DeviceType {
  return {
    DeviceKey: device.deviceKey,
    DeviceAttributes: [
      { Name: 'device_status', Value: 'valid' },
      ...(device.name === undefined ? [] : [{ Name: 'device_name', Value: device.name }]),
      {
        Name: 'dev:device_remembered_status',
        Value: device.remembered ? 'remembered' : 'not_remembered',
      },
    ],
    DeviceCreateDate: new Date(device.createdAt),
    DeviceLastModifiedDate: new Date(device.modifiedAt),
    DeviceLastAuthenticatedDate: new Date(device.lastAuthenticatedAt),
  };
}

/** A page of a user's devices. */
export function listDevices(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  {
    Limit,
    PaginationToken,
  }: { readonly Limit?: number | undefined; readonly PaginationToken?: string | undefined },
): { readonly Devices: DeviceType[]; readonly PaginationToken: string | undefined } {
  checkTracksDevices(pool);
  const { items, NextToken } = page(
    { list: `Devices ${pool.id} ${user.sub}`, limit: Limit || undefined, token: PaginationToken },
    (limit, after) => storage.devices.list(pool.id, user.sub, limit, after),
    (device) => device.deviceKey,
  );
  return { Devices: items.map(deviceView), PaginationToken: NextToken };
}

/**
 * Keeps the device that signed in with this access token for the first time, and says whether the user
 * has still to be asked if it is to be remembered.
 *
 * @param signedIn What the sign-in behind the access token knows of its device.
 * @throws CognitoServiceError where AWS answers with one.
 */
export function confirmDevice(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  signedIn: SignInDevice | undefined,
  request: ConfirmDeviceRequest,
): boolean {
  checkTracksDevices(pool);
  const deviceKey = request.DeviceKey as string;
  if (storage.devices.find(pool.id, user.sub, deviceKey)) throw deviceExists();
  if (signedIn?.key !== deviceKey || signedIn.groupKey === undefined) throw invalidDeviceKey();
  const password = givenVerifier(request);
  const asks = pool.settings.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt ?? false;
  const now = clock.now();
  const device: DeviceRecord = {
    userPoolId: pool.id,
    sub: user.sub,
    deviceKey,
    groupKey: signedIn.groupKey,
    name: request.DeviceName,
    password,
    remembered: !asks,
    createdAt: now,
    modifiedAt: now,
    lastAuthenticatedAt: now,
  };
  storage.transaction(() => storage.devices.insert(device));
  return asks;
}

const MAX_SALT_BYTES = 64;

function givenVerifier({ DeviceSecretVerifierConfig: config }: ConfirmDeviceRequest): PasswordVerifier {
  if (!config?.Salt) throw missingParameter('DeviceSecretVerifierConfig.Salt');
  if (!config.PasswordVerifier) throw missingParameter('DeviceSecretVerifierConfig.PasswordVerifier');
  const salt = Buffer.from(config.Salt, 'base64');
  if (salt.length === 0 || salt.length > MAX_SALT_BYTES) {
    throw malformedParameter('DeviceSecretVerifierConfig.Salt');
  }
  const verifier = Buffer.from(config.PasswordVerifier, 'base64');
  if (!isVerifier(verifier)) throw malformedParameter('DeviceSecretVerifierConfig.PasswordVerifier');
  return { salt, verifier };
}

/** @throws InvalidParameterException without a status: there is nothing to do then. */
export function setDeviceStatus(
  { storage, clock }: OperationContext,
  device: DeviceRecord,
  status: DeviceRememberedStatusType | undefined,
): void {
  if (status === undefined) throw missingParameter('DeviceRememberedStatus');
  storage.transaction(() => storage.devices.setRemembered(device, status === 'remembered', clock.now()));
}

export function forgetDevice(
  { storage }: OperationContext,
  { userPoolId, sub, deviceKey }: DeviceRecord,
): void {
  storage.transaction(() => storage.devices.delete(userPoolId, sub, deviceKey));
}

/**
 * Where devices are kept track of, a refresh token is good for the device that it was handed to.
 *
 * @throws NotAuthorizedException
 */
export function checkDeviceOfRefresh(
  pool: UserPoolRecord,
  device: SignInDevice | undefined,
  deviceKey: string | undefined,
): void {
  if (tracksDevices(pool) && (device === undefined || device.key !== deviceKey)) {
    throw refreshTokenOfOtherDevice();
  }
}
