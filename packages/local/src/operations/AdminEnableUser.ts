import type {
  AdminEnableUserRequest,
  AdminEnableUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import type { Operation } from '../operation.js';

/** What the user had begun before stays ended: signing in starts anew. */
export const AdminEnableUser: Operation<AdminEnableUserRequest, AdminEnableUserResponse> = (
  input,
  context,
) => {
  const { user } = poolUser(context, input);
  const { storage, clock } = context;
  storage.transaction(() => {
    storage.users.update({ ...user, enabled: true, modifiedAt: clock.now() });
    if (!user.enabled) storage.challengeSessions.deleteOpenOf(user.userPoolId, user.sub);
  });
  return {};
};
