import type { ListGroupsRequest, ListGroupsResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { constraintViolated } from '../domain/faults.js';
import { page } from '../domain/pages.js';
import { groupView } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

export const ListGroups: Operation<ListGroupsRequest, ListGroupsResponse> = (input, context) => {
  // The model lets 0 pass; the service behind it does not, under a name of its own.
  if (input.Limit === 0) {
    throw constraintViolated(0, 'maxResults', 'Member must have value greater than or equal to 1');
  }
  const pool = userPool(context, input.UserPoolId);
  const { items, NextToken } = page(
    { list: `ListGroups ${pool.id}`, limit: input.Limit, token: input.NextToken },
    (limit, after) => context.storage.groups.list(pool.id, limit, after),
    (group) => group.name,
  );
  return { Groups: items.map(groupView), NextToken };
};
