import type { ListUsersRequest, ListUsersResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { listUsers } from '../domain/users/list-users.js';
import type { Operation } from '../operation.js';

export const ListUsers: Operation<ListUsersRequest, ListUsersResponse> = (input, context) =>
  listUsers(context, userPool(context, input.UserPoolId), input);
