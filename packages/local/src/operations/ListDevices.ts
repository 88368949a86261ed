import type { ListDevicesRequest, ListDevicesResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { listDevices } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const ListDevices: Operation<ListDevicesRequest, ListDevicesResponse> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return listDevices(context, pool, user, input);
};
