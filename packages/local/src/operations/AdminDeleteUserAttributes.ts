import type {
  AdminDeleteUserAttributesRequest,
  AdminDeleteUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { deleteAttributes } from '../domain/users/attribute-changes.js';
import { checkDeletion, unknownToSchema } from '../domain/users/attributes.js';
import type { Operation } from '../operation.js';

export const AdminDeleteUserAttributes: Operation<
  AdminDeleteUserAttributesRequest,
  AdminDeleteUserAttributesResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  const names = input.UserAttributeNames ?? [];
  checkDeletion(pool, names, unknownToSchema);
  deleteAttributes(context, pool, user, names);
  return {};
};
