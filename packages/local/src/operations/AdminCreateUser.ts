import type {
  AdminCreateUserRequest,
  AdminCreateUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { inviteAgain, inviteUser } from '../domain/registration/invitations.js';
import type { Operation } from '../operation.js';

export const AdminCreateUser: Operation<AdminCreateUserRequest, AdminCreateUserResponse> = async (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  const invite = input.MessageAction === 'RESEND' ? inviteAgain : inviteUser;
  return { User: await invite(context, pool, input) };
};
