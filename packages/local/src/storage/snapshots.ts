import type { Connection } from './sqlite.js';

/** Each is a copy of all the data, held until the connection is closed. */
const MAX_SNAPSHOTS = 30;

/**
 * Copies every table, in memory, beside the data; the returned function puts the rows back. It knows no table by
 * name, so that one which a later version adds is not forgotten here.
 *
 * @throws Error when there are too many.
 */
export function snapshots(connection: Connection): () => () => void {
  let tables: readonly string[] | undefined;
  let taken = 0;

  return () => {
    if (taken === MAX_SNAPSHOTS) {
      throw new Error(
        `There are ${MAX_SNAPSHOTS} checkpoints, the most that are kept: go back to one of them.`,
      );
    }
    if (tables === undefined) {
      connection.exec("ATTACH DATABASE ':memory:' AS saved");
      tables = connection
        .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => row['name'] as string);
    }
    const number = ++taken;
    const copies = tables.map((table) => ({
      live: `main."${table}"`,
      copy: `saved."${number} of ${table}"`,
    }));
    connection.transaction(() => {
      for (const { live, copy } of copies) connection.exec(`CREATE TABLE ${copy} AS SELECT * FROM ${live}`);
    });
    const statements = copies.flatMap(({ live, copy }) => [
      connection.prepare(`DELETE FROM ${live}`),
      connection.prepare(`INSERT INTO ${live} SELECT * FROM ${copy}`),
    ]);
    return () => {
      connection.transaction(() => {
        for (const statement of statements) statement.run();
      });
      connection.invalidate();
    };
  };
}
