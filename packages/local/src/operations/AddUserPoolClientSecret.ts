import type {
  AddUserPoolClientSecretRequest,
  AddUserPoolClientSecretResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { addSecret } from '../domain/clients/user-pool-client-secrets.js';
import type { Operation } from '../operation.js';

export const AddUserPoolClientSecret: Operation<
  AddUserPoolClientSecretRequest,
  AddUserPoolClientSecretResponse
> = (input, context) => {
  const { client } = describedClient(context, input.UserPoolId, input.ClientId);
  return { ClientSecretDescriptor: addSecret(context, client, input.ClientSecret) };
};
