import type {
  AdminDisableUserRequest,
  AdminDisableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import type { Operation } from '../operation.js';

/**
 * Ends the user's sign-ins for good: enabling the user again does not bring them back. Those under way are told why
 * they end, and AdminEnableUser does not bring them back either.
 */
export const AdminDisableUser: Operation<AdminDisableUserRequest, AdminDisableUserResponse> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  const { storage, clock } = context;
  storage.transaction(() => {
    storage.users.update({ ...user, enabled: false, modifiedAt: clock.now() });
    storage.signIns.revokeAllOf(pool.id, user.sub, clock.now());
  });
  return {};
};
