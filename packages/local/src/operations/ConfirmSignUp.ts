import type { ConfirmSignUpRequest, ConfirmSignUpResponse } from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/clients/secret-hash.js';
import { confirmSignUp } from '../domain/registration/sign-up.js';
import { confirmedSession, sessionOfSignUp } from '../domain/sign-in/sign-up-session.js';
import type { Operation } from '../operation.js';

export const ConfirmSignUp: Operation<ConfirmSignUpRequest, ConfirmSignUpResponse> = async (
  input,
  context,
) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  const session = sessionOfSignUp(context, access, input);
  await confirmSignUp(context, access, input);
  return { Session: confirmedSession(context, access, input.Username as string, session) };
};
