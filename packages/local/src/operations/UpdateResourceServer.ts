import type {
  UpdateResourceServerRequest,
  UpdateResourceServerResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { updateResourceServer } from '../domain/pools/resource-servers.js';
import type { Operation } from '../operation.js';

export const UpdateResourceServer: Operation<UpdateResourceServerRequest, UpdateResourceServerResponse> = (
  input,
  context,
) => ({ ResourceServer: updateResourceServer(context, userPool(context, input.UserPoolId), input) });
