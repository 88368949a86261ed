import type {
  AdminUpdateDeviceStatusRequest,
  AdminUpdateDeviceStatusResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { findDevice, setDeviceStatus } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const AdminUpdateDeviceStatus: Operation<
  AdminUpdateDeviceStatusRequest,
  AdminUpdateDeviceStatusResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  const device = findDevice(context, pool, user, input.DeviceKey);
  setDeviceStatus(context, device, input.DeviceRememberedStatus);
  return {};
};
