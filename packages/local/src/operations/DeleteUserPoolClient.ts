import type { DeleteUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { deleteUserPoolClient } from '../domain/clients/user-pool-client.js';
import type { Operation } from '../operation.js';

export const DeleteUserPoolClient: Operation<DeleteUserPoolClientRequest, undefined> = (input, context) => {
  const { client } = describedClient(context, input.UserPoolId, input.ClientId);
  deleteUserPoolClient(context, client);
  return undefined;
};
