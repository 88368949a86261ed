import type { ConfirmSignUpRequest, ConfirmSignUpResponse } from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/secret-hash.js';
import { confirmSignUp } from '../domain/sign-up.js';
import type { Operation } from '../operation.js';

/** `Session` belongs to USER_AUTH, which no session of this server comes from yet. */
export const ConfirmSignUp: Operation<ConfirmSignUpRequest, ConfirmSignUpResponse> = async (
  input,
  context,
) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  await confirmSignUp(context, access, input);
  return {};
};
