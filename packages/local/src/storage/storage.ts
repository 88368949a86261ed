import type { AttemptStore } from './attempts.js';
import type { AuthEventStore } from './auth-events.js';
import type { ChallengeSessionStore } from './challenge-sessions.js';
import type { CodeStore } from './codes.js';
import type { DeviceStore } from './devices.js';
import type { GroupStore } from './groups.js';
import type { MessageStore } from './messages.js';
import type { MfaStore } from './mfa.js';
import type { PasskeyStore } from './passkeys.js';
import type { PoolDeletionStore } from './pool-deletions.js';
import type { ResourceServerStore } from './resource-servers.js';
import type { SignInStore } from './sign-ins.js';
import type { SigningKeyStore } from './signing-keys.js';
import type { Snapshot } from './snapshots.js';
import type { UserImportFileStore } from './user-import-files.js';
import type { UserImportJobStore } from './user-import-jobs.js';
import type { UserPoolClientStore } from './user-pool-clients.js';
import type { UserPoolStore } from './user-pools.js';
import type { UserSearch } from './user-search.js';
import type { UserSessionStore } from './user-sessions.js';
import type { UserStore } from './users.js';

/** What operations keep. The one implementation is SQLite; SQL stays in this folder. */
export interface Storage {
  readonly userPools: UserPoolStore;
  readonly poolDeletions: PoolDeletionStore;
  readonly resourceServers: ResourceServerStore;
  readonly importJobs: UserImportJobStore;
  readonly importFiles: UserImportFileStore;
  readonly clients: UserPoolClientStore;
  readonly signingKeys: SigningKeyStore;
  readonly users: UserStore;
  readonly userSearch: UserSearch;
  readonly userSessions: UserSessionStore;
  readonly authEvents: AuthEventStore;
  readonly groups: GroupStore;
  readonly challengeSessions: ChallengeSessionStore;
  readonly codes: CodeStore;
  readonly attempts: AttemptStore;
  readonly devices: DeviceStore;
  readonly signIns: SignInStore;
  readonly messages: MessageStore;
  readonly mfa: MfaStore;
  readonly passkeys: PasskeyStore;

  /** Runs `work` atomically: all of its writes are kept or none. Synchronous by design. */
  transaction<T>(work: () => T): T;

  /** Drops at most `limit` rows of each kind that nothing can use or be answered from any more. */
  purgeExpired(nowMs: number, limit: number): void;

  /** Copies all of the data, in memory. */
  snapshot(): Snapshot;

  close(): void;
}
