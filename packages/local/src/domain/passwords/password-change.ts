import type { UserStatusType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { forgetWrongPasswords } from '../sign-in/attempts.js';
import { passwordUsedBefore } from './faults.js';
import { checkPasswordPolicy, type PolicyRefusal, passwordPolicyOf } from './password-policy.js';
import { derivePassword, passwordMatches } from './passwords.js';

/**
 * Checks a new password and prepares the user who has it.
 *
 * @returns the user to write, and what is to be written along in the same transaction.
 * @throws InvalidPasswordException, PasswordHistoryPolicyViolationException
 */
export function changePassword(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  password: string,
  { refusal, status }: { readonly refusal: PolicyRefusal; readonly status: UserStatusType },
): { readonly user: UserRecord; readonly write: () => void } {
  const { storage, clock } = context;
  checkPasswordPolicy(pool, password, refusal);
  const historySize = passwordPolicyOf(pool).PasswordHistorySize ?? 0;
  if (historySize > 0) {
    const earlier = storage.users.passwordHistory(pool.id, user.sub, historySize);
    if (earlier.some((kept) => passwordMatches(user, kept, password))) throw passwordUsedBefore();
  }
  const kept = derivePassword(pool.id, user.username, password);
  const now = clock.now();
  const changed: UserRecord = { ...user, password: kept, passwordSetAt: now, status, modifiedAt: now };
  return {
    user: changed,
    write: () => {
      storage.users.update(changed);
      // Whoever reads old mail does not undo the change with a code from before it.
      storage.codes.delete(pool.id, user.sub, 'ForgotPassword');
      forgetWrongPasswords(context, pool, user.sub);
      if (historySize > 0) storage.users.rememberPassword(pool.id, user.sub, kept, historySize);
    },
  };
}
