import Database from 'libsql';

/** What may be bound. */
type SqlValue = string | number | null | Uint8Array;

/** A row as libsql returns it; single rows carry a `_metadata` member that no mapper reads. */
export type Row = Record<string, unknown>;

/** One prepared statement, kept for the life of the connection. */
interface Statement {
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
  /** @returns how many rows changed. */
  run(...values: readonly SqlValue[]): number;
}

/** The synchronous SQLite connection that the stores share. */
export interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Calls `check` before each write that is not part of a transaction under way, which may refuse it by throwing. */
  guard(check: () => void): void;
  /** What is thrown in place of an error of a write; the error itself, until it is told. */
  explain(failure: (error: unknown) => unknown): void;
  /** Joins the transaction under way, if there is one. */
  transaction<T>(work: () => T): T;
  /** Called after a rollback, and by `invalidate`: whatever was read in between may never have been. */
  onRollback(listener: () => void): void;
  /** Called when records that are kept in memory may not be those of the tables: by `forget`, and as above. */
  onForget(listener: () => void): void;
  /** To be called when rows of several stores have been deleted behind their backs. */
  forget(): void;
  /** To be called when the data has been replaced. */
  invalidate(): void;
  close(): void;
}

function isSqliteError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith(code);
}

export function isLocked(error: unknown): boolean {
  return isSqliteError(error, 'SQLITE_BUSY');
}

/** Whether SQLite cannot read the file: it is something else, or damaged. */
export function isUnreadable(error: unknown): boolean {
  return isSqliteError(error, 'SQLITE_NOTADB') || isSqliteError(error, 'SQLITE_CORRUPT');
}

/** Whether there is no room for what is written. */
export function isFull(error: unknown): boolean {
  return isSqliteError(error, 'SQLITE_FULL');
}

/** Whether the system does not let SQLite write, or read, the file or its neighbours. */
export function isRefusedBySystem(error: unknown): boolean {
  return ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_IOERR', 'SQLITE_PERM'].some((code) =>
    isSqliteError(error, code),
  );
}

/** libsql aborts the whole process on a boolean or `undefined`, which a cast may have let this far. */
function bindable(values: readonly SqlValue[]): unknown[] {
  for (const value of values as readonly unknown[]) {
    const fits =
      typeof value === 'string' || typeof value === 'number' || value === null || value instanceof Uint8Array;
    if (!fits) throw new TypeError(`A ${typeof value} cannot be stored`);
  }
  return values as unknown[];
}

export function connect(path: string): Connection {
  const database = new Database(path);
  const rollbackListeners: (() => void)[] = [];
  const forgetListeners: (() => void)[] = [];
  let depth = 0;
  let check = () => {};
  let explained = (error: unknown) => error;
  const forget = () => {
    for (const listener of forgetListeners) listener();
  };
  const invalidate = () => {
    forget();
    for (const listener of rollbackListeners) listener();
  };

  const prepare = (sql: string): Statement => {
    const statement = database.prepare(sql);
    return {
      get: (...values) => statement.get(bindable(values)) as Row | undefined,
      all: (...values) => statement.all(bindable(values)) as Row[],
      run: (...values) => {
        if (depth > 0) return statement.run(bindable(values)).changes;
        check();
        try {
          return statement.run(bindable(values)).changes;
        } catch (error) {
          throw explained(error);
        }
      },
    };
  };
  const begin = prepare('BEGIN IMMEDIATE');
  const commit = prepare('COMMIT');
  const rollback = prepare('ROLLBACK');

  return {
    prepare,
    exec: (sql) => {
      database.exec(sql);
    },
    guard: (added) => {
      check = added;
    },
    explain: (failure) => {
      explained = failure;
    },
    transaction: (work) => {
      if (depth > 0) return work();
      begin.run();
      depth = 1;
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        try {
          // SQLite has gone back by itself where there was no room.
          if (database.inTransaction) rollback.run();
        } finally {
          invalidate();
        }
        throw explained(error);
      } finally {
        depth = 0;
      }
    },
    onRollback: (listener) => {
      rollbackListeners.push(listener);
    },
    onForget: (listener) => {
      forgetListeners.push(listener);
    },
    forget,
    invalidate,
    close: () => {
      database.close();
    },
  };
}

/** libsql hands a BLOB out as a Buffer in a single row and as an ArrayBuffer in a list. */
export function blob(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value as ArrayBuffer);
}
