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
  /** When each of them was made. Fewer than secrets in data of earlier versions: then it was with the client. */
  readonly secretDates: readonly number[];
  readonly settings: UserPoolClientSettings;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserPoolClientStore {
  insert(client: UserPoolClientRecord): void;
  /** Replaces name, secrets, settings and the date of the change. */
  update(client: UserPoolClientRecord): void;
  delete(id: string): void;
  find(id: string): UserPoolClientRecord | undefined;
  /** In the order of ids, from after `afterId`. */
  list(userPoolId: string, limit: number, afterId?: string): UserPoolClientRecord[];
}

export function userPoolClientStore(connection: Connection): UserPoolClientStore {
  const insert = connection.prepare(
    `INSERT INTO user_pool_clients (id, user_pool_id, name, secrets, secret_dates, settings, created_at, modified_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = connection.prepare(
    `UPDATE user_pool_clients SET name = ?, secrets = ?, secret_dates = ?, settings = ?, modified_at = ?
     WHERE id = ?`,
  );
  const remove = connection.prepare('DELETE FROM user_pool_clients WHERE id = ?');
  const find = connection.prepare('SELECT * FROM user_pool_clients WHERE id = ?');
  const list = connection.prepare(
    'SELECT * FROM user_pool_clients WHERE user_pool_id = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const cache = new RecordCache<UserPoolClientRecord | undefined>(connection);

  return {
    insert: (client) => {
      cache.forget(client.id);
      insert.run(
        client.id,
        client.userPoolId,
        client.name,
        JSON.stringify(client.secrets),
        JSON.stringify(client.secretDates),
        JSON.stringify(client.settings),
        client.createdAt,
        client.modifiedAt,
      );
    },
    update: (client) => {
      cache.forget(client.id);
      update.run(
        client.name,
        JSON.stringify(client.secrets),
        JSON.stringify(client.secretDates),
        JSON.stringify(client.settings),
        client.modifiedAt,
        client.id,
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
    list: (userPoolId, limit, afterId = '') => list.all(userPoolId, afterId, limit).map(toRecord),
  };
}

function toRecord(row: Row): UserPoolClientRecord {
  return {
    id: row['id'] as string,
    userPoolId: row['user_pool_id'] as string,
    name: row['name'] as string,
    secrets: JSON.parse(row['secrets'] as string) as string[],
    secretDates: JSON.parse(row['secret_dates'] as string) as number[],
    settings: JSON.parse(row['settings'] as string) as UserPoolClientSettings,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
