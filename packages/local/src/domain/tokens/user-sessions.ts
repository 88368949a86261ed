import type { SessionDescriptionType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { SignInRecord } from '../../storage/sign-ins.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { SessionConfiguration, UserSessionRecord } from '../../storage/user-sessions.js';
import type { UserRecord } from '../../storage/users.js';
import { invalidPaginationToken, invalidParameter } from '../faults.js';
import { newTokenSessionId } from '../ids.js';
import { sessionsNotTracked, userSessionNotFound } from './faults.js';

const DEFAULT: SessionConfiguration = { tracking: false, maxPerUser: 20 };

export function sessionConfiguration(
  { storage }: OperationContext,
  userPoolId: string,
): SessionConfiguration {
  return storage.userSessions.configuration(userPoolId) ?? DEFAULT;
}

/**
 * Makes a new sign-in a session, where the pool keeps track of them; the ones that were used least lately
 * make room for it. In the transaction of the sign-in.
 */
export function beginSession(context: OperationContext, { eventId, userPoolId, sub }: SignInRecord): void {
  const { tracking, maxPerUser } = sessionConfiguration(context, userPoolId);
  if (!tracking) return;
  const { userSessions, signIns } = context.storage;
  const now = context.clock.now();
  // What has expired is the first to go, so that there are never more than the maximum to look at.
  const rank = ({ expiresAt, activeAt }: UserSessionRecord) => (expiresAt <= now ? 0 : activeAt);
  const others = userSessions.ofUser(userPoolId, sub).sort((a, b) => rank(b) - rank(a));
  for (const evicted of others.slice(maxPerUser - 1)) signIns.revoke(evicted.eventId, now, true);
  userSessions.begin(eventId, newTokenSessionId(), now);
}

/** Notes that tokens were handed out again. */
export function touchSession({ storage, clock }: OperationContext, signIn: SignInRecord): void {
  if (signIn.sessionId !== undefined) storage.userSessions.touch(signIn.eventId, clock.now());
}

/**
 * All of the user's sessions, which always fit in one page.
 *
 * @param currentEventId The sign-in of the token that asks, if one does.
 * @throws OperationNotEnabledException, InvalidParameterException for a token of a page there cannot be.
 */
export function listSessions(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { currentEventId, nextToken }: { readonly currentEventId?: string; readonly nextToken: string | undefined },
): SessionDescriptionType[] {
  if (nextToken !== undefined) throw invalidPaginationToken();
  return active(context, pool, user).map((session) => ({
    SessionId: session.sessionId,
    SessionType: 'TOKEN',
    ClientId: session.clientId,
    CreateDate: new Date(session.startedAt),
    LastActiveDate: new Date(session.activeAt),
    // What AWS says when it cannot tell; operations know nothing of the connection.
    DeviceType: 'unknown',
    IsCurrentSession: session.eventId === currentEventId,
  }));
}

/** Latest activity first. */
function active(context: OperationContext, pool: UserPoolRecord, user: UserRecord): UserSessionRecord[] {
  const { storage, clock } = context;
  if (!sessionConfiguration(context, pool.id).tracking) throw sessionsNotTracked();
  return storage.userSessions
    .ofUser(pool.id, user.sub)
    .filter(({ expiresAt }) => expiresAt > clock.now())
    .sort((a, b) => b.activeAt - a.activeAt);
}

/**
 * Ends a session with all of its tokens. `RevokeAssociatedSessions` speaks of sessions of the hosted pages,
 * which no sign-in through the API belongs to: there is none to revoke along.
 *
 * @param request.currentEventId The sign-in of the token that asks, which cannot end itself.
 * @throws OperationNotEnabledException, InvalidParameterException, ResourceNotFoundException
 */
export function revokeSession(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  request: {
    readonly sessionId: string | undefined;
    readonly currentEventId?: string;
  },
): void {
  const { sessionId, currentEventId } = request;
  const session = active(context, pool, user).find((one) => one.sessionId === sessionId);
  if (session === undefined) throw userSessionNotFound();
  if (session.eventId === currentEventId) {
    throw invalidParameter('The session of the access token itself cannot be revoked.');
  }
  const { storage, clock } = context;
  storage.transaction(() => storage.signIns.revoke(session.eventId, clock.now(), true));
}
