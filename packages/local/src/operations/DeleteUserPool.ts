import type { DeleteUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { deleteUserPool } from '../domain/pools/user-pool-deletion.js';
import type { Operation } from '../operation.js';

export const DeleteUserPool: Operation<DeleteUserPoolRequest, undefined> = async (input, context) => {
  await deleteUserPool(context, userPool(context, input.UserPoolId));
  return undefined;
};
