import type { DeleteUserRequest } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import type { Operation } from '../operation.js';

export const DeleteUser: Operation<DeleteUserRequest, undefined> = async (input, context) => {
  const { user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  context.storage.transaction(() => context.storage.users.delete(user));
  return undefined;
};
