import type {
  DeleteUserPoolClientSecretRequest,
  DeleteUserPoolClientSecretResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { deleteSecret } from '../domain/clients/user-pool-client-secrets.js';
import type { Operation } from '../operation.js';

export const DeleteUserPoolClientSecret: Operation<
  DeleteUserPoolClientSecretRequest,
  DeleteUserPoolClientSecretResponse
> = (input, context) => {
  const { client } = describedClient(context, input.UserPoolId, input.ClientId);
  deleteSecret(context, client, input.ClientSecretId as string);
  return {};
};
