import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { limitExceeded } from '../faults.js';
import { sweepNowAndThen } from '../housekeeping.js';
import { passwordAttemptsExceeded } from '../passwords/faults.js';
import { fold } from '../users/users.js';
import { hashOf } from './sessions.js';

/**
 * Whose attempts are counted: a user, or a name that nobody has, so that counting does not tell the two
 * apart.
 */
export function subjectOf(pool: UserPoolRecord, user: UserRecord | undefined, name: string): string {
  // Hashed, as whoever signs in chooses the name, and its length.
  return user?.sub ?? `?${hashOf(fold(pool, name)).toString('base64url')}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Per user and hour; where AWS decides by risk, its upper bound. */
const HOURLY_LIMITS = {
  ConfirmSignUp: 15,
  ResendConfirmationCode: 5,
  ForgotPassword: 20,
  ConfirmForgotPassword: 20,
  ChangePassword: 5,
  /** Wrong ones. AWS names no number; a guesser gets nowhere with this one. */
  MfaCode: 20,
  GetUserAttributeVerificationCode: 5,
  VerifyUserAttribute: 15,
} as const;

export type LimitedAction = keyof typeof HOURLY_LIMITS;

/** @throws LimitExceededException when the hour's attempts are used up. */
export function checkAttempts(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  subject: string,
  action: LimitedAction,
): void {
  const made = storage.attempts.find(pool.id, subject, action);
  if (made && made.expiresAt > clock.now() && made.count >= HOURLY_LIMITS[action]) throw limitExceeded();
}

/** Counts one; the hour begins with the first. */
export function countAttempt(
  context: OperationContext,
  pool: UserPoolRecord,
  subject: string,
  action: LimitedAction,
): void {
  const { storage, clock } = context;
  const now = clock.now();
  const made = storage.attempts.find(pool.id, subject, action);
  const current = made && made.expiresAt > now ? made : { count: 0, expiresAt: now + HOUR_MS };
  storage.attempts.set(pool.id, subject, action, {
    count: current.count + 1,
    blockedUntil: 0,
    expiresAt: current.expiresAt,
  });
  sweepNowAndThen(context);
}

const PASSWORD = 'Password';
const FREE_FAILURES = 5;
const MAX_LOCK_MS = 15 * MINUTE_MS;
const QUIET_MS = 15 * MINUTE_MS;

/** @throws NotAuthorizedException while the user is locked out after wrong passwords. */
export function checkLockout(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  subject: string,
): void {
  const failures = storage.attempts.find(pool.id, subject, PASSWORD);
  if (failures && failures.blockedUntil > clock.now()) throw passwordAttemptsExceeded();
}

/**
 * Counts a wrong password. From the fifth on each locks the user out, for one second and then twice as
 * long each time, up to fifteen minutes; fifteen quiet minutes forget them.
 */
export function countWrongPassword(context: OperationContext, pool: UserPoolRecord, subject: string): void {
  const { storage, clock } = context;
  const now = clock.now();
  const before = storage.attempts.find(pool.id, subject, PASSWORD);
  const count = (before && before.expiresAt > now ? before.count : 0) + 1;
  const lockMs = count < FREE_FAILURES ? 0 : Math.min(2 ** (count - FREE_FAILURES) * 1000, MAX_LOCK_MS);
  storage.attempts.set(pool.id, subject, PASSWORD, {
    count,
    blockedUntil: now + lockMs,
    expiresAt: now + lockMs + QUIET_MS,
  });
  sweepNowAndThen(context);
}

/** After a right password, or a new one, earlier failures no longer count. */
export function forgetWrongPasswords(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  subject: string,
): void {
  if (storage.attempts.find(pool.id, subject, PASSWORD)) storage.attempts.delete(pool.id, subject, PASSWORD);
}
