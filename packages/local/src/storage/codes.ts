import type { Connection } from './sqlite.js';

export type CodePurpose = 'SignUp' | 'ForgotPassword' | 'VerifyEmail' | 'VerifyPhoneNumber';

export interface CodeRecord {
  readonly code: string;
  /** The attribute that the code was sent to. */
  readonly attribute: 'email' | 'phone_number';
  readonly destination: string;
  readonly expiresAt: number;
}

/** At most one code per subject (a user's sub, or a name that nobody has) and purpose. */
export interface CodeStore {
  set(userPoolId: string, subject: string, purpose: CodePurpose, code: CodeRecord): void;
  find(userPoolId: string, subject: string, purpose: CodePurpose): CodeRecord | undefined;
  delete(userPoolId: string, subject: string, purpose: CodePurpose): void;
  purge(nowMs: number, limit: number): void;
}

export function codeStore(connection: Connection): CodeStore {
  const set = connection.prepare(
    `INSERT OR REPLACE INTO codes (user_pool_id, subject, purpose, code, attribute, destination, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = connection.prepare(
    'SELECT * FROM codes WHERE user_pool_id = ? AND subject = ? AND purpose = ?',
  );
  const remove = connection.prepare(
    'DELETE FROM codes WHERE user_pool_id = ? AND subject = ? AND purpose = ?',
  );
  const purge = connection.prepare(
    `DELETE FROM codes WHERE (user_pool_id, subject, purpose) IN
       (SELECT user_pool_id, subject, purpose FROM codes WHERE expires_at < ? LIMIT ?)`,
  );
  return {
    set: (userPoolId, subject, purpose, code) => {
      set.run(userPoolId, subject, purpose, code.code, code.attribute, code.destination, code.expiresAt);
    },
    find: (userPoolId, subject, purpose) => {
      const row = find.get(userPoolId, subject, purpose);
      if (row === undefined) return undefined;
      return {
        code: row['code'] as string,
        attribute: row['attribute'] as CodeRecord['attribute'],
        destination: row['destination'] as string,
        expiresAt: row['expires_at'] as number,
      };
    },
    delete: (userPoolId, subject, purpose) => {
      remove.run(userPoolId, subject, purpose);
    },
    purge: (nowMs, limit) => {
      purge.run(nowMs, limit);
    },
  };
}
