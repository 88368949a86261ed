import type { ForgetDeviceRequest } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { findDevice, forgetDevice } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const ForgetDevice: Operation<ForgetDeviceRequest, undefined> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  forgetDevice(context, findDevice(context, pool, user, input.DeviceKey));
  return undefined;
};
