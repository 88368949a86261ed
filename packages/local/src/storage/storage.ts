import type { AttemptStore } from './attempts.js';
import type { ChallengeSessionStore } from './challenge-sessions.js';
import type { CodeStore } from './codes.js';
import type { GroupStore } from './groups.js';
import type { MessageStore } from './messages.js';
import type { SignInStore } from './sign-ins.js';
import type { SigningKeyStore } from './signing-keys.js';
import type { UserPoolClientStore } from './user-pool-clients.js';
import type { UserPoolStore } from './user-pools.js';
import type { UserStore } from './users.js';

/** What operations keep. The one implementation is SQLite; SQL stays in this folder. */
export interface Storage {
  readonly userPools: UserPoolStore;
  readonly clients: UserPoolClientStore;
  readonly signingKeys: SigningKeyStore;
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly challengeSessions: ChallengeSessionStore;
  readonly codes: CodeStore;
  readonly attempts: AttemptStore;
  readonly signIns: SignInStore;
  readonly messages: MessageStore;

  /** Runs `work` atomically: all of its writes are kept or none. Synchronous by design. */
  transaction<T>(work: () => T): T;

  /** Drops at most `limit` rows of each kind that nothing can use or be answered from any more. */
  purgeExpired(nowMs: number, limit: number): void;

  close(): void;
}
