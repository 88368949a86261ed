import type { Connection, Row } from './sqlite.js';

/** Pools that are gone and whose rows are not all gone yet. */
export interface PoolDeletionStore {
  begin(userPoolId: string): void;
  /** The pools whose deletion has begun and not ended. */
  pending(): string[];
  /**
   * Looks at no more than `limit` rows and deletes those of the pool, in a transaction of its own.
   *
   * @returns whether there may be more; false as well for a pool that is not being deleted.
   */
  deleteSome(userPoolId: string, limit: number): boolean;
}

/** Where the walk through one pool's rows has got to; after a crash it starts over. */
interface Walk {
  table: number;
  after: (string | number | Uint8Array)[] | undefined;
}

/**
 * Knows no table by name: whatever has a `user_pool_id` belongs to a pool and goes with it, so that a table
 * which a later version adds is not forgotten here.
 */
export function poolDeletionStore(connection: Connection): PoolDeletionStore {
  const begin = connection.prepare('INSERT OR IGNORE INTO pool_deletions (pool_id) VALUES (?)');
  const pending = connection.prepare('SELECT pool_id FROM pool_deletions ORDER BY pool_id');
  const isPending = connection.prepare('SELECT 1 FROM pool_deletions WHERE pool_id = ?');
  const end = connection.prepare('DELETE FROM pool_deletions WHERE pool_id = ?');
  let tables: readonly TableOfPools[] | undefined;
  const walks = new Map<string, Walk>();
  connection.onRollback(() => walks.clear());

  return {
    begin: (userPoolId) => {
      begin.run(userPoolId);
    },
    pending: () => pending.all().map((row) => row['pool_id'] as string),
    deleteSome: (userPoolId, limit) =>
      connection.transaction(() => {
        if (isPending.get(userPoolId) === undefined) return false;
        tables ??= tablesOfPools(connection);
        const walk = walks.get(userPoolId) ?? { table: 0, after: undefined };
        walks.set(userPoolId, walk);
        const table = tables[walk.table];
        if (table === undefined) {
          walks.delete(userPoolId);
          end.run(userPoolId);
          return false;
        }
        const seen = table.deleteSome(userPoolId, limit, walk);
        connection.forget();
        if (seen < limit) {
          walk.table++;
          walk.after = undefined;
        }
        return true;
      }),
  };
}

interface TableOfPools {
  /** @returns how many rows it looked at; fewer than `limit` when it came to the end. */
  deleteSome(userPoolId: string, limit: number, walk: Walk): number;
}

function tablesOfPools(connection: Connection): TableOfPools[] {
  const columns = connection
    .prepare(
      `SELECT tables.name AS "table", columns.name AS "column", columns.pk AS pk
       FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' ORDER BY tables.name, columns.pk`,
    )
    .all();
  const names = columns
    .filter((row) => row['column'] === 'user_pool_id')
    .map((row) => row['table'] as string);
  return names.map((name) => {
    const key = columns.filter((row) => row['table'] === name && Number(row['pk']) > 0).map(columnOf);
    return isIndexedByPool(connection, name)
      ? indexedTable(connection, name, key)
      : walkedTable(connection, name, key);
  });
}

const columnOf = (row: Row) => row['column'] as string;

function isIndexedByPool(connection: Connection, table: string): boolean {
  return (
    connection
      .prepare(
        `SELECT 1 FROM pragma_index_list(?) AS indexes JOIN pragma_index_info(indexes.name) AS parts
         WHERE NOT indexes.partial AND parts.seqno = 0 AND parts.name = 'user_pool_id'`,
      )
      .get(table) !== undefined
  );
}

function indexedTable(connection: Connection, table: string, key: readonly string[]): TableOfPools {
  const columns = key.join(', ');
  const some = connection.prepare(
    `DELETE FROM ${table} WHERE (${columns}) IN (SELECT ${columns} FROM ${table} WHERE user_pool_id = ? LIMIT ?)`,
  );
  return { deleteSome: (userPoolId, limit) => some.run(userPoolId, limit) };
}

/** No index finds the pool's rows, so the table is walked once from end to end, by its primary key. */
function walkedTable(connection: Connection, table: string, key: readonly string[]): TableOfPools {
  const columns = key.join(', ');
  const places = key.map(() => '?').join(', ');
  const first = connection.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${columns} LIMIT ?`);
  const next = connection.prepare(
    `SELECT ${columns} FROM ${table} WHERE (${columns}) > (${places}) ORDER BY ${columns} LIMIT ?`,
  );
  const remove = connection.prepare(
    `DELETE FROM ${table} WHERE (${columns}) <= (${places}) AND (${columns}) >= (${places}) AND user_pool_id = ?`,
  );
  const keyOf = (row: Row) =>
    key.map((column) => {
      const value = row[column];
      return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as string | number);
    });
  return {
    deleteSome: (userPoolId, limit, walk) => {
      const rows = walk.after ? next.all(...walk.after, limit) : first.all(limit);
      const [start, end] = [rows[0], rows.at(-1)];
      if (start !== undefined && end !== undefined) {
        remove.run(...keyOf(end), ...keyOf(start), userPoolId);
        walk.after = keyOf(end);
      }
      return rows.length;
    },
  };
}
