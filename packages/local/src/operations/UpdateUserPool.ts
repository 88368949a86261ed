import type {
  UpdateUserPoolRequest,
  UpdateUserPoolResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { updateUserPool } from '../domain/pools/user-pool.js';
import type { Operation } from '../operation.js';

export const UpdateUserPool: Operation<UpdateUserPoolRequest, UpdateUserPoolResponse> = (input, context) => {
  updateUserPool(context, userPool(context, input.UserPoolId), input);
  return {};
};
