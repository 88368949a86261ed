import type {
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { constraintViolated } from '../domain/faults.js';
import { groupView } from '../domain/groups.js';
import { nextToken, positionOf } from '../domain/pages.js';
import type { Operation } from '../operation.js';

const MAX_PAGE = 60;

export const AdminListGroupsForUser: Operation<
  AdminListGroupsForUserRequest,
  AdminListGroupsForUserResponse
> = (input, context) => {
  // The model lets 0 pass; the service behind it does not, under a name of its own.
  if (input.Limit === 0) {
    throw constraintViolated(0, 'maxResults', 'Member must have value greater than or equal to 1');
  }
  const { pool, user } = poolUser(context, input);
  const list = `AdminListGroupsForUser ${pool.id} ${user.sub}`;
  const limit = input.Limit ?? MAX_PAGE;
  const after = input.NextToken === undefined ? undefined : positionOf(list, input.NextToken);
  const groups = context.storage.groups.ofUser(pool.id, user.sub, limit + 1, after);
  const page = groups.slice(0, limit);
  return {
    Groups: page.map(groupView),
    NextToken: groups.length > limit ? nextToken(list, page.at(-1)?.name as string) : undefined,
  };
};
