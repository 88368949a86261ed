import type { AdminAddUserToGroupRequest } from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { groupNotFound, tooManyGroups } from '../domain/users/faults.js';
import { MAX_GROUPS_PER_USER } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

/** Idempotent. A missing user is reported before a missing group. */
export const AdminAddUserToGroup: Operation<AdminAddUserToGroupRequest, undefined> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  const { groups } = context.storage;
  const name = input.GroupName as string;
  context.storage.transaction(() => {
    if (groups.find(pool.id, name) === undefined) throw groupNotFound();
    const others = groups
      .ofUser(pool.id, user.sub, MAX_GROUPS_PER_USER)
      .filter((group) => group.name !== name);
    if (others.length >= MAX_GROUPS_PER_USER) throw tooManyGroups();
    groups.addMember(pool.id, name, user.sub);
  });
  return undefined;
};
