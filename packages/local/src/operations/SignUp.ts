import type { SignUpRequest, SignUpResponse } from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/secret-hash.js';
import { signUp } from '../domain/sign-up.js';
import { signUpSession } from '../domain/sign-up-session.js';
import type { Operation } from '../operation.js';

/**
 * `AnalyticsMetadata` and `UserContextData` only ever reach analytics and threat protection, which no pool
 * of this server can have.
 */
export const SignUp: Operation<SignUpRequest, SignUpResponse> = async (input, context) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  const answer = await signUp(context, access, input);
  return { ...answer, Session: signUpSession(context, access, answer.UserSub as string) };
};
