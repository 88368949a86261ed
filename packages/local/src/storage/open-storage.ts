import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CognitoServiceError } from '../errors.js';
import { attemptStore } from './attempts.js';
import { authEventStore } from './auth-events.js';
import { challengeSessionStore } from './challenge-sessions.js';
import { codeStore } from './codes.js';
import { deviceStore } from './devices.js';
import { groupStore } from './groups.js';
import { messageStore } from './messages.js';
import { mfaStore } from './mfa.js';
import { migrations } from './migrations.js';
import { passkeyStore } from './passkeys.js';
import { poolDeletionStore } from './pool-deletions.js';
import { resourceServerStore } from './resource-servers.js';
import { signInStore } from './sign-ins.js';
import { signingKeyStore } from './signing-keys.js';
import { snapshots } from './snapshots.js';
import { type Connection, connect, isFull, isLocked, isRefusedBySystem, isUnreadable } from './sqlite.js';
import type { Storage } from './storage.js';
import { userImportFileStore } from './user-import-files.js';
import { userImportJobStore } from './user-import-jobs.js';
import { userPoolClientStore } from './user-pool-clients.js';
import { userPoolStore } from './user-pools.js';
import { userSearch } from './user-search.js';
import { userSessionStore } from './user-sessions.js';
import { userStore } from './users.js';

/** Where the data lives: a file that outlives the process, or memory that does not. */
type StorageLocation = { readonly file: string } | { readonly memory: true };

/**
 * Opens the data, creating or migrating it as needed.
 *
 * A file is journalled ahead of writing (WAL) with `synchronous = NORMAL`: a process that is killed
 * loses nothing that was acknowledged; a machine that loses power may lose the last moments, and never
 * the file's integrity. The file holds private signing keys, so only its owner may read it, and one
 * process at a time owns it.
 *
 * Every write is refused once the files are no longer where they were: what is written to a file that has been
 * deleted is gone with the process.
 *
 * @param onTrouble Is told once that they are not; and each time that the system does not let us write.
 * @throws Error when the file belongs to another process, was written by a newer version, is not one of
 * `@cognest/local` or damaged, or has another name as well (hard links): the lock and the journal go by the path.
 */
export function openStorage(
  location: StorageLocation,
  onTrouble: (message: string) => void = () => {},
): Storage {
  if ('memory' in location) {
    const connection = connect(':memory:');
    migrate(connection, 0);
    return storageOn(connection, connection.close);
  }
  const file = prepareFile(resolve(location.file));
  const lock = claim(file);
  try {
    const connection = openOwn(file);
    connection.guard(presenceCheck(file, onTrouble));
    connection.explain(writeFailure(file, onTrouble));
    return storageOn(connection, () => {
      try {
        if (existsSync(file)) giveRoomBack(connection);
        connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      } catch (error) {
        // The next start reads it there.
        onTrouble(
          `The journal could not be copied into the data file ${file} (${(error as Error).message}). Nothing is lost: keep ${file}-wal beside it.`,
        );
      } finally {
        connection.close();
        lock.release();
      }
    });
  } catch (error) {
    lock.release();
    throw openFailure(file, error);
  }
}

function openOwn(file: string): Connection {
  const connection = connect(file);
  try {
    // Looked at before anything is written: a file that is not ours stays as it is.
    const version = schemaVersion(connection, file);
    makePrivate(file);
    connection.prepare('PRAGMA journal_mode = WAL').get();
    connection.exec('PRAGMA synchronous = NORMAL');
    // Pages: some 16 MB of journal. What is copied into the file less often is copied, and synced, less in all.
    connection.prepare('PRAGMA wal_autocheckpoint = 4000').get();
    migrate(connection, version);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** In pages of 4 KiB: what is free below this is not worth a rewrite, what is used above it would take long. */
const WORTHWHILE_PAGES = 1024;
const BEARABLE_PAGES = 16_384;

/**
 * Gives the disk back what deleted users and messages have left, where that is more than half of the file. Until then
 * it is used again for what is written. At the end, since nothing waits for it there: it rewrites what is left,
 * some 10 ms a MB, and in memory, since the copy holds private keys. What it does not come to stays as it is.
 */
function giveRoomBack(connection: Connection): void {
  const count = (pragma: string) => Number(connection.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
  try {
    const free = count('freelist_count');
    const used = count('page_count') - free;
    if (free < WORTHWHILE_PAGES || free < used || used > BEARABLE_PAGES) return;
    connection.exec('PRAGMA temp_store = MEMORY');
    connection.exec('VACUUM');
  } catch {
    // A disk that is full, say, must keep nobody from closing: the file is as good as before.
  }
}

/** Why a write failed, for whoever sent it and for the log, where it is one of the system's reasons. */
function writeFailure(file: string, onTrouble: (message: string) => void): (error: unknown) => unknown {
  return (error) => {
    const reason = reasonOf(error);
    if (reason === undefined) return error;
    const message = `${reason}: ${file} cannot be written. What was acknowledged is kept, this was not done. Make room, and try again.`;
    onTrouble(message);
    return new CognitoServiceError('InternalErrorException', message);
  };
}

function reasonOf(error: unknown): string | undefined {
  if (isFull(error)) return 'The disk is full';
  return isRefusedBySystem(error) ? `The system refuses (${(error as Error).message})` : undefined;
}

function openFailure(file: string, cause: unknown): unknown {
  if (isUnreadable(cause)) return unreadable(file, cause);
  const reason = reasonOf(cause);
  return reason === undefined ? cause : cannotOpen(file, reason, cause);
}

function cannotOpen(file: string, reason: string, cause: unknown): Error {
  return new Error(
    `The data file ${file} cannot be opened for writing (${reason}). Make room, or give this user the right to write it and its directory; or choose another directory with --data or COGNITO_DATA.`,
    { cause },
  );
}

function unreadable(file: string, cause: unknown): Error {
  const message = `The data file ${file} is not a database of @cognest/local, or it is damaged. Move it away to start anew, put a copy in its place, or choose another directory with --data or COGNITO_DATA.`;
  return new Error(message, { cause });
}

function prepareFile(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    throw new Error(
      `The data file ${file} is a directory. Move it away, or choose another directory with --data or COGNITO_DATA.`,
    );
  }
  if (stats?.isSymbolicLink()) {
    throw new Error(`The data file ${file} is a symbolic link. Give the directory that it leads to instead.`);
  }
  if (stats !== undefined && stats.nlink > 1) {
    throw new Error(
      `The data file ${file} has ${stats.nlink} names (hard links), and under another one it could be opened a second time and be damaged. Make it a copy of its own, or choose another directory with --data or COGNITO_DATA.`,
    );
  }
  try {
    // Made before SQLite makes it, so that it is never readable by others; SQLite gives the journal its mode.
    closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    throw cannotOpen(file, (cause as Error).message, cause);
  }
  return file;
}

/** For a file that was there, once it is known to be ours; with the journal, which may be open by then. */
function makePrivate(file: string): void {
  for (const path of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(path)) chmodSync(path, 0o600);
}

/**
 * Makes this process the file's owner until it lets go or ends, however it ends. The lock is a transaction
 * on a file beside it: libsql closes a connection for good only when its statements have been collected,
 * so an exclusive lock on the data itself would outlive `close`.
 */
function claim(file: string): { release(): void } {
  const path = prepareFile(`${file}.lock`);
  const lock = connect(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isUnreadable(error)) {
      throw new Error(
        `${file}.lock is not the lock of a data file, and may hold something of yours. Move it away.`,
        {
          cause: error,
        },
      );
    }
    if (!isLocked(error)) throw openFailure(file, error);
    throw new Error(
      `The data file ${file} is in use by another process. Stop that server, or choose another directory with --data or COGNITO_DATA.`,
      { cause: error },
    );
  }
  makePrivate(path);
  return {
    release: () => {
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

/**
 * Refuses writes once the data, its journal or its lock has been deleted, moved or cut short, for good: then another
 * process may have the file, or nothing that is written outlives this one. Nothing of ours makes them shorter while
 * they are open. A few microseconds, before each transaction.
 */
function presenceCheck(file: string, onTrouble: (message: string) => void): () => void {
  const paths = [file, `${file}-wal`, `${file}.lock`];
  const look = (path: string) => statSync(path, { bigint: true, throwIfNoEntry: false });
  const then = paths.map(look);
  const isOther = (path: string, at: number) => {
    const [before, now] = [then[at], look(path)];
    if (before === undefined) return false;
    if (now?.dev !== before.dev || now.ino !== before.ino || now.size < before.size) return true;
    then[at] = now;
    return false;
  };
  let lost: string | undefined;
  return () => {
    if (lost === undefined) {
      const index = paths.findIndex(isOther);
      if (index === -1) return;
      lost = `${paths[index]} was deleted, moved, replaced or cut short while the server was running: nothing is written any more. Stop the server and start it again; stop it before you touch its data.`;
      onTrouble(lost);
    }
    throw new CognitoServiceError('InternalErrorException', lost);
  };
}

function schemaVersion(connection: Connection, file: string): number {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new Error(
      `The data file ${file} has schema version ${version}; this version of @cognest/local knows up to ${migrations.length}. Use a newer @cognest/local, or another data directory.`,
    );
  }
  // Ours gets all of its tables and its version at once.
  const isForeign = version === 0 ? hasTable(connection, '1') : !hasTable(connection, "name = 'user_pools'");
  if (isForeign) {
    throw new Error(
      `The data file ${file} is a database of something else than @cognest/local. Move it away, or choose another directory with --data or COGNITO_DATA.`,
    );
  }
  return version;
}

function hasTable(connection: Connection, which: string): boolean {
  return connection.prepare(`SELECT 1 FROM sqlite_master WHERE ${which} LIMIT 1`).get() !== undefined;
}

function migrate(connection: Connection, version: number): void {
  if (version === migrations.length) return;
  connection.transaction(() => {
    for (const sql of migrations.slice(version)) connection.exec(sql);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function storageOn(connection: Connection, close: () => void): Storage {
  const challengeSessions = challengeSessionStore(connection);
  const codes = codeStore(connection);
  const attempts = attemptStore(connection);
  const signIns = signInStore(connection);
  const passkeys = passkeyStore(connection);
  return {
    userPools: userPoolStore(connection),
    poolDeletions: poolDeletionStore(connection),
    resourceServers: resourceServerStore(connection),
    importJobs: userImportJobStore(connection),
    importFiles: userImportFileStore(connection),
    clients: userPoolClientStore(connection),
    signingKeys: signingKeyStore(connection),
    users: userStore(connection),
    userSearch: userSearch(connection),
    userSessions: userSessionStore(connection),
    authEvents: authEventStore(connection),
    groups: groupStore(connection),
    challengeSessions,
    codes,
    attempts,
    devices: deviceStore(connection),
    signIns,
    messages: messageStore(connection),
    mfa: mfaStore(connection),
    passkeys,
    transaction: connection.transaction,
    purgeExpired: (nowMs, limit) => {
      connection.transaction(() => {
        for (const store of [challengeSessions, codes, attempts, signIns, passkeys])
          store.purge(nowMs, limit);
      });
    },
    snapshot: snapshots(connection),
    close,
  };
}
