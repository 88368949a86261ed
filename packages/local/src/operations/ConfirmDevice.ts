import type { ConfirmDeviceRequest, ConfirmDeviceResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { confirmDevice } from '../domain/devices/devices.js';
import type { Operation } from '../operation.js';

export const ConfirmDevice: Operation<ConfirmDeviceRequest, ConfirmDeviceResponse> = async (
  input,
  context,
) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, user } = tokenHolder(context, token);
  const signIn = context.storage.signIns.find(token.claims['event_id'] as string);
  return { UserConfirmationNecessary: confirmDevice(context, pool, user, signIn?.device, input) };
};
