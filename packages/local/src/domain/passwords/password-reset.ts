import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import type { Caller } from '../../triggers/event.js';
import { notAuthorized } from '../faults.js';
import { issueCode } from '../messages/codes.js';
import { deliver } from '../messages/messages.js';
import { userDisabled } from '../users/faults.js';
import { noRecoveryMedium } from './faults.js';
import { administratorsDestination } from './password-recovery.js';

/**
 * Makes the password useless until the user has set a new one with the code that goes out (RESET_REQUIRED).
 * Tokens that were issued stay valid.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export async function resetPassword(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  caller: Caller,
): Promise<void> {
  const { storage, clock } = context;
  if (!user.enabled) throw userDisabled();
  if (user.status !== 'CONFIRMED' && user.status !== 'RESET_REQUIRED') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const destination = administratorsDestination(context, pool, user);
  if (destination === undefined) throw noRecoveryMedium();
  const reset: UserRecord = { ...user, status: 'RESET_REQUIRED', modifiedAt: clock.now() };
  const code = storage.transaction(() => {
    storage.users.update(reset);
    return issueCode(context, pool, user.sub, 'ForgotPassword', destination);
  });
  await deliver(context, pool, reset, destination, 'CustomMessage_ForgotPassword', code, caller);
}
