import { RecordCache } from './record-cache.js';
import type { Connection } from './sqlite.js';

interface AttemptRecord {
  readonly count: number;
  /** Until when the action is refused; 0 when it is not. */
  readonly blockedUntil: number;
  /** When the count is forgotten. */
  readonly expiresAt: number;
}

/** How often a subject (a user's sub, or a name that nobody has) did something lately. */
export interface AttemptStore {
  find(userPoolId: string, subject: string, action: string): AttemptRecord | undefined;
  set(userPoolId: string, subject: string, action: string, attempts: AttemptRecord): void;
  delete(userPoolId: string, subject: string, action: string): void;
  purge(nowMs: number, limit: number): void;
}

export function attemptStore(connection: Connection): AttemptStore {
  const find = connection.prepare(
    'SELECT * FROM attempts WHERE user_pool_id = ? AND subject = ? AND action = ?',
  );
  const set = connection.prepare(
    `INSERT OR REPLACE INTO attempts (user_pool_id, subject, action, count, blocked_until, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const remove = connection.prepare(
    'DELETE FROM attempts WHERE user_pool_id = ? AND subject = ? AND action = ?',
  );
  const purge = connection.prepare(
    `DELETE FROM attempts WHERE (user_pool_id, subject, action) IN
       (SELECT user_pool_id, subject, action FROM attempts WHERE expires_at < ? LIMIT ?)`,
  );
  // Of most subjects there are none, and every sign-in asks.
  const cache = new RecordCache<{ readonly attempts: AttemptRecord | undefined }>(connection);
  const load = (...key: readonly [string, string, string]): AttemptRecord | undefined => {
    const row = find.get(...key);
    if (row === undefined) return undefined;
    return {
      count: row['count'] as number,
      blockedUntil: row['blocked_until'] as number,
      expiresAt: row['expires_at'] as number,
    };
  };
  const cacheKey = (...key: readonly [string, string, string]) => key.join(' ');
  return {
    find: (...key) => cache.get(cacheKey(...key), () => ({ attempts: load(...key) })).attempts,
    set: (userPoolId, subject, action, attempts) => {
      cache.forget(cacheKey(userPoolId, subject, action));
      set.run(userPoolId, subject, action, attempts.count, attempts.blockedUntil, attempts.expiresAt);
    },
    delete: (userPoolId, subject, action) => {
      cache.forget(cacheKey(userPoolId, subject, action));
      remove.run(userPoolId, subject, action);
    },
    purge: (nowMs, limit) => {
      if (purge.run(nowMs, limit) > 0) cache.forgetAll();
    },
  };
}
