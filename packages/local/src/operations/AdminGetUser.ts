import type { AdminGetUserRequest, AdminGetUserResponse } from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { mfaView } from '../domain/mfa/user-mfa.js';
import { userView } from '../domain/users/users.js';
import type { Operation } from '../operation.js';

export const AdminGetUser: Operation<AdminGetUserRequest, AdminGetUserResponse> = (input, context) => {
  const { user } = poolUser(context, input);
  const { Attributes, ...view } = userView(user);
  return { ...view, ...mfaView(context, user), Username: user.username, UserAttributes: Attributes };
};
