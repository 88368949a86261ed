import type {
  UpdateUserAttributesRequest,
  UpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { changeAttributes } from '../domain/users/attribute-changes.js';
import { attributesOf, checkClientMayWrite } from '../domain/users/attributes.js';
import type { Operation } from '../operation.js';

export const UpdateUserAttributes: Operation<
  UpdateUserAttributesRequest,
  UpdateUserAttributesResponse
> = async (input, context) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, client, user } = tokenHolder(context, token);
  const given = attributesOf(input.UserAttributes);
  checkClientMayWrite(client, Object.keys(given));
  const caller = { clientId: client.id, clientMetadata: input.ClientMetadata };
  return { CodeDeliveryDetailsList: await changeAttributes(context, pool, user, given, caller) };
};
