import type { GetGroupRequest, GetGroupResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findGroup, groupView } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

export const GetGroup: Operation<GetGroupRequest, GetGroupResponse> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  return { Group: groupView(findGroup(context, pool, input.GroupName)) };
};
