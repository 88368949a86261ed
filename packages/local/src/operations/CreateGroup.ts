import type { CreateGroupRequest, CreateGroupResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { createGroup, groupView } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

export const CreateGroup: Operation<CreateGroupRequest, CreateGroupResponse> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  return { Group: groupView(createGroup(context, pool, input)) };
};
