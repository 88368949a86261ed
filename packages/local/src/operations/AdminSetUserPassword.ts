import type {
  AdminSetUserPasswordRequest,
  AdminSetUserPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { changePassword } from '../domain/passwords/password-change.js';
import type { Operation } from '../operation.js';

/** Tokens that were issued stay valid, as on AWS. */
export const AdminSetUserPassword: Operation<AdminSetUserPasswordRequest, AdminSetUserPasswordResponse> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  const changed = changePassword(context, pool, user, input.Password as string, {
    refusal: 'Password does not conform to policy',
    status: input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
  });
  context.storage.transaction(changed.write);
  return {};
};
