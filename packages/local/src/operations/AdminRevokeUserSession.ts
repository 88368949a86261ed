import type {
  AdminRevokeUserSessionRequest,
  AdminRevokeUserSessionResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { revokeSession } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

export const AdminRevokeUserSession: Operation<
  AdminRevokeUserSessionRequest,
  AdminRevokeUserSessionResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  revokeSession(context, pool, user, {
    sessionId: input.SessionId,
  });
  return {};
};
