import type { UpdateGroupRequest, UpdateGroupResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { groupView, updateGroup } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

export const UpdateGroup: Operation<UpdateGroupRequest, UpdateGroupResponse> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  return { Group: groupView(updateGroup(context, pool, input)) };
};
