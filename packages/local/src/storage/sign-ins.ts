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
  /** No refresh token of it is good any more, nor an access token that bears its `origin_jti`. */
  readonly revoked: boolean;
  /** Nothing of it is good any more. */
  readonly ended: boolean;
  /** Which of its refresh tokens is the newest; the first is 0. */
  readonly generation: number;
  /** The token that the newest took the place of, where they rotate, and when that was first taken. */
  readonly parent: { readonly generation: number; readonly rotatedAt: number } | undefined;
  /** Of a sign-in that was made while the pool kept track of sessions. */
  readonly sessionId: string | undefined;
  /** The device that the user signed in with, in pools that keep track of devices. */
  readonly device?: SignInDevice;
}

export interface SignInDevice {
  readonly key: string;
  /** Of a device that was new with this sign-in and may be confirmed with its access token. */
  readonly groupKey: string | undefined;
}

/** A refresh token that was handed out, whether or not it still counts. */
export interface RefreshTokenRecord {
  readonly signIn: SignInRecord;
  readonly generation: number;
}

/** A sign-in as it begins. */
export type NewSignIn = Omit<SignInRecord, 'revoked' | 'ended' | 'generation' | 'parent' | 'sessionId'>;

/** How many superseded refresh tokens of a sign-in are told from tokens that never were. */
const KEEP_SUPERSEDED = 1000;

export interface SignInStore {
  insert(signIn: NewSignIn, refreshTokenHash: Buffer): SignInRecord;
  find(eventId: string): SignInRecord | undefined;
  findByRefreshToken(tokenHash: Buffer): RefreshTokenRecord | undefined;
  /** Adds the newest refresh token, of the next generation. */
  rotate(
    signIn: SignInRecord,
    tokenHash: Buffer,
    parent: { readonly generation: number; readonly rotatedAt: number },
  ): void;
  /** @param ends Whether every access token goes with it. */
  revoke(eventId: string, nowMs: number, ends: boolean): void;
  revokeAllOf(userPoolId: string, sub: string, nowMs: number): void;
  revokeAllOfClient(userPoolId: string, clientId: string, nowMs: number): void;
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
    `SELECT sign_ins.*, refresh_tokens.generation AS token_generation
     FROM refresh_tokens JOIN sign_ins USING (event_id) WHERE token_hash = ?`,
  );
  const insertNext = connection.prepare(
    'INSERT INTO refresh_tokens (token_hash, event_id, expires_at, generation) VALUES (?, ?, ?, ?)',
  );
  const supersede = connection.prepare(
    'UPDATE sign_ins SET generation = ?, parent_generation = ?, rotated_at = ? WHERE event_id = ?',
  );
  const forgetSuperseded = connection.prepare(
    'DELETE FROM refresh_tokens WHERE event_id = ? AND generation > 0 AND generation <= ?',
  );
  const revoke = connection.prepare(
    `UPDATE sign_ins SET revoked_at = coalesce(revoked_at, ?1),
       ended_at = CASE WHEN ?2 THEN coalesce(ended_at, ?1) ELSE ended_at END
     WHERE event_id = ?3`,
  );
  const revokeAll = connection.prepare(
    `UPDATE sign_ins SET revoked_at = coalesce(revoked_at, ?1), ended_at = ?1
     WHERE user_pool_id = ?2 AND sub = ?3 AND ended_at IS NULL`,
  );
  const revokeAllOfClient = connection.prepare(
    `UPDATE sign_ins SET revoked_at = coalesce(revoked_at, ?1), ended_at = ?1
     WHERE user_pool_id = ?2 AND client_id = ?3 AND ended_at IS NULL`,
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
      return {
        ...signIn,
        revoked: false,
        ended: false,
        generation: 0,
        parent: undefined,
        sessionId: undefined,
      };
    },
    find: (eventId) => {
      const row = find.get(eventId);
      return row && toRecord(row);
    },
    findByRefreshToken: (tokenHash) => {
      const row = findByRefreshToken.get(tokenHash);
      return row && { signIn: toRecord(row), generation: Number(row['token_generation']) };
    },
    rotate: ({ eventId, expiresAt, generation }, tokenHash, parent) => {
      const next = generation + 1;
      insertNext.run(tokenHash, eventId, expiresAt, next);
      supersede.run(next, parent.generation, parent.rotatedAt, eventId);
      forgetSuperseded.run(eventId, next - KEEP_SUPERSEDED);
    },
    revoke: (eventId, nowMs, ends) => {
      revoke.run(nowMs, ends ? 1 : 0, eventId);
    },
    revokeAllOf: (userPoolId, sub, nowMs) => {
      revokeAll.run(nowMs, userPoolId, sub);
    },
    revokeAllOfClient: (userPoolId, clientId, nowMs) => {
      revokeAllOfClient.run(nowMs, userPoolId, clientId);
    },
    purge: (nowMs, limit) => {
      purgeSignIns.run(nowMs - KEEP_AFTER_EXPIRY_MS, limit);
      purgeRefreshTokens.run(nowMs - KEEP_AFTER_EXPIRY_MS, limit);
    },
  };
}

function toRecord(row: Row): SignInRecord {
  return {
    eventId: row['event_id'] as string,
    userPoolId: row['user_pool_id'] as string,
    clientId: row['client_id'] as string,
    sub: row['sub'] as string,
    originJti: row['origin_jti'] as string,
    authTime: row['auth_time'] as number,
    expiresAt: row['expires_at'] as number,
    revoked: row['revoked_at'] !== null,
    ended: row['ended_at'] !== null,
    generation: Number(row['generation']),
    parent:
      row['parent_generation'] === null
        ? undefined
        : { generation: Number(row['parent_generation']), rotatedAt: Number(row['rotated_at']) },
    sessionId: (row['session_id'] as string | null) ?? undefined,
    ...(row['device_key'] !== null && {
      device: {
        key: row['device_key'] as string,
        groupKey: (row['device_group_key'] as string | null) ?? undefined,
      },
    }),
  };
}
