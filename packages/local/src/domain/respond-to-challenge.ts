import type {
  ChallengeNameType,
  RespondToAuthChallengeRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import { CHALLENGES } from './challenges/index.js';
import { notSupportedYet } from './faults.js';
import { checkSecretHashParameter } from './secret-hash.js';
import { type AuthAnswer, type ChallengeAnswer, required } from './sign-in-progress.js';
import type { ClientAccess } from './user-pool-client.js';

/**
 * Answers a challenge, for the public and for the administrator's operation; either takes the sessions
 * of the other. Members that only feed analytics or threat protection have no say: a pool of this server
 * has none of those.
 */
export async function respondToChallenge(
  context: OperationContext,
  access: ClientAccess,
  operation: ChallengeAnswer['operation'],
  input: Pick<
    RespondToAuthChallengeRequest,
    'ChallengeName' | 'ChallengeResponses' | 'Session' | 'ClientMetadata'
  >,
): Promise<AuthAnswer> {
  const name = input.ChallengeName as ChallengeNameType;
  const responder = CHALLENGES[name];
  if (responder === undefined) throw notSupportedYet(operation, 'ChallengeName', name);
  const responses = input.ChallengeResponses ?? {};
  checkSecretHashParameter(access.client, required(responses, 'USERNAME'), responses['SECRET_HASH']);
  return responder(context, {
    operation,
    access,
    responses,
    session: input.Session,
    clientMetadata: input.ClientMetadata,
  });
}
