import type { GlobalSignOutRequest, GlobalSignOutResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import type { Operation } from '../operation.js';

export const GlobalSignOut: Operation<GlobalSignOutRequest, GlobalSignOutResponse> = async (
  input,
  context,
) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  const { storage, clock } = context;
  storage.transaction(() => storage.signIns.revokeAllOf(pool.id, user.sub, clock.now()));
  return {};
};
