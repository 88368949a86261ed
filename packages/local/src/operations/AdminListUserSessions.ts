import type {
  AdminListUserSessionsRequest,
  AdminListUserSessionsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { listSessions } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

export const AdminListUserSessions: Operation<AdminListUserSessionsRequest, AdminListUserSessionsResponse> = (
  input,
  context,
) => {
  const { pool, user } = poolUser(context, input);
  return { Sessions: listSessions(context, pool, user, { nextToken: input.NextToken }) };
};
