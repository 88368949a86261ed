import type { UserPoolClientType } from '@aws-sdk/client-cognito-identity-provider';
import { RecordCache } from './record-cache.js';
import type { Connection, Row } from './sqlite.js';

/** A client's configuration as `DescribeUserPoolClient` answers it, without what the record itself holds. */
export type UserPoolClientSettings = Omit<
  UserPoolClientType,
  'UserPoolId' | 'ClientId' | 'ClientName' | 'ClientSecret' | 'CreationDate' | 'LastModifiedDate'
>;

export interface UserPoolClientRecord {
  readonly id: string;
  readonly userPoolId: string;
  readonly name: string;
  /** None for a public client. AWS allows two at a time, so that one can be replaced without an outage. */
  readonly secrets: readonly string[];
  readonly settings: UserPoolClientSettings;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserPoolClientStore {
  insert(client: UserPoolClientRecord): void;
  find(id: string): UserPoolClientRecord | undefined;
  /** In the order of ids, from after `afterId`. */
  list(userPoolId: string, limit: number, afterId?: string): UserPoolClientRecord[];
}

export function userPoolClientStore(connection: Connection): UserPoolClientStore {
  const insert = connection.prepare(
    'INSERT INTO user_pool_clients (id, user_pool_id, name, secrets, settings, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const find = connection.prepare('SELECT * FROM user_pool_clients WHERE id = ?');
  const list = connection.prepare(
    'SELECT * FROM user_pool_clients WHERE user_pool_id = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const cache = new RecordCache<UserPoolClientRecord>(connection);

  return {
    insert: (client) => {
      cache.forget(client.id);
      insert.run(
        client.id,
        client.userPoolId,
        client.name,
        JSON.stringify(client.secrets),
        JSON.stringify(client.settings),
        client.createdAt,
        client.modifiedAt,
      );
    },
    find: (id) =>
      cache.get(id, () => {
        const row = find.get(id);
        return row && toRecord(row);
      }),
    list: (userPoolId, limit, afterId = '') => list.all(userPoolId, afterId, limit).map(toRecord),
  };
}

function toRecord(row: Row): UserPoolClientRecord {
  return {
    id: row['id'] as string,
    userPoolId: row['user_pool_id'] as string,
    name: row['name'] as string,
    secrets: JSON.parse(row['secrets'] as string) as string[],
    settings: JSON.parse(row['settings'] as string) as UserPoolClientSettings,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
