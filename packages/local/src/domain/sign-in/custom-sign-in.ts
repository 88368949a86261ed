import { checkSecretHashParameter } from '../clients/secret-hash.js';
import { allowsFlow } from '../clients/user-pool-client.js';
import { invalidParameter, malformedParameter } from '../faults.js';
import { admit } from './admission.js';
import { customAuthNotConfigured } from './faults.js';
import { continueCustomSignIn } from './sign-in.js';
import { type CustomProgress, type Flow, type Parameters, required } from './sign-in-progress.js';
import { publicValue } from './srp-exchange.js';
import { startOf } from './srp-sign-in.js';

/**
 * CUSTOM_AUTH: the pool's functions say what is asked and when it is enough, after a proof of the password
 * when the client begins with SRP_A. A name that nobody has goes through the same functions where the
 * client is not to be told.
 *
 * AWS passes the ClientMetadata of this operation on to none of them.
 */
export const customSignIn: Flow = async (context, request) => {
  const { access, parameters } = request;
  const username = required(parameters, 'USERNAME');
  checkSecretHashParameter(access.client, username, parameters['SECRET_HASH']);
  if (!allowsFlow(access.client, 'ALLOW_CUSTOM_AUTH')) {
    throw invalidParameter('CUSTOM_AUTH is not enabled for the client.');
  }
  if (!context.triggers.has(access.pool, 'DefineAuthChallenge')) throw customAuthNotConfigured();
  const custom = begin(parameters);
  const user = await admit(context, request, username);
  return continueCustomSignIn(context, access, { user, username }, { ...startOf(request), custom });
};

function begin(parameters: Parameters): CustomProgress {
  const first = parameters['CHALLENGE_NAME'];
  if (!first) return { results: [], seen: 0 };
  if (first !== 'SRP_A') throw malformedParameter('CHALLENGE_NAME');
  publicValue(parameters);
  return {
    results: [{ challengeName: 'SRP_A', challengeResult: true }],
    seen: 0,
    srpA: required(parameters, 'SRP_A'),
  };
}
