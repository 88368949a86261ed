import { timingSafeEqual } from 'node:crypto';
import type { OperationContext } from '../../operation.js';
import type { CodePurpose, CodeRecord } from '../../storage/codes.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { sweepNowAndThen } from '../housekeeping.js';
import { newCode } from '../ids.js';
import { verificationFlag } from '../users/users.js';
import { codeExpired, codeMismatch } from './faults.js';
import type { Destination } from './messages.js';

const HOUR_MS = 3_600_000;

/** How long a code is good for. */
const VALIDITY_MS: Readonly<Record<CodePurpose, number>> = {
  SignUp: 24 * HOUR_MS,
  ForgotPassword: HOUR_MS,
  VerifyEmail: 24 * HOUR_MS,
  VerifyPhoneNumber: 24 * HOUR_MS,
};

/** Makes a code that replaces the one before, in a transaction of the caller's. */
export function issueCode(
  context: OperationContext,
  pool: UserPoolRecord,
  subject: string,
  purpose: CodePurpose,
  { attribute, value }: Destination,
): string {
  const code = newCode();
  context.storage.codes.set(pool.id, subject, purpose, {
    code,
    attribute,
    destination: value,
    expiresAt: context.clock.now() + VALIDITY_MS[purpose],
  });
  sweepNowAndThen(context);
  return code;
}

/**
 * Drops a code for a new password once the address or number that it was sent to is not the user's proven one any
 * more: it may be in somebody else's hands. In a transaction of the caller's. What AWS does here is not known.
 */
export function dropStrandedResetCode(
  { storage }: Pick<OperationContext, 'storage'>,
  { userPoolId, sub, attributes }: UserRecord,
): void {
  const waiting = storage.codes.find(userPoolId, sub, 'ForgotPassword');
  if (waiting === undefined) return;
  const { attribute, destination } = waiting;
  if (attributes[attribute] === destination && attributes[verificationFlag(attribute)] === 'true') return;
  storage.codes.delete(userPoolId, sub, 'ForgotPassword');
}

/**
 * Whether this is the code; the caller uses it up by deleting it with what it lets through.
 *
 * @throws ExpiredCodeException when none is pending, CodeMismatchException when it is another.
 */
export function checkCode(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  subject: string,
  purpose: CodePurpose,
  given: string,
): CodeRecord {
  const pending = storage.codes.find(pool.id, subject, purpose);
  if (pending === undefined || pending.expiresAt <= clock.now()) throw codeExpired();
  const expected = Buffer.from(pending.code);
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) throw codeMismatch();
  return pending;
}
