import { createHash } from 'node:crypto';
import type { OperationContext } from '../../operation.js';
import type { SessionKind } from '../../storage/challenge-sessions.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserRecord } from '../../storage/users.js';
import { authSessionValidityMs } from '../clients/user-pool-client.js';
import { missingParameter } from '../faults.js';
import { sweepNowAndThen } from '../housekeeping.js';
import { newSessionToken } from '../ids.js';
import { userDisabled } from '../users/faults.js';
import { findUserAsAdmin } from '../users/users.js';
import { invalidSession, sessionExpired, sessionUsed } from './faults.js';
import {
  type ChallengeAnswer,
  namedDevice,
  type Parameters,
  type Progress,
  required,
} from './sign-in-progress.js';

/** Tokens are kept as hashes, so that the data file does not let anyone in. */
export function hashOf(token: string | Uint8Array): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Opens the session of a challenge and returns the token that answers it, in a transaction of the caller's.
 *
 * @param subject The user's `sub`, or what stands for a user who does not exist.
 * @param data What the answer is checked against.
 * @param token What answers the challenge, where that is no `Session`.
 */
export function openSession(
  context: OperationContext,
  client: UserPoolClientRecord,
  subject: string,
  challenge: SessionKind,
  progress: Progress,
  data: object = {},
  token: string = newSessionToken(),
): string {
  context.storage.challengeSessions.insert(hashOf(token), {
    userPoolId: client.userPoolId,
    clientId: client.id,
    sub: subject,
    challenge,
    data: JSON.stringify({ progress, data, password: passwordMark(context, client.userPoolId, subject) }),
    expiresAt: context.clock.now() + authSessionValidityMs(client),
    used: false,
  });
  sweepNowAndThen(context);
  return token;
}

/** What changes with the user's password: a session that was opened with one that is gone lets nobody in. */
function passwordMark({ storage }: OperationContext, userPoolId: string, subject: string): string {
  const verifier = storage.users.findBySub(userPoolId, subject)?.password?.verifier;
  return verifier === undefined ? '' : hashOf(verifier).toString('base64url');
}

/** A session that can be answered. */
export interface OpenSession {
  readonly token: string;
  /** The user's `sub`, or what stands for a user who does not exist. */
  readonly subject: string;
  readonly progress: Progress;
  /** As given to `openSession`. */
  readonly data: Readonly<Record<string, unknown>>;
}

interface KeptSession extends Pick<OpenSession, 'progress' | 'data'> {
  readonly password: string;
}

/** The session behind a token, or why there is none to be answered. */
export function lookUpSession(
  context: OperationContext,
  client: UserPoolClientRecord,
  token: string,
  challenges: readonly SessionKind[],
): OpenSession | 'unknown' | 'used' | 'expired' {
  const { storage, clock } = context;
  const record = storage.challengeSessions.find(hashOf(token));
  if (record?.clientId !== client.id || !challenges.includes(record.challenge)) return 'unknown';
  if (record.used) return 'used';
  if (record.expiresAt <= clock.now()) return 'expired';
  const { progress, data, password } = JSON.parse(record.data) as KeptSession;
  if (password !== passwordMark(context, record.userPoolId, record.sub)) return 'unknown';
  return { token, subject: record.sub, progress, data };
}

/**
 * The session of a challenge response, whoever its user is.
 *
 * @throws InvalidParameterException without a session; NotAuthorizedException when it does not answer one
 * of these challenges of this client, now.
 */
export function findSession(
  context: OperationContext,
  client: UserPoolClientRecord,
  token: string | undefined,
  ...challenges: readonly SessionKind[]
): OpenSession {
  if (token === undefined) throw missingParameter('Session');
  const session = lookUpSession(context, client, token, challenges);
  if (session === 'unknown') throw invalidSession();
  if (session === 'used') throw sessionUsed();
  if (session === 'expired') throw sessionExpired();
  return session;
}

/**
 * The session of a challenge response and the user who answers, as `USERNAME` names him.
 *
 * @throws as `findSession`; NotAuthorizedException when the session is another user's or the user disabled.
 */
export function answeredSession(
  context: OperationContext,
  { access: { client, pool }, responses, session: token }: ChallengeAnswer,
  ...challenges: readonly SessionKind[]
): { readonly session: OpenSession; readonly user: UserRecord; readonly progress: Progress } {
  const session = findSession(context, client, token, ...challenges);
  const user = context.storage.users.findBySub(pool.id, session.subject);
  const named = findUserAsAdmin(context, pool, required(responses, 'USERNAME'));
  if (user === undefined || named?.sub !== user.sub) throw invalidSession();
  if (!user.enabled) throw userDisabled();
  return { session, user, progress: progressOf(session.progress, user, responses) };
}

/** The progress, with what every response may add to it. */
export function progressOf(progress: Progress, user: UserRecord, responses: Parameters): Progress {
  // A device that has proven itself is not exchanged for another.
  const proven = progress.proven.includes('DEVICE_PASSWORD_VERIFIER');
  const deviceKey = (!proven && namedDevice(responses)) || progress.deviceKey;
  return {
    ...progress,
    ...(deviceKey !== undefined && { deviceKey }),
    ...(required(responses, 'USERNAME') !== user.username && { underAlias: true }),
  };
}

/**
 * Uses the session up, in the transaction of the answer that it let through.
 *
 * @throws NotAuthorizedException when somebody was faster.
 */
export function useSession({ storage }: OperationContext, { token }: OpenSession): void {
  if (!storage.challengeSessions.use(hashOf(token))) throw sessionUsed();
}
