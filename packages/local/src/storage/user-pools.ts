import type {
  EmailMfaConfigType,
  UserPoolType,
  WebAuthnConfigurationType,
} from '@aws-sdk/client-cognito-identity-provider';
import { RecordCache } from './record-cache.js';
import type { Connection, Row } from './sqlite.js';

/** A pool's configuration as `DescribeUserPool` answers it, without what the record itself holds. */
export type UserPoolSettings = Omit<
  UserPoolType,
  'Id' | 'Name' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers'
>;

/** The factors beside the password, which SetUserPoolMfaConfig sets and DescribeUserPool does not show. */
export interface UserPoolFactors {
  readonly sms?: true;
  readonly softwareToken?: true;
  readonly email?: EmailMfaConfigType;
  readonly webAuthn?: WebAuthnConfigurationType;
}

export interface UserPoolRecord {
  readonly id: string;
  readonly name: string;
  readonly settings: UserPoolSettings;
  readonly factors: UserPoolFactors;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserPoolStore {
  insert(pool: UserPoolRecord): void;
  /** Removes the pool itself; what belongs to it goes with `PoolDeletionStore`. */
  delete(id: string): void;
  /** Replaces everything but the id and the day of creation. */
  update(pool: UserPoolRecord): void;
  find(id: string): UserPoolRecord | undefined;
  /** Kept as a count, not counted. */
  userCount(id: string): number;
  /** In the order of ids, from after `afterId`. */
  list(limit: number, afterId?: string): UserPoolRecord[];
}

export function userPoolStore(connection: Connection): UserPoolStore {
  const insert = connection.prepare(
    'INSERT INTO user_pools (id, name, settings, factors, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = connection.prepare(
    'UPDATE user_pools SET name = ?, settings = ?, factors = ?, modified_at = ? WHERE id = ?',
  );
  const remove = connection.prepare('DELETE FROM user_pools WHERE id = ?');
  const find = connection.prepare('SELECT * FROM user_pools WHERE id = ?');
  const count = connection.prepare('SELECT user_count FROM user_pools WHERE id = ?');
  const list = connection.prepare('SELECT * FROM user_pools WHERE id > ? ORDER BY id LIMIT ?');
  const cache = new RecordCache<UserPoolRecord | undefined>(connection);

  return {
    insert: (pool) => {
      cache.forget(pool.id);
      insert.run(
        pool.id,
        pool.name,
        JSON.stringify(pool.settings),
        JSON.stringify(pool.factors),
        pool.createdAt,
        pool.modifiedAt,
      );
    },
    update: (pool) => {
      cache.forget(pool.id);
      update.run(
        pool.name,
        JSON.stringify(pool.settings),
        JSON.stringify(pool.factors),
        pool.modifiedAt,
        pool.id,
      );
    },
    delete: (id) => {
      cache.forget(id);
      remove.run(id);
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
    factors: JSON.parse(row['factors'] as string) as UserPoolFactors,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
