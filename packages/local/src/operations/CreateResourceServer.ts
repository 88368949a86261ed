import type {
  CreateResourceServerRequest,
  CreateResourceServerResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { createResourceServer } from '../domain/pools/resource-servers.js';
import type { Operation } from '../operation.js';

export const CreateResourceServer: Operation<CreateResourceServerRequest, CreateResourceServerResponse> = (
  input,
  context,
) => ({ ResourceServer: createResourceServer(context, userPool(context, input.UserPoolId), input) });
