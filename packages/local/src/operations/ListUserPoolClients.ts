import type {
  ListUserPoolClientsRequest,
  ListUserPoolClientsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { page } from '../domain/pages.js';
import type { Operation } from '../operation.js';

export const ListUserPoolClients: Operation<ListUserPoolClientsRequest, ListUserPoolClientsResponse> = (
  input,
  context,
) => {
  const { id } = userPool(context, input.UserPoolId);
  // No client here was made by dynamic registration.
  if (input.ClientType === 'DCR') return { UserPoolClients: [] };
  const { items, NextToken } = page(
    { list: `ListUserPoolClients ${id}`, limit: input.MaxResults, token: input.NextToken },
    (limit, after) => context.storage.clients.list(id, limit, after),
    (client) => client.id,
  );
  return {
    UserPoolClients: items.map((client) => ({
      ClientId: client.id,
      ClientName: client.name,
      UserPoolId: client.userPoolId,
    })),
    NextToken,
  };
};
