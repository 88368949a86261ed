import type { OperationContext } from '../../operation.js';
import type { SoftwareToken } from '../../storage/mfa.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { checkAttempts, countAttempt } from '../sign-in/attempts.js';
import {
  softwareTokenCodeMismatch,
  softwareTokenCodeUsed,
  softwareTokenNotEnabled,
  softwareTokenNotFound,
  softwareTokenVerificationFailed,
} from './faults.js';
import { poolMfaFactors } from './pool-mfa.js';
import { newTotpSecret, totpStep } from './totp.js';
import { save, userMfa } from './user-mfa.js';

/** @throws SoftwareTokenMFANotFoundException when the pool does not offer it. */
export function newSoftwareTokenSecret(pool: UserPoolRecord): string {
  if (!poolMfaFactors(pool).includes('SOFTWARE_TOKEN_MFA')) throw softwareTokenNotEnabled();
  return newTotpSecret();
}

/** A secret for a user who is signed in. It replaces the one in use when a code of it has been seen. */
export function associateSoftwareToken(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
): string {
  const pendingSecret = newSoftwareTokenSecret(pool);
  save(context, user, { ...userMfa(context, user), pendingSecret });
  return pendingSecret;
}

/**
 * Checks that the app has made a code of the secret. It is asked for at sign-in when the user prefers so, or
 * the pool demands a factor.
 *
 * @param secret That of the sign-in under way; by default the one that AssociateSoftwareToken handed out
 * last, or the one in use.
 * @returns what registers the app, for a transaction of the caller's.
 * @throws EnableSoftwareTokenMFAException, SoftwareTokenMFANotFoundException, LimitExceededException
 */
export function verifySoftwareToken(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { code, name, secret: given }: { code: string; name: string | undefined; secret?: string | undefined },
): () => void {
  if (!poolMfaFactors(pool).includes('SOFTWARE_TOKEN_MFA')) throw softwareTokenNotEnabled();
  const { pendingSecret, ...mfa } = userMfa(context, user);
  const secret = given ?? pendingSecret ?? mfa.softwareToken?.secret;
  if (secret === undefined) throw softwareTokenNotFound();
  checkAttempts(context, pool, user.sub, 'MfaCode');
  const step = totpStep(secret, code, context.clock.now());
  if (step === undefined) {
    countAttempt(context, pool, user.sub, 'MfaCode');
    throw softwareTokenVerificationFailed('Code mismatch and fail enable Software Token MFA');
  }
  if (mfa.softwareToken?.secret === secret && step <= mfa.softwareToken.lastStep) {
    throw softwareTokenVerificationFailed('Your software token has already been used once');
  }
  const softwareToken = { secret, lastStep: step, ...(name && { name }) };
  return () => save(context, user, { ...mfa, softwareToken });
}

/** An app that is known to be the user's, in place of any other. In a transaction of the caller's. */
export function registerSoftwareToken(context: OperationContext, user: UserRecord, secret: string): void {
  const { pendingSecret: _, ...mfa } = userMfa(context, user);
  save(context, user, { ...mfa, softwareToken: { secret, lastStep: NEVER } });
}

/** Before the first time step. */
const NEVER = -1;

/**
 * Whether a code is the app's.
 *
 * @returns what uses it up, for the transaction of what it lets through: it throws ExpiredCodeException for
 * a code that was used before.
 * @throws CodeMismatchException, SoftwareTokenMFANotFoundException, LimitExceededException
 */
export function checkSoftwareTokenCode(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  code: string,
): () => void {
  const registered = (): SoftwareToken => {
    const token = userMfa(context, user).softwareToken;
    if (token === undefined) throw softwareTokenNotFound();
    return token;
  };
  const token = registered();
  checkAttempts(context, pool, user.sub, 'MfaCode');
  const step = totpStep(token.secret, code, context.clock.now());
  if (step === undefined) {
    countAttempt(context, pool, user.sub, 'MfaCode');
    throw softwareTokenCodeMismatch();
  }
  return () => {
    // Looked at where it is kept, so that of two sign-ins with the same code one gets in.
    const now = registered();
    if (now.secret !== token.secret || step <= now.lastStep) throw softwareTokenCodeUsed();
    save(context, user, { ...userMfa(context, user), softwareToken: { ...now, lastStep: step } });
  };
}
