import type {
  RevokeUserSessionRequest,
  RevokeUserSessionResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { revokeSession } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

export const RevokeUserSession: Operation<RevokeUserSessionRequest, RevokeUserSessionResponse> = async (
  input,
  context,
) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, user } = tokenHolder(context, token);
  revokeSession(context, pool, user, {
    sessionId: input.SessionId,
    currentEventId: token.claims['event_id'] as string,
  });
  return {};
};
