import type {
  VerifyUserAttributeRequest,
  VerifyUserAttributeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { verifyAttribute } from '../domain/users/attribute-verification.js';
import type { Operation } from '../operation.js';

export const VerifyUserAttribute: Operation<VerifyUserAttributeRequest, VerifyUserAttributeResponse> = async (
  input,
  context,
) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  verifyAttribute(context, pool, user, input.AttributeName, input.Code as string);
  return {};
};
