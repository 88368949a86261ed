import type { OutgoingMessage } from '../outbox/outbox.js';
import type { Connection } from './sqlite.js';

/** The oldest messages beyond this many are dropped. */
const KEEP_MESSAGES = 10_000;

export interface MessageFilter {
  readonly userPoolId?: string | undefined;
  readonly username?: string | undefined;
}

export interface MessageStore {
  append(message: OutgoingMessage): void;
  /** Oldest first. */
  list(filter?: MessageFilter): OutgoingMessage[];
}

export function messageStore(connection: Connection): MessageStore {
  const insert = connection.prepare(
    'INSERT INTO messages (user_pool_id, username, message) VALUES (?, ?, ?) RETURNING id',
  );
  const trim = connection.prepare('DELETE FROM messages WHERE id <= ?');
  // Bounded by KEEP_MESSAGES, so reading them through is no scan that grows.
  const list = connection.prepare(
    `SELECT message FROM messages
     WHERE (?1 IS NULL OR user_pool_id = ?1) AND (?2 IS NULL OR username = ?2) ORDER BY id`,
  );
  return {
    append: (message) => {
      connection.transaction(() => {
        const row = insert.get(message.userPoolId, message.username, JSON.stringify(message));
        trim.run(Number(row?.['id']) - KEEP_MESSAGES);
      });
    },
    list: (filter = {}) =>
      list
        .all(filter.userPoolId ?? null, filter.username ?? null)
        .map((row) => JSON.parse(row['message'] as string) as OutgoingMessage),
  };
}
