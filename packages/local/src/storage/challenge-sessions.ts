import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { Connection } from './sqlite.js';

/** How long a used or expired session is remembered, so that it is refused with the right words. */
const KEEP_AFTER_EXPIRY_MS = 60 * 60 * 1000;

/** What a session answers: a challenge, or the step that follows a sign-up. */
export type SessionKind = ChallengeNameType | 'SIGN_UP' | 'CONFIRMED_SIGN_UP';

interface ChallengeSessionRecord {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly challenge: SessionKind;
  /** What the next step needs to know of the ones before, as JSON. */
  readonly data: string;
  readonly expiresAt: number;
  readonly used: boolean;
}

export interface ChallengeSessionStore {
  insert(tokenHash: Buffer, session: ChallengeSessionRecord): void;
  find(tokenHash: Buffer): ChallengeSessionRecord | undefined;
  /** @returns false when it had been used already. */
  use(tokenHash: Buffer): boolean;
  /** @returns false when it was gone already. */
  delete(tokenHash: Buffer): boolean;
  /** Those of the user that can still be answered. */
  deleteOpenOf(userPoolId: string, sub: string): void;
  /** Those of the client that can still be answered. */
  deleteOpenOfClient(userPoolId: string, clientId: string): void;
  purge(nowMs: number, limit: number): void;
}

export function challengeSessionStore(connection: Connection): ChallengeSessionStore {
  const insert = connection.prepare(
    `INSERT INTO challenge_sessions (token_hash, user_pool_id, client_id, sub, challenge, data, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = connection.prepare('SELECT * FROM challenge_sessions WHERE token_hash = ?');
  const use = connection.prepare('UPDATE challenge_sessions SET used = 1 WHERE token_hash = ? AND used = 0');
  const remove = connection.prepare('DELETE FROM challenge_sessions WHERE token_hash = ?');
  const removeOpen = connection.prepare(
    'DELETE FROM challenge_sessions WHERE user_pool_id = ? AND sub = ? AND used = 0',
  );
  const removeOpenOfClient = connection.prepare(
    'DELETE FROM challenge_sessions WHERE user_pool_id = ? AND client_id = ? AND used = 0',
  );
  const purge = connection.prepare(
    `DELETE FROM challenge_sessions WHERE token_hash IN
       (SELECT token_hash FROM challenge_sessions WHERE expires_at < ? LIMIT ?)`,
  );
  return {
    insert: (tokenHash, session) => {
      insert.run(
        tokenHash,
        session.userPoolId,
        session.clientId,
        session.sub,
        session.challenge,
        session.data,
        session.expiresAt,
      );
    },
    find: (tokenHash) => {
      const row = find.get(tokenHash);
      if (row === undefined) return undefined;
      return {
        userPoolId: row['user_pool_id'] as string,
        clientId: row['client_id'] as string,
        sub: row['sub'] as string,
        challenge: row['challenge'] as SessionKind,
        data: row['data'] as string,
        expiresAt: row['expires_at'] as number,
        used: row['used'] === 1,
      };
    },
    use: (tokenHash) => use.run(tokenHash) === 1,
    delete: (tokenHash) => remove.run(tokenHash) === 1,
    deleteOpenOf: (userPoolId, sub) => {
      removeOpen.run(userPoolId, sub);
    },
    deleteOpenOfClient: (userPoolId, clientId) => {
      removeOpenOfClient.run(userPoolId, clientId);
    },
    purge: (nowMs, limit) => {
      purge.run(nowMs - KEEP_AFTER_EXPIRY_MS, limit);
    },
  };
}
