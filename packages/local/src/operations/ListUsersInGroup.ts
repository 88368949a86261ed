import type {
  ListUsersInGroupRequest,
  ListUsersInGroupResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { constraintViolated, invalidPagingMarker, wrapped } from '../domain/faults.js';
import { mfaOptions, userMfa } from '../domain/mfa/user-mfa.js';
import { page } from '../domain/pages.js';
import { findGroup } from '../domain/users/groups.js';
import { userView } from '../domain/users/users.js';
import type { Operation } from '../operation.js';

export const ListUsersInGroup: Operation<ListUsersInGroupRequest, ListUsersInGroupResponse> = (
  input,
  context,
) => {
  // The model lets 0 pass; the service behind it does not, and what it says is handed on as it is.
  if (input.Limit === 0) {
    throw wrapped(
      constraintViolated(0, 'maxResults', 'Member must have value greater than or equal to 1'),
      context.requestId,
    );
  }
  const pool = userPool(context, input.UserPoolId);
  const group = findGroup(context, pool, input.GroupName);
  const { items, NextToken } = page(
    {
      list: `ListUsersInGroup ${pool.id} ${group.name}`,
      limit: input.Limit,
      token: input.NextToken,
      refusal: invalidPagingMarker,
    },
    (limit, after) => context.storage.users.inGroup(pool.id, group.name, limit, after),
    (user) => user.sub,
  );
  return {
    Users: items.map((user) => ({ ...userView(user), MFAOptions: mfaOptions(userMfa(context, user)) })),
    NextToken,
  };
};
