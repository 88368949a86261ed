import type { ExplicitAuthFlowsType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { checkSecretHashParameter } from '../clients/secret-hash.js';
import { allowsFlow, hidesUserExistence } from '../clients/user-pool-client.js';
import { invalidParameter } from '../faults.js';
import { incorrectCredentials, passwordResetRequired } from '../passwords/faults.js';
import { passwordMatches, pretendToCheckPassword } from '../passwords/passwords.js';
import type { Principal } from '../tokens/principal.js';
import { admit, checkPasswordIsStillGood } from './admission.js';
import { checkLockout, countWrongPassword, forgetWrongPasswords, subjectOf } from './attempts.js';
import { flowNotSupportedHere } from './faults.js';
import { continueSignIn } from './sign-in.js';
import { type Flow, type FlowRequest, required } from './sign-in-progress.js';

/**
 * USER_PASSWORD_AUTH and its administrator's forms. The checks in AWS's order: secret, flow, user, status,
 * password, then what the password's age or state asks for.
 *
 * @param on The operation that the flow belongs to.
 * @param allowedBy What the client must allow, and how it is refused when it does not.
 */
export function passwordFlow(
  on: FlowRequest['operation'],
  allowedBy: ExplicitAuthFlowsType,
  refusal: string,
): Flow {
  return async (context, request) => {
    if (request.operation !== on) throw flowNotSupportedHere();
    const { access, parameters } = request;
    const { client, pool } = access;
    const username = required(parameters, 'USERNAME');
    checkSecretHashParameter(client, username, parameters['SECRET_HASH']);
    if (!allowsFlow(client, allowedBy)) throw invalidParameter(refusal);
    const password = required(parameters, 'PASSWORD');
    const user = await admit(context, request, username);
    const principal = provePassword(context, { client, pool, user }, username, password);
    return continueSignIn(
      context,
      principal,
      {
        flow: request.flow,
        proven: ['PASSWORD'],
        ...(parameters['DEVICE_KEY'] && { deviceKey: parameters['DEVICE_KEY'] }),
      },
      { write: () => forgetWrongPasswords(context, pool, principal.user.sub) },
    );
  };
}

type Claimant = Omit<Principal, 'user'> & { readonly user: UserRecord | undefined };

/**
 * A password that was sent, and whoever sent it under this name; wrong ones are counted.
 *
 * @throws NotAuthorizedException, PasswordResetRequiredException
 */
export function provePassword(
  context: OperationContext,
  claimant: Claimant,
  username: string,
  password: string,
): Principal {
  const { client, pool, user } = claimant;
  const subject = subjectOf(pool, user, username);
  checkLockout(context, pool, subject);
  if (user === undefined || !matches({ client, pool, user }, password)) {
    if (user === undefined) pretendToCheckPassword(pool, username, password);
    countWrongPassword(context, pool, subject);
    throw incorrectCredentials();
  }
  checkProvenPassword(context, pool, user);
  return { client, pool, user };
}

function matches({ client, pool, user }: Principal, password: string): boolean {
  if (user.password !== undefined) return passwordMatches(user, user.password, password);
  // Imported users have no password until they reset it.
  if (user.status === 'RESET_REQUIRED' && !hidesUserExistence(client)) throw passwordResetRequired();
  pretendToCheckPassword(pool, user.username, password);
  return false;
}

/**
 * What is said of a password only to who knows it.
 *
 * @throws PasswordResetRequiredException, NotAuthorizedException
 */
export function checkProvenPassword(context: OperationContext, pool: UserPoolRecord, user: UserRecord): void {
  if (user.status === 'RESET_REQUIRED') throw passwordResetRequired();
  checkPasswordIsStillGood(context, pool, user);
}
