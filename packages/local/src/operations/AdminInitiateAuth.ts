import type {
  AdminInitiateAuthRequest,
  AdminInitiateAuthResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolClient } from '../access/client.js';
import { initiateAuth } from '../domain/sign-in/initiate-auth.js';
import type { Operation } from '../operation.js';

export const AdminInitiateAuth: Operation<AdminInitiateAuthRequest, AdminInitiateAuthResponse> = (
  input,
  context,
) => {
  const access = poolClient(context, input.UserPoolId, input.ClientId);
  return initiateAuth(context, access, 'AdminInitiateAuth', input);
};
