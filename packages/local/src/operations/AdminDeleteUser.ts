import type { AdminDeleteUserRequest } from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import type { Operation } from '../operation.js';

export const AdminDeleteUser: Operation<AdminDeleteUserRequest, undefined> = (input, context) => {
  const { user } = poolUser(context, input);
  context.storage.transaction(() => context.storage.users.delete(user));
  return undefined;
};
