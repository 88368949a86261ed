import type {
  UpdateDeviceStatusRequest,
  UpdateDeviceStatusResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { findDevice, setDeviceStatus } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const UpdateDeviceStatus: Operation<UpdateDeviceStatusRequest, UpdateDeviceStatusResponse> = async (
  input,
  context,
) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  const device = findDevice(context, pool, user, input.DeviceKey);
  setDeviceStatus(context, device, input.DeviceRememberedStatus);
  return {};
};
