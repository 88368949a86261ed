import type {
  ListUserSessionsRequest,
  ListUserSessionsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { listSessions } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

export const ListUserSessions: Operation<ListUserSessionsRequest, ListUserSessionsResponse> = async (
  input,
  context,
) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, user } = tokenHolder(context, token);
  const currentEventId = token.claims['event_id'] as string;
  return { Sessions: listSessions(context, pool, user, { currentEventId, nextToken: input.NextToken }) };
};
