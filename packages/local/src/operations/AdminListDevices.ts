import type {
  AdminListDevicesRequest,
  AdminListDevicesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { listDevices } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const AdminListDevices: Operation<AdminListDevicesRequest, AdminListDevicesResponse> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  return listDevices(context, pool, user, input);
};
