import type {
  AdminCreateUserRequest,
  AdminCreateUserResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { inviteAgain, inviteUser } from '../domain/invitations.js';
import type { Operation } from '../operation.js';

/**
 * `ValidationData` and `ClientMetadata` only ever reach triggers, and a pool of this server has none:
 * CreateUserPool refuses a LambdaConfig.
 */
export const AdminCreateUser: Operation<AdminCreateUserRequest, AdminCreateUserResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  const invite = input.MessageAction === 'RESEND' ? inviteAgain : inviteUser;
  return { User: invite(context, pool, input) };
};
