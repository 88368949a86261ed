import type {
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import type { Operation } from '../operation.js';

export const AdminUserGlobalSignOut: Operation<
  AdminUserGlobalSignOutRequest,
  AdminUserGlobalSignOutResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  const { storage, clock } = context;
  storage.transaction(() => storage.signIns.revokeAllOf(pool.id, user.sub, clock.now()));
  return {};
};
