import type { DeleteGroupRequest } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findGroup } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

/** Members or none: who belonged to the group no longer does. */
export const DeleteGroup: Operation<DeleteGroupRequest, undefined> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  const group = findGroup(context, pool, input.GroupName);
  context.storage.transaction(() => context.storage.groups.delete(pool.id, group.name));
  return undefined;
};
