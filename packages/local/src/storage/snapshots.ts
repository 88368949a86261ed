import type { Connection } from './sqlite.js';

/** A copy of all the data. */
export interface Snapshot {
  /** Puts the rows back. Not to be called any more once the snapshot has been dropped. */
  restore(): void;
  /** Gives its room to the next one. */
  drop(): void;
}

/** Room for one copy: tables beside those of the data. */
interface Slot {
  save(): void;
  restore(): void;
}

/**
 * Copies every table, in memory, beside the data. It knows no table by name, so that one which a later version adds
 * is not forgotten here.
 */
export function snapshots(connection: Connection): () => Snapshot {
  let tables: readonly string[] | undefined;
  let slots = 0;
  const free: Slot[] = [];

  const newSlot = (): Slot => {
    if (tables === undefined) {
      connection.exec("ATTACH DATABASE ':memory:' AS saved");
      tables = connection
        .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => row['name'] as string);
    }
    const number = ++slots;
    const copies = tables.map((table) => ({
      live: `main."${table}"`,
      copy: `saved."${number} of ${table}"`,
    }));
    for (const { live, copy } of copies) {
      connection.exec(`CREATE TABLE ${copy} AS SELECT * FROM ${live} LIMIT 0`);
    }
    const replace = (into: string, from: string) => [
      connection.prepare(`DELETE FROM ${into}`),
      connection.prepare(`INSERT INTO ${into} SELECT * FROM ${from}`),
    ];
    const saving = copies.flatMap(({ live, copy }) => replace(copy, live));
    const restoring = copies.flatMap(({ live, copy }) => replace(live, copy));
    const run = (statements: typeof saving) =>
      connection.transaction(() => {
        for (const statement of statements) statement.run();
      });
    return {
      save: () => run(saving),
      restore: () => {
        run(restoring);
        connection.invalidate();
      },
    };
  };

  return () => {
    const slot = free.pop() ?? newSlot();
    slot.save();
    return {
      restore: slot.restore,
      drop: () => {
        free.push(slot);
      },
    };
  };
}
