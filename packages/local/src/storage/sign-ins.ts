import type { Connection, Row } from './sqlite.js';

/** How long an expired sign-in is remembered, so that its refresh token is called expired and not unknown. */
const KEEP_AFTER_EXPIRY_MS = 7 * 24 * 60 * 60 * 1000;

/** One authentication of a user, and with it every token that descends from it. */
export interface SignInRecord {
  /** The request that signed the user in: `event_id` in each of the tokens, kept on refresh. */
  readonly eventId: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly originJti: string;
  /** Seconds since the epoch, as the claim has it. */
  readonly authTime: number;
  /** When the refresh token expires. */
  readonly expiresAt: number;
  readonly revoked: boolean;
  /** The device that the user signed in with, in pools that keep track of devices. */
  readonly device?: SignInDevice;
}

export interface SignInDevice {
  readonly key: string;
  /** Of a device that was new with this sign-in and may be confirmed with its access token. */
  readonly groupKey: string | undefined;
}

export interface SignInStore {
  insert(signIn: SignInRecord, refreshTokenHash: Buffer): void;
  find(eventId: string): SignInRecord | undefined;
  findByRefreshToken(tokenHash: Buffer): SignInRecord | undefined;
  revokeAllOf(userPoolId: string, sub: string, nowMs: number): void;
  purge(nowMs: number, limit: number): void;
}

export function signInStore(connection: Connection): SignInStore {
  const insert = connection.prepare(
    `INSERT INTO sign_ins (event_id, user_pool_id, client_id, sub, origin_jti, auth_time, expires_at,
       device_key, device_group_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRefreshToken = connection.prepare(
    'INSERT INTO refresh_tokens (token_hash, event_id, expires_at) VALUES (?, ?, ?)',
  );
  const find = connection.prepare('SELECT * FROM sign_ins WHERE event_id = ?');
  const findByRefreshToken = connection.prepare(
    'SELECT sign_ins.* FROM refresh_tokens JOIN sign_ins USING (event_id) WHERE token_hash = ?',
  );
  const revokeAll = connection.prepare(
    'UPDATE sign_ins SET revoked_at = ? WHERE user_pool_id = ? AND sub = ? AND revoked_at IS NULL',
  );
  const purgeSignIns = connection.prepare(
    'DELETE FROM sign_ins WHERE event_id IN (SELECT event_id FROM sign_ins WHERE expires_at < ? LIMIT ?)',
  );
  const purgeRefreshTokens = connection.prepare(
    'DELETE FROM refresh_tokens WHERE token_hash IN (SELECT token_hash FROM refresh_tokens WHERE expires_at < ? LIMIT ?)',
  );
  return {
    insert: (signIn, refreshTokenHash) => {
      insert.run(
        signIn.eventId,
        signIn.userPoolId,
        signIn.clientId,
        signIn.sub,
        signIn.originJti,
        signIn.authTime,
        signIn.expiresAt,
        signIn.device?.key ?? null,
        signIn.device?.groupKey ?? null,
      );
      insertRefreshToken.run(refreshTokenHash, signIn.eventId, signIn.expiresAt);
    },
    find: (eventId) => toRecord(find.get(eventId)),
    findByRefreshToken: (tokenHash) => toRecord(findByRefreshToken.get(tokenHash)),
    revokeAllOf: (userPoolId, sub, nowMs) => {
      revokeAll.run(nowMs, userPoolId, sub);
    },
    purge: (nowMs, limit) => {
      purgeSignIns.run(nowMs - KEEP_AFTER_EXPIRY_MS, limit);
      purgeRefreshTokens.run(nowMs - KEEP_AFTER_EXPIRY_MS, limit);
    },
  };
}

function toRecord(row: Row | undefined): SignInRecord | undefined {
  if (row === undefined) return undefined;
  return {
    eventId: row['event_id'] as string,
    userPoolId: row['user_pool_id'] as string,
    clientId: row['client_id'] as string,
    sub: row['sub'] as string,
    originJti: row['origin_jti'] as string,
    authTime: row['auth_time'] as number,
    expiresAt: row['expires_at'] as number,
    revoked: row['revoked_at'] !== null,
    ...(row['device_key'] !== null && {
      device: {
        key: row['device_key'] as string,
        groupKey: (row['device_group_key'] as string | null) ?? undefined,
      },
    }),
  };
}
