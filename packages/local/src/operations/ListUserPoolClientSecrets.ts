import type {
  ListUserPoolClientSecretsRequest,
  ListUserPoolClientSecretsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { listSecrets } from '../domain/clients/user-pool-client-secrets.js';
import { invalidPaginationToken } from '../domain/faults.js';
import type { Operation } from '../operation.js';

/** There are two at most, so there is one page and no token that could be right. */
export const ListUserPoolClientSecrets: Operation<
  ListUserPoolClientSecretsRequest,
  ListUserPoolClientSecretsResponse
> = (input, context) => {
  const { client } = describedClient(context, input.UserPoolId, input.ClientId);
  if (input.NextToken !== undefined) throw invalidPaginationToken();
  return { ClientSecrets: listSecrets(client) };
};
