import type {
  ChallengeNameType,
  RespondToAuthChallengeRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import { missingParameter, notSupportedYet } from './faults.js';
import { answerNewPassword } from './new-password-challenge.js';
import { checkSecretHashParameter } from './secret-hash.js';
import { type AuthAnswer, type Parameters, required } from './sign-in.js';
import type { ClientAccess } from './user-pool-client.js';

type Answer = (
  context: OperationContext,
  access: ClientAccess,
  sessionToken: string,
  responses: Parameters,
) => Promise<AuthAnswer>;

const ANSWERS: Partial<Record<ChallengeNameType, Answer>> = {
  NEW_PASSWORD_REQUIRED: answerNewPassword,
};

/**
 * Answers a challenge, for the public and for the administrator's operation; either takes the sessions
 * of the other. Members that only feed analytics, threat protection or triggers have no say: a pool of
 * this server has none of those.
 */
export async function respondToChallenge(
  context: OperationContext,
  access: ClientAccess,
  operation: 'RespondToAuthChallenge' | 'AdminRespondToAuthChallenge',
  input: Pick<RespondToAuthChallengeRequest, 'ChallengeName' | 'ChallengeResponses' | 'Session'>,
): Promise<AuthAnswer> {
  const name = input.ChallengeName as ChallengeNameType;
  const answer = ANSWERS[name];
  if (answer === undefined) throw notSupportedYet(operation, 'ChallengeName', name);
  const responses = input.ChallengeResponses ?? {};
  checkSecretHashParameter(access.client, required(responses, 'USERNAME'), responses['SECRET_HASH']);
  if (input.Session === undefined) throw missingParameter('Session');
  return answer(context, access, input.Session, responses);
}
