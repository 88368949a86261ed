import { RecordCache } from './record-cache.js';
import type { Connection, Row } from './sqlite.js';

/** What a pool remembers of its users' sessions. */
export interface SessionConfiguration {
  readonly tracking: boolean;
  readonly maxPerUser: number;
}

/** A sign-in whose refresh token has not been revoked, in a pool that kept track of it. */
export interface UserSessionRecord {
  readonly eventId: string;
  readonly sessionId: string;
  readonly clientId: string;
  readonly startedAt: number;
  /** When tokens were last handed out. */
  readonly activeAt: number;
  readonly expiresAt: number;
}

export interface UserSessionStore {
  configuration(userPoolId: string): SessionConfiguration | undefined;
  configure(userPoolId: string, configuration: SessionConfiguration): void;
  /** Makes a sign-in a session. */
  begin(eventId: string, sessionId: string, nowMs: number): void;
  touch(eventId: string, nowMs: number): void;
  /** Those that expired and have not been swept away included, in no order. */
  ofUser(userPoolId: string, sub: string): UserSessionRecord[];
}

export function userSessionStore(connection: Connection): UserSessionStore {
  const configuration = connection.prepare('SELECT * FROM session_configurations WHERE user_pool_id = ?');
  const configure = connection.prepare(
    'INSERT OR REPLACE INTO session_configurations (user_pool_id, tracking, max_per_user) VALUES (?, ?, ?)',
  );
  const begin = connection.prepare(
    `UPDATE sign_ins SET session_id = ?1, session_started_at = ?2, session_active_at = ?2
     WHERE event_id = ?3`,
  );
  const touch = connection.prepare('UPDATE sign_ins SET session_active_at = ? WHERE event_id = ?');
  const ofUser = connection.prepare(
    `SELECT * FROM sign_ins
     WHERE user_pool_id = ? AND sub = ? AND session_id IS NOT NULL AND revoked_at IS NULL`,
  );
  const cache = new RecordCache<{ readonly configuration: SessionConfiguration | undefined }>(connection);
  const load = (userPoolId: string): SessionConfiguration | undefined => {
    const row = configuration.get(userPoolId);
    return row && { tracking: row['tracking'] === 1, maxPerUser: Number(row['max_per_user']) };
  };
  return {
    configuration: (userPoolId) =>
      cache.get(userPoolId, () => ({ configuration: load(userPoolId) })).configuration,
    configure: (userPoolId, { tracking, maxPerUser }) => {
      cache.forget(userPoolId);
      configure.run(userPoolId, tracking ? 1 : 0, maxPerUser);
    },
    begin: (eventId, sessionId, nowMs) => {
      begin.run(sessionId, nowMs, eventId);
    },
    touch: (eventId, nowMs) => {
      touch.run(nowMs, eventId);
    },
    ofUser: (userPoolId, sub) => ofUser.all(userPoolId, sub).map(toRecord),
  };
}

function toRecord(row: Row): UserSessionRecord {
  return {
    eventId: row['event_id'] as string,
    sessionId: row['session_id'] as string,
    clientId: row['client_id'] as string,
    startedAt: Number(row['session_started_at']),
    activeAt: Number(row['session_active_at']),
    expiresAt: Number(row['expires_at']),
  };
}
