import type { InitiateAuthRequest, InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { initiateAuth } from '../domain/sign-in/initiate-auth.js';
import type { Operation } from '../operation.js';

export const InitiateAuth: Operation<InitiateAuthRequest, InitiateAuthResponse> = (input, context) => {
  const access = publicClient(context, input.ClientId);
  return initiateAuth(context, access, 'InitiateAuth', input);
};
