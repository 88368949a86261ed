import type { UserStatusType } from '@aws-sdk/client-cognito-identity-provider';
import { RecordCache } from './record-cache.js';
import { blob, type Connection, type Row } from './sqlite.js';

/** A password as it is kept: the salt and the verifier of SRP-6a, from which it cannot be read back. */
export interface PasswordVerifier {
  readonly salt: Buffer;
  readonly verifier: Buffer;
}

export interface UserRecord {
  readonly userPoolId: string;
  readonly sub: string;
  readonly username: string;
  /** The username as it is looked up: folded where the pool ignores case. */
  readonly usernameKey: string;
  readonly status: UserStatusType;
  readonly enabled: boolean;
  /** By name, without `sub`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly password: PasswordVerifier | undefined;
  readonly passwordSetAt: number | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserStore {
  insert(user: UserRecord): void;
  /** Replaces everything but the identity (pool, sub, username). */
  update(user: UserRecord): void;
  /** Removes the user with aliases, memberships, codes, devices, factors and password history; sign-ins stay, to be refused. */
  delete(user: UserRecord): void;
  findByUsername(userPoolId: string, usernameKey: string): UserRecord | undefined;
  findBySub(userPoolId: string, sub: string): UserRecord | undefined;
  /** The members of a group in the order of their subs, from after `afterSub`. */
  inGroup(userPoolId: string, groupName: string, limit: number, afterSub?: string): UserRecord[];

  /** @returns the sub of the user whom this value of this attribute signs in. */
  aliasOwner(userPoolId: string, attribute: string, valueKey: string): string | undefined;
  setAlias(userPoolId: string, attribute: string, valueKey: string, sub: string): void;
  deleteAlias(userPoolId: string, attribute: string, valueKey: string): void;

  /** Newest first. */
  passwordHistory(userPoolId: string, sub: string, limit: number): PasswordVerifier[];
  /** Adds the newest and keeps `keep` of them. */
  rememberPassword(userPoolId: string, sub: string, password: PasswordVerifier, keep: number): void;
}

export function userStore(connection: Connection): UserStore {
  const insert = connection.prepare(
    `INSERT INTO users (user_pool_id, sub, username, username_key, status, enabled, attributes, salt, verifier,
       password_set_at, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = connection.prepare(
    `UPDATE users SET status = ?, enabled = ?, attributes = ?, salt = ?, verifier = ?, password_set_at = ?,
       modified_at = ? WHERE user_pool_id = ? AND sub = ?`,
  );
  const deleteUser = connection.prepare('DELETE FROM users WHERE user_pool_id = ? AND sub = ?');
  const deleteAliases = connection.prepare('DELETE FROM user_aliases WHERE user_pool_id = ? AND sub = ?');
  const deleteMemberships = connection.prepare(
    'DELETE FROM group_members WHERE user_pool_id = ? AND sub = ?',
  );
  const deleteCodes = connection.prepare('DELETE FROM codes WHERE user_pool_id = ? AND subject = ?');
  const deleteHistory = connection.prepare('DELETE FROM password_history WHERE user_pool_id = ? AND sub = ?');
  const deleteDevices = connection.prepare('DELETE FROM devices WHERE user_pool_id = ? AND sub = ?');
  const deleteMfa = connection.prepare('DELETE FROM user_mfa WHERE user_pool_id = ? AND sub = ?');
  const deletePasskeys = connection.prepare('DELETE FROM passkeys WHERE user_pool_id = ? AND sub = ?');
  const deleteEvents = connection.prepare('DELETE FROM auth_events WHERE user_pool_id = ? AND sub = ?');
  const deletePasskeyRegistration = connection.prepare(
    'DELETE FROM passkey_registrations WHERE user_pool_id = ? AND sub = ?',
  );
  const countUp = connection.prepare('UPDATE user_pools SET user_count = user_count + ? WHERE id = ?');
  const byUsername = connection.prepare('SELECT * FROM users WHERE user_pool_id = ? AND username_key = ?');
  const bySub = connection.prepare('SELECT * FROM users WHERE user_pool_id = ? AND sub = ?');
  const inGroup = connection.prepare(
    `SELECT users.* FROM group_members
     JOIN users ON users.user_pool_id = group_members.user_pool_id AND users.sub = group_members.sub
     WHERE group_members.user_pool_id = ? AND group_members.group_name = ? AND group_members.sub > ?
     ORDER BY group_members.sub LIMIT ?`,
  );
  const aliasOwner = connection.prepare(
    'SELECT sub FROM user_aliases WHERE user_pool_id = ? AND attribute = ? AND value_key = ?',
  );
  const setAlias = connection.prepare(
    `INSERT INTO user_aliases (user_pool_id, attribute, value_key, sub) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET sub = excluded.sub`,
  );
  const deleteAlias = connection.prepare(
    'DELETE FROM user_aliases WHERE user_pool_id = ? AND attribute = ? AND value_key = ?',
  );
  const history = connection.prepare(
    'SELECT salt, verifier FROM password_history WHERE user_pool_id = ? AND sub = ? ORDER BY seq DESC LIMIT ?',
  );
  const lastSeq = connection.prepare(
    'SELECT MAX(seq) AS seq FROM password_history WHERE user_pool_id = ? AND sub = ?',
  );
  const remember = connection.prepare(
    'INSERT INTO password_history (user_pool_id, sub, seq, salt, verifier) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = connection.prepare(
    'DELETE FROM password_history WHERE user_pool_id = ? AND sub = ? AND seq <= ?',
  );

  const users = new RecordCache<UserRecord | undefined>(connection);
  const subs = new RecordCache<string | undefined>(connection);
  /** What comes last is what callers choose: no two keys are the same. */
  const keyOf = (...parts: readonly string[]) => parts.join(' ');

  const findBySub = (userPoolId: string, sub: string) =>
    users.get(keyOf(userPoolId, sub), () => optional(bySub.get(userPoolId, sub)));

  return {
    insert: (user) => {
      users.forget(keyOf(user.userPoolId, user.sub));
      insert.run(
        user.userPoolId,
        user.sub,
        user.username,
        user.usernameKey,
        user.status,
        user.enabled ? 1 : 0,
        JSON.stringify(user.attributes),
        user.password?.salt ?? null,
        user.password?.verifier ?? null,
        user.passwordSetAt ?? null,
        user.createdAt,
        user.modifiedAt,
      );
      countUp.run(1, user.userPoolId);
    },
    update: (user) => {
      users.forget(keyOf(user.userPoolId, user.sub));
      update.run(
        user.status,
        user.enabled ? 1 : 0,
        JSON.stringify(user.attributes),
        user.password?.salt ?? null,
        user.password?.verifier ?? null,
        user.passwordSetAt ?? null,
        user.modifiedAt,
        user.userPoolId,
        user.sub,
      );
    },
    delete: ({ userPoolId, sub }) => {
      countUp.run(-deleteUser.run(userPoolId, sub), userPoolId);
      for (const statement of [
        deleteAliases,
        deleteMemberships,
        deleteCodes,
        deleteHistory,
        deleteDevices,
        deleteMfa,
        deletePasskeys,
        deletePasskeyRegistration,
        deleteEvents,
      ]) {
        statement.run(userPoolId, sub);
      }
      connection.forget();
    },
    findByUsername: (userPoolId, usernameKey) => {
      let found: UserRecord | undefined;
      const sub = subs.get(keyOf(userPoolId, 'username', usernameKey), () => {
        found = optional(byUsername.get(userPoolId, usernameKey));
        return found?.sub;
      });
      return found ?? (sub === undefined ? undefined : findBySub(userPoolId, sub));
    },
    findBySub,
    inGroup: (userPoolId, groupName, limit, afterSub = '') =>
      inGroup.all(userPoolId, groupName, afterSub, limit).map(toUserRecord),
    aliasOwner: (userPoolId, attribute, valueKey) =>
      subs.get(
        keyOf(userPoolId, 'alias', attribute, valueKey),
        () => aliasOwner.get(userPoolId, attribute, valueKey)?.['sub'] as string | undefined,
      ),
    setAlias: (userPoolId, attribute, valueKey, sub) => {
      subs.forget(keyOf(userPoolId, 'alias', attribute, valueKey));
      setAlias.run(userPoolId, attribute, valueKey, sub);
    },
    deleteAlias: (userPoolId, attribute, valueKey) => {
      subs.forget(keyOf(userPoolId, 'alias', attribute, valueKey));
      deleteAlias.run(userPoolId, attribute, valueKey);
    },
    passwordHistory: (userPoolId, sub, limit) =>
      history.all(userPoolId, sub, limit).map((row) => ({
        salt: blob(row['salt']),
        verifier: blob(row['verifier']),
      })),
    rememberPassword: (userPoolId, sub, password, keep) => {
      const seq = Number(lastSeq.get(userPoolId, sub)?.['seq'] ?? 0) + 1;
      remember.run(userPoolId, sub, seq, password.salt, password.verifier);
      forget.run(userPoolId, sub, seq - keep);
    },
  };
}

function optional(row: Row | undefined): UserRecord | undefined {
  return row && toUserRecord(row);
}

export function toUserRecord(row: Row): UserRecord {
  return {
    userPoolId: row['user_pool_id'] as string,
    sub: row['sub'] as string,
    username: row['username'] as string,
    usernameKey: row['username_key'] as string,
    status: row['status'] as UserStatusType,
    enabled: row['enabled'] === 1,
    attributes: JSON.parse(row['attributes'] as string) as Record<string, string>,
    password: row['salt'] === null ? undefined : { salt: blob(row['salt']), verifier: blob(row['verifier']) },
    passwordSetAt: (row['password_set_at'] as number | null) ?? undefined,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
