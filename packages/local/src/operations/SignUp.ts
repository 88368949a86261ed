import type { SignUpRequest, SignUpResponse } from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/clients/secret-hash.js';
import { signUp } from '../domain/registration/sign-up.js';
import { ipAddressOf, recorded } from '../domain/sign-in/auth-events.js';
import { signUpSession } from '../domain/sign-in/sign-up-session.js';
import type { Operation } from '../operation.js';

/**
 * `AnalyticsMetadata` counts events in Pinpoint and changes no answer; `UserContextData` goes into the
 * history of a pool that keeps one.
 */
export const SignUp: Operation<SignUpRequest, SignUpResponse> = async (input, context) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  const attempt = {
    type: 'SignUp',
    username: input.Username,
    ipAddress: ipAddressOf(access.client, input),
  } as const;
  const answer = await recorded(context, access.pool, attempt, () => signUp(context, access, input));
  return { ...answer, Session: signUpSession(context, access, answer.UserSub as string) };
};
