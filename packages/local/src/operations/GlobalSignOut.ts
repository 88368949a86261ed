import type { GlobalSignOutRequest, GlobalSignOutResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { signOutEverywhere } from '../domain/sign-in/sign-out.js';
import type { Operation } from '../operation.js';

export const GlobalSignOut: Operation<GlobalSignOutRequest, GlobalSignOutResponse> = async (
  input,
  context,
) => {
  const { user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  context.storage.transaction(() => signOutEverywhere(context, user));
  return {};
};
