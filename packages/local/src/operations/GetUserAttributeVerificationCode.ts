import type {
  GetUserAttributeVerificationCodeRequest,
  GetUserAttributeVerificationCodeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { sendVerificationCode } from '../domain/users/attribute-verification.js';
import type { Operation } from '../operation.js';

export const GetUserAttributeVerificationCode: Operation<
  GetUserAttributeVerificationCodeRequest,
  GetUserAttributeVerificationCodeResponse
> = async (input, context) => {
  const token = await verifyAccessToken(context, input.AccessToken);
  const { pool, client, user } = tokenHolder(context, token);
  const caller = { clientId: client.id, clientMetadata: input.ClientMetadata };
  return {
    CodeDeliveryDetails: await sendVerificationCode(context, pool, user, input.AttributeName, caller),
  };
};
