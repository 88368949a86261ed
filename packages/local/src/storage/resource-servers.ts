import type { ResourceServerScopeType } from '@aws-sdk/client-cognito-identity-provider';
import type { Connection, Row } from './sqlite.js';

export interface ResourceServerRecord {
  readonly userPoolId: string;
  readonly identifier: string;
  readonly name: string;
  /** `undefined` when it was never given any. */
  readonly scopes: readonly ResourceServerScopeType[] | undefined;
}

export interface ResourceServerStore {
  /** Adds or replaces. */
  set(server: ResourceServerRecord): void;
  find(userPoolId: string, identifier: string): ResourceServerRecord | undefined;
  delete(userPoolId: string, identifier: string): void;
  /** In the order of identifiers, from after `afterIdentifier`. */
  list(userPoolId: string, limit: number, afterIdentifier?: string): ResourceServerRecord[];
}

export function resourceServerStore(connection: Connection): ResourceServerStore {
  const set = connection.prepare(
    'INSERT OR REPLACE INTO resource_servers (user_pool_id, identifier, name, scopes) VALUES (?, ?, ?, ?)',
  );
  const find = connection.prepare('SELECT * FROM resource_servers WHERE user_pool_id = ? AND identifier = ?');
  const remove = connection.prepare('DELETE FROM resource_servers WHERE user_pool_id = ? AND identifier = ?');
  const list = connection.prepare(
    'SELECT * FROM resource_servers WHERE user_pool_id = ? AND identifier > ? ORDER BY identifier LIMIT ?',
  );
  return {
    set: (server) => {
      set.run(server.userPoolId, server.identifier, server.name, JSON.stringify(server.scopes ?? null));
    },
    find: (userPoolId, identifier) => {
      const row = find.get(userPoolId, identifier);
      return row && toRecord(row);
    },
    delete: (userPoolId, identifier) => {
      remove.run(userPoolId, identifier);
    },
    list: (userPoolId, limit, afterIdentifier = '') =>
      list.all(userPoolId, afterIdentifier, limit).map(toRecord),
  };
}

function toRecord(row: Row): ResourceServerRecord {
  const scopes = JSON.parse(row['scopes'] as string) as ResourceServerScopeType[] | null;
  return {
    userPoolId: row['user_pool_id'] as string,
    identifier: row['identifier'] as string,
    name: row['name'] as string,
    scopes: scopes ?? undefined,
  };
}
