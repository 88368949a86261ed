import { createHash } from 'node:crypto';
import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import type { ChallengeSessionRecord } from '../storage/challenge-sessions.js';
import type { UserPoolClientRecord } from '../storage/user-pool-clients.js';
import type { UserRecord } from '../storage/users.js';
import { invalidSession, sessionExpired, sessionUsed } from './faults.js';
import { sweepNowAndThen } from './housekeeping.js';
import { newSessionToken } from './ids.js';
import { authSessionValidityMs } from './user-pool-client.js';

/** Tokens are kept as hashes, so that the data file does not let anyone in. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Opens the session of a challenge and returns the token that answers it. */
export function openSession(
  context: OperationContext,
  client: UserPoolClientRecord,
  user: UserRecord,
  challenge: ChallengeNameType,
  data: object = {},
): string {
  const token = newSessionToken();
  context.storage.challengeSessions.insert(hashOf(token), {
    userPoolId: client.userPoolId,
    clientId: client.id,
    sub: user.sub,
    challenge,
    data: JSON.stringify(data),
    expiresAt: context.clock.now() + authSessionValidityMs(client),
    used: false,
  });
  sweepNowAndThen(context);
  return token;
}

/** @throws NotAuthorizedException when the session does not answer this challenge of this client, now. */
export function findSession(
  { storage, clock }: OperationContext,
  client: UserPoolClientRecord,
  token: string,
  challenge: ChallengeNameType,
): ChallengeSessionRecord {
  const session = storage.challengeSessions.find(hashOf(token));
  if (session?.clientId !== client.id || session.challenge !== challenge) throw invalidSession();
  if (session.used) throw sessionUsed();
  if (session.expiresAt <= clock.now()) throw sessionExpired();
  return session;
}

/**
 * Uses the session up, in the transaction of the answer that it let through.
 *
 * @throws NotAuthorizedException when somebody was faster.
 */
export function useSession({ storage }: OperationContext, token: string): void {
  if (!storage.challengeSessions.use(hashOf(token))) throw sessionUsed();
}
