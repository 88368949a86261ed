import type {
  AdminResetUserPasswordRequest,
  AdminResetUserPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { resetPassword } from '../domain/passwords/password-reset.js';
import type { Operation } from '../operation.js';

export const AdminResetUserPassword: Operation<
  AdminResetUserPasswordRequest,
  AdminResetUserPasswordResponse
> = async (input, context) => {
  const { pool, user } = poolUser(context, input);
  await resetPassword(context, pool, user, { clientMetadata: input.ClientMetadata });
  return {};
};
