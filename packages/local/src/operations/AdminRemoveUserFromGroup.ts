import type { AdminRemoveUserFromGroupRequest } from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import type { Operation } from '../operation.js';

/** Succeeds whether or not the user was a member, or the group existed, as on AWS. */
export const AdminRemoveUserFromGroup: Operation<AdminRemoveUserFromGroupRequest, undefined> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  context.storage.transaction(() =>
    context.storage.groups.removeMember(pool.id, input.GroupName as string, user.sub),
  );
  return undefined;
};
