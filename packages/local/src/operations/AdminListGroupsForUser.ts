import type {
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { constraintViolated } from '../domain/faults.js';
import { page } from '../domain/pages.js';
import { groupView } from '../domain/users/groups.js';
import type { Operation } from '../operation.js';

export const AdminListGroupsForUser: Operation<
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse
> = (input, context) => {
  // The model lets 0 pass; the service behind it does not, under a name of its own.
  if (input.Limit === 0) {
    throw constraintViolated(0, 'maxResults', 'Member must have value greater than or equal to 1');
  }
  const { pool, user } = poolUser(context, input);
  const { items, NextToken } = page(
    { list: `AdminListGroupsForUser ${pool.id} ${user.sub}`, limit: input.Limit, token: input.NextToken },
    (limit, after) => context.storage.groups.ofUser(pool.id, user.sub, limit, after),
    (group) => group.name,
  );
  return { Groups: items.map(groupView), NextToken };
};
