import type {
  AdminGetDeviceRequest,
  AdminGetDeviceResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { deviceView, findDevice } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const AdminGetDevice: Operation<AdminGetDeviceRequest, AdminGetDeviceResponse> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  return { Device: deviceView(findDevice(context, pool, user, input.DeviceKey)) };
};
