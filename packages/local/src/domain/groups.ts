import type { CreateGroupRequest, GroupType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import type { GroupRecord } from '../storage/groups.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { groupExists, invalidParameter } from './faults.js';

/** AWS's quota. */
export const MAX_GROUPS_PER_USER = 100;

/** @throws GroupExistsException */
export function createGroup(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  request: CreateGroupRequest,
): GroupRecord {
  // SQLite would keep what comes before it, and no more.
  if (request.Description?.includes('\0')) {
    throw invalidParameter('CreateGroup: Description cannot hold the character U+0000.');
  }
  const now = clock.now();
  const group: GroupRecord = {
    userPoolId: pool.id,
    name: request.GroupName as string,
    description: request.Description,
    roleArn: request.RoleArn,
    precedence: request.Precedence,
    createdAt: now,
    modifiedAt: now,
  };
  storage.transaction(() => {
    if (storage.groups.find(pool.id, group.name) !== undefined) throw groupExists();
    storage.groups.insert(group);
  });
  return group;
}

export function groupView(group: GroupRecord): GroupType {
  return {
    GroupName: group.name,
    UserPoolId: group.userPoolId,
    Description: group.description,
    RoleArn: group.roleArn,
    Precedence: group.precedence,
    CreationDate: new Date(group.createdAt),
    LastModifiedDate: new Date(group.modifiedAt),
  };
}
