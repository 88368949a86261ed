import type { OutgoingMessage } from '../outbox/outbox.js';
import type { Connection } from './sqlite.js';

/** The oldest messages beyond this many are dropped. */
const KEEP_MESSAGES = 10_000;
/** And those beyond this much text: a pool's template may make one of 20,000 characters. */
const KEEP_BYTES = 16 * 1024 * 1024;

export interface MessageFilter {
  readonly userPoolId?: string | undefined;
  readonly username?: string | undefined;
}

export interface MessagePage {
  /** Oldest first. */
  readonly messages: OutgoingMessage[];
  /** What to give as `before` for the page of those that are older, if there are any. */
  readonly older: number | undefined;
}

export interface MessageStore {
  append(message: OutgoingMessage): void;
  /** Oldest first. */
  list(filter?: MessageFilter): OutgoingMessage[];
  /** The newest, or the newest before a place in the list. */
  page(filter: MessageFilter, limit: number, before?: number): MessagePage;
}

export function messageStore(connection: Connection): MessageStore {
  const insert = connection.prepare(
    'INSERT INTO messages (user_pool_id, username, message) VALUES (?, ?, ?) RETURNING id',
  );
  const size = 'length(CAST(message AS BLOB))';
  const sum = connection.prepare(`SELECT coalesce(sum(${size}), 0) AS bytes FROM messages`);
  const oldest = connection.prepare(`SELECT id, ${size} AS bytes FROM messages ORDER BY id LIMIT 1`);
  const remove = connection.prepare('DELETE FROM messages WHERE id = ?');
  // Bounded, so reading them through is no scan that grows.
  const list = connection.prepare(
    `SELECT id, message FROM messages
     WHERE (?1 IS NULL OR user_pool_id = ?1) AND (?2 IS NULL OR username = ?2) AND id < ?3
     ORDER BY id DESC LIMIT ?4`,
  );
  /** Counted once, then kept up. */
  let bytes: number | undefined;
  connection.onForget(() => {
    bytes = undefined;
  });
  const read = (filter: MessageFilter, limit: number, before: number) =>
    list
      .all(filter.userPoolId ?? null, filter.username ?? null, before, limit)
      .map((row) => ({ id: Number(row['id']), text: row['message'] as string }));
  const parse = (rows: readonly { readonly text: string }[]) =>
    rows.map(({ text }) => JSON.parse(text) as OutgoingMessage).reverse();

  return {
    append: (message) => {
      connection.transaction(() => {
        bytes ??= Number(sum.get()?.['bytes']);
        const text = JSON.stringify(message);
        const newest = Number(insert.get(message.userPoolId, message.username, text)?.['id']);
        bytes += Buffer.byteLength(text);
        for (;;) {
          const first = oldest.get();
          const id = Number(first?.['id']);
          if (id === newest || (id > newest - KEEP_MESSAGES && bytes <= KEEP_BYTES)) return;
          remove.run(id);
          bytes -= Number(first?.['bytes']);
        }
      });
    },
    list: (filter = {}) => parse(read(filter, KEEP_MESSAGES, Number.MAX_SAFE_INTEGER)),
    page: (filter, limit, before = Number.MAX_SAFE_INTEGER) => {
      const rows = read(filter, limit + 1, before);
      const page = rows.slice(0, limit);
      return { messages: parse(page), older: rows.length > limit ? page.at(-1)?.id : undefined };
    },
  };
}
