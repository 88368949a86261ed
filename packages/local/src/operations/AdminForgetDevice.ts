import type { AdminForgetDeviceRequest } from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { findDevice, forgetDevice } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const AdminForgetDevice: Operation<AdminForgetDeviceRequest, undefined> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  forgetDevice(context, findDevice(context, pool, user, input.DeviceKey));
  return undefined;
};
