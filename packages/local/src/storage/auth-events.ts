import type { AuthEventType } from '@aws-sdk/client-cognito-identity-provider';
import type { Connection, Row } from './sqlite.js';

/** A user's events beyond this many are dropped, the oldest first. */
const KEEP_PER_USER = 200;

type AuthEventDetails = Pick<
  AuthEventType,
  'EventType' | 'EventResponse' | 'ChallengeResponses' | 'EventContextData'
> & {
  readonly feedback?: { readonly value: 'Valid' | 'Invalid'; readonly provider: string; readonly at: number };
};

export interface AuthEventRecord {
  /** In the order of time. */
  readonly id: number;
  readonly eventId: string;
  readonly createdAt: number;
  readonly details: AuthEventDetails;
}

export interface AuthEventStore {
  append(userPoolId: string, sub: string, event: Omit<AuthEventRecord, 'id'>): void;
  find(userPoolId: string, sub: string, eventId: string): AuthEventRecord | undefined;
  update(id: number, details: AuthEventDetails): void;
  /** Newest first, from before `beforeId`. */
  list(userPoolId: string, sub: string, limit: number, beforeId?: number): AuthEventRecord[];
}

export function authEventStore(connection: Connection): AuthEventStore {
  const insert = connection.prepare(
    'INSERT OR IGNORE INTO auth_events (user_pool_id, sub, event_id, created_at, event) VALUES (?, ?, ?, ?, ?)',
  );
  const trim = connection.prepare(
    `DELETE FROM auth_events WHERE id IN
       (SELECT id FROM auth_events WHERE user_pool_id = ? AND sub = ? ORDER BY id DESC LIMIT -1 OFFSET ?)`,
  );
  const find = connection.prepare(
    'SELECT * FROM auth_events WHERE user_pool_id = ? AND sub = ? AND event_id = ?',
  );
  const update = connection.prepare('UPDATE auth_events SET event = ? WHERE id = ?');
  const list = connection.prepare(
    'SELECT * FROM auth_events WHERE user_pool_id = ? AND sub = ? AND id < ? ORDER BY id DESC LIMIT ?',
  );
  return {
    append: (userPoolId, sub, { eventId, createdAt, details }) => {
      insert.run(userPoolId, sub, eventId, createdAt, JSON.stringify(details));
      trim.run(userPoolId, sub, KEEP_PER_USER);
    },
    find: (userPoolId, sub, eventId) => {
      const row = find.get(userPoolId, sub, eventId);
      return row && toRecord(row);
    },
    update: (id, details) => {
      update.run(JSON.stringify(details), id);
    },
    list: (userPoolId, sub, limit, beforeId = Number.MAX_SAFE_INTEGER) =>
      list.all(userPoolId, sub, beforeId, limit).map(toRecord),
  };
}

function toRecord(row: Row): AuthEventRecord {
  return {
    id: Number(row['id']),
    eventId: row['event_id'] as string,
    createdAt: Number(row['created_at']),
    details: JSON.parse(row['event'] as string) as AuthEventDetails,
  };
}
