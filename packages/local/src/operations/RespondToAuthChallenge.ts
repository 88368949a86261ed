import type {
  RespondToAuthChallengeRequest,
  RespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { respondToChallenge } from '../domain/sign-in/respond-to-challenge.js';
import type { Operation } from '../operation.js';

export const RespondToAuthChallenge: Operation<
  RespondToAuthChallengeRequest,
  RespondToAuthChallengeResponse
> = (input, context) => {
  const access = publicClient(context, input.ClientId);
  return respondToChallenge(context, access, 'RespondToAuthChallenge', input);
};
