import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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
import { type Connection, connect, isLocked } from './sqlite.js';
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
 * @throws Error when the file belongs to another process or was written by a newer version.
 */
export function openStorage(location: StorageLocation): Storage {
  if ('memory' in location) {
    const connection = connect(':memory:');
    migrate(connection, 'in memory');
    return storageOn(connection, connection.close);
  }
  const file = prepareFile(resolve(location.file));
  const lock = claim(file);
  try {
    const connection = connect(file);
    connection.prepare('PRAGMA journal_mode = WAL').get();
    connection.exec('PRAGMA synchronous = NORMAL');
    migrate(connection, file);
    return storageOn(connection, () => {
      connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      connection.close();
      lock.release();
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function prepareFile(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(`The data file ${file} is a symbolic link. Give the directory that it leads to instead.`);
  }
  // Made before SQLite makes it, so that it is never readable by others; SQLite gives the journal its mode.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  return file;
}

/**
 * Makes this process the file's owner until it lets go or ends, however it ends. The lock is a transaction
 * on a file beside it: libsql closes a connection for good only when its statements have been collected,
 * so an exclusive lock on the data itself would outlive `close`.
 */
function claim(file: string): { release(): void } {
  const lock = connect(prepareFile(`${file}.lock`));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isLocked(error)) throw error;
    throw new Error(
      `The data file ${file} is in use by another process. Stop that server, or choose another directory with --data or COGNITO_DATA.`,
      { cause: error },
    );
  }
  return {
    release: () => {
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

function migrate(connection: Connection, file: string): void {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) {
    throw new Error(
      `The data file ${file} has schema version ${version}; this version of @cognest/local knows up to ${migrations.length}. Use a newer @cognest/local, or another data directory.`,
    );
  }
  if (version === migrations.length) return;
  connection.transaction(() => {
    for (const sql of migrations.slice(version)) connection.exec(sql);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function storageOn(connection: Connection, close: () => void): Storage {
  const userPools = userPoolStore(connection);
  const clients = userPoolClientStore(connection);
  const challengeSessions = challengeSessionStore(connection);
  const codes = codeStore(connection);
  const attempts = attemptStore(connection);
  const signIns = signInStore(connection);
  const passkeys = passkeyStore(connection);
  return {
    userPools,
    poolDeletions: poolDeletionStore(connection, clients.forgetAll),
    resourceServers: resourceServerStore(connection),
    importJobs: userImportJobStore(connection),
    importFiles: userImportFileStore(connection),
    clients,
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
    mark: snapshots(connection),
    close,
  };
}
