import type { Connection } from './sqlite.js';

/** A further factor, by the name that the API gives it in lists, preferences and challenges. */
export type MfaFactor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';

/** An authenticator app that has proven that it knows the secret. */
export interface SoftwareToken {
  /** Base32. */
  readonly secret: string;
  /** `FriendlyDeviceName`. */
  readonly name?: string;
  /** The time step of the last code that was accepted: a code is good once. */
  readonly lastStep: number;
  /** Switched off by preference: a pool that demands a factor has it set up again. */
  readonly off?: true;
}

/** The further factors of a user. */
export interface UserMfa {
  /** Activated by preference, in the order in which answers list them. */
  readonly enabled: readonly MfaFactor[];
  readonly preferred?: MfaFactor;
  readonly softwareToken?: SoftwareToken;
  /** The secret that AssociateSoftwareToken handed out last and no code has been seen of yet. */
  readonly pendingSecret?: string;
  /** Text messages as SetUserSettings switches them on: shown as `MFAOptions` and in no list. */
  readonly legacySms?: true;
  /** The user's word on whether a passkey may stand for two factors, where the pool lets it. */
  readonly passkeys?: boolean;
}

export interface MfaStore {
  /** `undefined` for a user who never set anything up. */
  find(userPoolId: string, sub: string): UserMfa | undefined;
  set(userPoolId: string, sub: string, mfa: UserMfa): void;
}

export function mfaStore(connection: Connection): MfaStore {
  const find = connection.prepare('SELECT mfa FROM user_mfa WHERE user_pool_id = ? AND sub = ?');
  const set = connection.prepare('INSERT OR REPLACE INTO user_mfa (user_pool_id, sub, mfa) VALUES (?, ?, ?)');
  return {
    find: (userPoolId, sub) => {
      const row = find.get(userPoolId, sub);
      return row && (JSON.parse(row['mfa'] as string) as UserMfa);
    },
    set: (userPoolId, sub, mfa) => {
      set.run(userPoolId, sub, JSON.stringify(mfa));
    },
  };
}
