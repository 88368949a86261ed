import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import { temporaryPasswordExpired, userDisabled, userNotConfirmed, userNotFound } from './faults.js';
import { passwordPolicyOf } from './password-policy.js';
import type { FlowRequest } from './sign-in-progress.js';
import { hidesUserExistence } from './user-pool-client.js';
import { findUser } from './users.js';

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
  { access: { client, pool } }: FlowRequest,
  username: string,
): Promise<UserRecord | undefined> {
  const user = findUser(context, pool, username);
  if (user === undefined) {
    if (!hidesUserExistence(client)) throw userNotFound();
    return undefined;
  }
  checkMaySignIn(user);
  return user;
}

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
