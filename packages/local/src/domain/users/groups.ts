import type {
  CreateGroupRequest,
  GroupType,
  UpdateGroupRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { GroupRecord } from '../../storage/groups.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { groupExists, groupNotFound, tooManyGroupsInPool } from './faults.js';

/** AWS's quotas. */
export const MAX_GROUPS_PER_USER = 100;
const MAX_GROUPS_PER_POOL = 10_000;

/** @throws GroupExistsException, LimitExceededException */
export function createGroup(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  request: CreateGroupRequest,
): GroupRecord {
  checkDescription('CreateGroup', request.Description);
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
    if (storage.groups.reach(pool.id, MAX_GROUPS_PER_POOL)) throw tooManyGroupsInPool();
    storage.groups.insert(group);
  });
  return group;
}

/** @throws ResourceNotFoundException */
export function findGroup(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  name: string | undefined,
): GroupRecord {
  const group = storage.groups.find(pool.id, name as string);
  if (group === undefined) throw groupNotFound();
  return group;
}

/**
 * What is left out, and an empty description, changes nothing: a value can be replaced but not cleared. A
 * value that is given counts as a change even when it is the one that was there.
 *
 * @throws ResourceNotFoundException
 */
export function updateGroup(
  context: OperationContext,
  pool: UserPoolRecord,
  request: UpdateGroupRequest,
): GroupRecord {
  const { storage, clock } = context;
  checkDescription('UpdateGroup', request.Description);
  const group = findGroup(context, pool, request.GroupName);
  const description = request.Description || undefined;
  const { RoleArn: roleArn, Precedence: precedence } = request;
  if (description === undefined && roleArn === undefined && precedence === undefined) return group;
  const updated: GroupRecord = {
    ...group,
    description: description ?? group.description,
    roleArn: roleArn ?? group.roleArn,
    precedence: precedence ?? group.precedence,
    modifiedAt: clock.now(),
  };
  storage.transaction(() => storage.groups.update(updated));
  return updated;
}

/** SQLite would keep what comes before U+0000, and no more. */
function checkDescription(operation: string, description: string | undefined): void {
  if (description?.includes('\0')) {
    throw invalidParameter(`${operation}: Description cannot hold the character U+0000.`);
  }
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
