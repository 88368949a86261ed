import type {
  AdminListUserAuthEventsRequest,
  AdminListUserAuthEventsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { page } from '../domain/pages.js';
import { authEventView, checkKeepsEvents } from '../domain/sign-in/auth-events.js';
import type { Operation } from '../operation.js';

/** Newest first. */
export const AdminListUserAuthEvents: Operation<
  AdminListUserAuthEventsRequest,
  AdminListUserAuthEventsResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  checkKeepsEvents(pool);
  const { items, NextToken } = page(
    {
      list: `AdminListUserAuthEvents ${pool.id} ${user.sub}`,
      // 0 asks for the default.
      limit: input.MaxResults || undefined,
      token: input.NextToken,
    },
    (limit, after) =>
      context.storage.authEvents.list(
        pool.id,
        user.sub,
        limit,
        after === undefined ? undefined : Number(after),
      ),
    ({ id }) => String(id),
  );
  return { AuthEvents: items.map(authEventView), NextToken };
};
