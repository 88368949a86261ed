import type {
  AdminRespondToAuthChallengeRequest,
  AdminRespondToAuthChallengeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolClient } from '../access/client.js';
import { respondToChallenge } from '../domain/sign-in/respond-to-challenge.js';
import type { Operation } from '../operation.js';

export const AdminRespondToAuthChallenge: Operation<
  AdminRespondToAuthChallengeRequest,
  AdminRespondToAuthChallengeResponse
> = (input, context) => {
  const access = poolClient(context, input.UserPoolId, input.ClientId);
  return respondToChallenge(context, access, 'AdminRespondToAuthChallenge', input);
};
