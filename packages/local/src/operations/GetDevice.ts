import type { GetDeviceRequest, GetDeviceResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { deviceView, findDevice } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const GetDevice: Operation<GetDeviceRequest, GetDeviceResponse> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return { Device: deviceView(findDevice(context, pool, user, input.DeviceKey)) };
};
