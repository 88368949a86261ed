import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import { checkSecretHashParameter } from '../clients/secret-hash.js';
import { allowsFlow, type ClientAccess } from '../clients/user-pool-client.js';
import { invalidParameter } from '../faults.js';
import { simulatedPassword, simulatedUsername } from '../users/simulation.js';
import { admit } from './admission.js';
import { checkLockout, subjectOf } from './attempts.js';
import {
  type AuthAnswer,
  type Flow,
  type FlowRequest,
  namedDevice,
  type Parameters,
  type Progress,
  required,
} from './sign-in-progress.js';
import { openExchange, publicValue } from './srp-exchange.js';

/** USER_SRP_AUTH: the password is proven, and never sent. */
export const srpSignIn: Flow = async (context, request) => {
  const { access, parameters } = request;
  const username = required(parameters, 'USERNAME');
  checkSecretHashParameter(access.client, username, parameters['SECRET_HASH']);
  if (!allowsFlow(access.client, 'ALLOW_USER_SRP_AUTH')) {
    throw invalidParameter('USER_SRP_AUTH is not enabled for the client.');
  }
  publicValue(parameters);
  const user = await admit(context, request, username);
  return askForProof(context, access, user, parameters, startOf(request));
};

/** The progress of a flow that has just begun. */
export function startOf({ flow, parameters }: FlowRequest): Progress {
  const deviceKey = namedDevice(parameters);
  return { flow, proven: [], ...(deviceKey && { deviceKey }) };
}

/**
 * PASSWORD_VERIFIER. It has no session of its own: the block stands for it. A name that nobody has gets
 * one that looks the same each time, like a user's, and that nothing proves.
 *
 * @param user As `admit` returns it.
 * @param parameters With `USERNAME` and `SRP_A`.
 */
export function askForProof(
  context: OperationContext,
  { client, pool }: ClientAccess,
  user: UserRecord | undefined,
  parameters: Parameters,
  progress: Progress,
  write: () => void = () => {},
): AuthAnswer {
  const username = required(parameters, 'USERNAME');
  const clientPublic = publicValue(parameters);
  const subject = subjectOf(pool, user, username);
  checkLockout(context, pool, subject);
  const name = user?.username ?? simulatedUsername(context, pool, username);
  const password = user?.password ?? simulatedPassword(context, pool, user?.username ?? username);
  const exchange = context.storage.transaction(() => {
    write();
    return openExchange(
      context,
      client,
      { challenge: 'PASSWORD_VERIFIER', subject, progress, clientPublic },
      password,
    );
  });
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: { ...exchange, USERNAME: name, USER_ID_FOR_SRP: name },
  };
}
