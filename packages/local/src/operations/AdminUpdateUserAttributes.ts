import type {
  AdminUpdateUserAttributesRequest,
  AdminUpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { changeAttributes } from '../domain/users/attribute-changes.js';
import { attributesOf } from '../domain/users/attributes.js';
import type { Operation } from '../operation.js';

/** Unlike users, administrators say whether an address or a number is verified. */
export const AdminUpdateUserAttributes: Operation<
  AdminUpdateUserAttributesRequest,
  AdminUpdateUserAttributesResponse
> = async (input, context) => {
  const { pool, user } = poolUser(context, input);
  const caller = { clientMetadata: input.ClientMetadata };
  await changeAttributes(context, pool, user, attributesOf(input.UserAttributes), caller);
  return {};
};
