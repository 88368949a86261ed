import type {
  ListResourceServersRequest,
  ListResourceServersResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { page } from '../domain/pages.js';
import { resourceServerView } from '../domain/pools/resource-servers.js';
import type { Operation } from '../operation.js';

const MAX_PAGE = 50;

export const ListResourceServers: Operation<ListResourceServersRequest, ListResourceServersResponse> = (
  input,
  context,
) => {
  const { id } = userPool(context, input.UserPoolId);
  const { items, NextToken } = page(
    { list: `ListResourceServers ${id}`, limit: input.MaxResults ?? MAX_PAGE, token: input.NextToken },
    (limit, after) => context.storage.resourceServers.list(id, limit, after),
    (server) => server.identifier,
  );
  return { ResourceServers: items.map(resourceServerView), NextToken };
};
