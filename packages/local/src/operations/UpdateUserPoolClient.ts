import type {
  UpdateUserPoolClientRequest,
  UpdateUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { updateUserPoolClient } from '../domain/clients/user-pool-client.js';
import type { Operation } from '../operation.js';

export const UpdateUserPoolClient: Operation<UpdateUserPoolClientRequest, UpdateUserPoolClientResponse> = (
  input,
  context,
) => ({
  UserPoolClient: updateUserPoolClient(
    context,
    describedClient(context, input.UserPoolId, input.ClientId),
    input,
  ),
});
