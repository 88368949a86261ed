import type { GetUserRequest, GetUserResponse } from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { mfaView } from '../domain/mfa/user-mfa.js';
import { attributeList, clientMayRead } from '../domain/users/attributes.js';
import type { Operation } from '../operation.js';

/** Shows what the client may read now, whatever it was when the token was issued. */
export const GetUser: Operation<GetUserRequest, GetUserResponse> = async (input, context) => {
  const { client, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return {
    Username: user.username,
    ...mfaView(context, user),
    UserAttributes: attributeList(user).filter(
      ({ Name }) => Name === 'sub' || clientMayRead(client, Name as string),
    ),
  };
};
