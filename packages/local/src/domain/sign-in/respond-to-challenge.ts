import type {
  ChallengeNameType,
  RespondToAuthChallengeRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import { CHALLENGES } from '../challenges/index.js';
import { checkSecretHashParameter } from '../clients/secret-hash.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { notSupportedYet } from '../faults.js';
import { type Attempt, ipAddressOf, recorded, type Whence } from './auth-events.js';
import { type AuthAnswer, type ChallengeAnswer, required } from './sign-in-progress.js';

/** How the history of a pool that keeps one calls what is proven. */
const PROVES: Readonly<Partial<Record<ChallengeNameType, 'Password' | 'Mfa'>>> = {
  PASSWORD: 'Password',
  PASSWORD_VERIFIER: 'Password',
  SMS_MFA: 'Mfa',
  EMAIL_OTP: 'Mfa',
  SOFTWARE_TOKEN_MFA: 'Mfa',
};

/**
 * Answers a challenge, for the public and for the administrator's operation; either takes the sessions
 * of the other. Members that only feed analytics or threat protection have no say, but for the history of a
 * pool that keeps one.
 */
export async function respondToChallenge(
  context: OperationContext,
  access: ClientAccess,
  operation: ChallengeAnswer['operation'],
  input: Pick<
    RespondToAuthChallengeRequest,
    'ChallengeName' | 'ChallengeResponses' | 'Session' | 'ClientMetadata'
  > &
    Whence,
): Promise<AuthAnswer> {
  const name = input.ChallengeName as ChallengeNameType;
  const responder = CHALLENGES[name];
  if (responder === undefined) throw notSupportedYet(operation, 'ChallengeName', name);
  const responses = input.ChallengeResponses ?? {};
  checkSecretHashParameter(access.client, required(responses, 'USERNAME'), responses['SECRET_HASH']);
  const attempt: Attempt = {
    type: 'SignIn',
    username: responses['USERNAME'],
    challenge: PROVES[name],
    ipAddress: ipAddressOf(access.client, input),
  };
  return recorded(context, access.pool, attempt, () =>
    responder(context, {
      operation,
      access,
      responses,
      session: input.Session,
      clientMetadata: input.ClientMetadata,
    }),
  );
}
