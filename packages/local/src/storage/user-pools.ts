import type { UserPoolType } from '@aws-sdk/client-cognito-identity-provider';
import { RecordCache } from './record-cache.js';
import type { Connection, Row } from './sqlite.js';

/** A pool's configuration as `DescribeUserPool` answers it, without what the record itself holds. */
export type UserPoolSettings = Omit<
  UserPoolType,
  'Id' | 'Name' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers'
>;

export interface UserPoolRecord {
  readonly id: string;
  readonly name: string;
  readonly settings: UserPoolSettings;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserPoolStore {
  insert(pool: UserPoolRecord): void;
  find(id: string): UserPoolRecord | undefined;
  /** Kept as a count, not counted. */
  userCount(id: string): number;
  /** In the order of ids, from after `afterId`. */
  list(limit: number, afterId?: string): UserPoolRecord[];
}

export function userPoolStore(connection: Connection): UserPoolStore {
  const insert = connection.prepare(
    'INSERT INTO user_pools (id, name, settings, created_at, modified_at) VALUES (?, ?, ?, ?, ?)',
  );
  const find = connection.prepare('SELECT * FROM user_pools WHERE id = ?');
  const count = connection.prepare('SELECT user_count FROM user_pools WHERE id = ?');
  const list = connection.prepare('SELECT * FROM user_pools WHERE id > ? ORDER BY id LIMIT ?');
  const cache = new RecordCache<UserPoolRecord>(connection);

  return {
    insert: (pool) => {
      cache.forget(pool.id);
      insert.run(pool.id, pool.name, JSON.stringify(pool.settings), pool.createdAt, pool.modifiedAt);
    },
    find: (id) =>
      cache.get(id, () => {
        const row = find.get(id);
        return row && toRecord(row);
      }),
    userCount: (id) => Number(count.get(id)?.['user_count'] ?? 0),
    list: (limit, afterId = '') => list.all(afterId, limit).map(toRecord),
  };
}

function toRecord(row: Row): UserPoolRecord {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    settings: JSON.parse(row['settings'] as string) as UserPoolSettings,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
