import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';

/**
 * Ends all that the user has begun: the sign-ins, whose tokens no operation takes any more, and those still
 * under way, whose next answer finds no session. In a transaction of the caller's.
 */
export function signOutEverywhere(
  { storage, clock }: OperationContext,
  { userPoolId, sub }: Pick<UserRecord, 'userPoolId' | 'sub'>,
): void {
  storage.signIns.revokeAllOf(userPoolId, sub, clock.now());
  storage.challengeSessions.deleteOpenOf(userPoolId, sub);
}
