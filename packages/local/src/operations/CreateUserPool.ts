import type {
  CreateUserPoolRequest,
  CreateUserPoolResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { createUserPool } from '../domain/pools/user-pool.js';
import type { Operation } from '../operation.js';

export const CreateUserPool: Operation<CreateUserPoolRequest, CreateUserPoolResponse> = async (
  input,
  context,
) => ({ UserPool: await createUserPool(context, input) });
