import type { AuthFlowType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { preAuthentication } from '../../triggers/pre-authentication.js';
import { accessNow } from '../after-trigger.js';
import { hidesUserExistence } from '../clients/user-pool-client.js';
import { temporaryPasswordExpired } from '../passwords/faults.js';
import { passwordPolicyOf } from '../passwords/password-policy.js';
import { migrateUser } from '../registration/user-migration.js';
import { userDisabled, userNotConfirmed, userNotFound } from '../users/faults.js';
import { findUser } from '../users/users.js';
import type { FlowRequest } from './sign-in-progress.js';

/**
 * Who wants to sign in, before anything is proven: the one place that every flow but a refresh goes
 * through, once the client, its secret and the flow have been checked.
 *
 * @returns `undefined` for a name that nobody has, when the client is not to be told: the flow goes on as
 * if there were such a user, and fails as if the proof were wrong.
 * @throws UserNotFoundException, NotAuthorizedException, UserNotConfirmedException: the user's state is
 * said before a password is looked at.
 */
export async function admit(
  context: OperationContext,
  { access, flow, parameters, clientMetadata }: FlowRequest,
  username: string,
): Promise<UserRecord | undefined> {
  const { client, pool } = access;
  const caller = { clientId: client.id, clientMetadata };
  const user =
    findUser(context, pool, username) ??
    (MIGRATING.includes(flow)
      ? await migrateUser(context, access, username, parameters['PASSWORD'], caller)
      : undefined);
  if (user === undefined && !hidesUserExistence(client)) throw userNotFound();
  if (user !== undefined) checkMaySignIn(user);
  if (!context.triggers.has(pool, 'PreAuthentication')) return user;
  await preAuthentication(context, pool, user, username, caller);
  accessNow(context, access);
  // As the function left him, who may have looked into it.
  const now = user && context.storage.users.findBySub(pool.id, user.sub);
  if (now !== undefined) checkMaySignIn(now);
  else if (!hidesUserExistence(client)) throw userNotFound();
  return now;
}

/** The flows in which the password is sent, so that another directory can check it. */
const MIGRATING: readonly AuthFlowType[] = [
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'ADMIN_NO_SRP_AUTH',
];

/** @throws NotAuthorizedException, UserNotConfirmedException */
export function checkMaySignIn(user: UserRecord): void {
  if (!user.enabled) throw userDisabled();
  if (user.status === 'UNCONFIRMED') throw userNotConfirmed();
}

const DAY_MS = 86_400_000;

/** @throws NotAuthorizedException when the password is right, and was only good for some days. */
export function checkPasswordIsStillGood(
  { clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
): void {
  if (user.status !== 'FORCE_CHANGE_PASSWORD') return;
  const days = passwordPolicyOf(pool).TemporaryPasswordValidityDays || 7;
  if (clock.now() >= (user.passwordSetAt ?? 0) + days * DAY_MS) throw temporaryPasswordExpired();
}
