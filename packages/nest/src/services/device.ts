import type { DeviceType } from '@aws-sdk/client-cognito-identity-provider';
import type { Camel } from './casing.js';
import { complete } from './complete.js';

/** A device that a user has signed in with. */
export type Device = Camel<Omit<DeviceType, 'DeviceKey' | 'DeviceAttributes'>> & {
  deviceKey: string;
  /** What Cognito noted down: `device_name`, `device_status`, `last_ip_used` and more. */
  deviceAttributes: Readonly<Record<string, string>>;
};

export interface DevicePage {
  devices: Device[];
  /** Where the next page starts; absent on the last one. */
  paginationToken?: string | undefined;
}

export function readDevice(device: Camel<DeviceType> | undefined, operation: string): Device {
  const { deviceKey, deviceAttributes = {}, ...rest } = complete(device, operation);
  return {
    ...rest,
    deviceKey: complete(deviceKey, operation),
    // None of them is among those that become booleans.
    deviceAttributes: deviceAttributes as Record<string, string>,
  };
}

export function readDevices(
  output: { devices?: Camel<DeviceType>[] | undefined; paginationToken?: string | undefined },
  operation: string,
): DevicePage {
  return { ...output, devices: (output.devices ?? []).map((device) => readDevice(device, operation)) };
}
