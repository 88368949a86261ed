import type {
  DeleteUserAttributesRequest,
  DeleteUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { deleteAttributes } from '../domain/users/attribute-changes.js';
import { checkClientMayWrite, checkDeletion } from '../domain/users/attributes.js';
import type { Operation } from '../operation.js';

export const DeleteUserAttributes: Operation<
  DeleteUserAttributesRequest,
  DeleteUserAttributesResponse
> = async (input, context) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, client, user } = tokenHolder(context, token);
  const names = input.UserAttributeNames ?? [];
  checkClientMayWrite(client, names);
  checkDeletion(pool, names, (name) => `Type for attribute {${name}} could not be determined`);
  deleteAttributes(context, pool, user, names);
  return {};
};
