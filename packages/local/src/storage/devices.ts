import { blob, type Connection, type Row } from './sqlite.js';
import type { PasswordVerifier } from './users.js';

/** A device that a user confirmed, with the verifier of the password that it made for itself. */
export interface DeviceRecord {
  readonly userPoolId: string;
  readonly sub: string;
  readonly deviceKey: string;
  readonly groupKey: string;
  readonly name: string | undefined;
  readonly password: PasswordVerifier;
  /** Signs in with its own password in place of a further factor, where the pool says so. */
  readonly remembered: boolean;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly lastAuthenticatedAt: number;
}

export interface DeviceStore {
  insert(device: DeviceRecord): void;
  find(userPoolId: string, sub: string, deviceKey: string): DeviceRecord | undefined;
  /** In the order of keys, from after `afterKey`. */
  list(userPoolId: string, sub: string, limit: number, afterKey?: string): DeviceRecord[];
  setRemembered(device: DeviceRecord, remembered: boolean, nowMs: number): void;
  /** Nothing happens when the device is gone. */
  setAuthenticated(userPoolId: string, sub: string, deviceKey: string, nowMs: number): void;
  delete(userPoolId: string, sub: string, deviceKey: string): void;
}

export function deviceStore(connection: Connection): DeviceStore {
  const insert = connection.prepare(
    `INSERT INTO devices (user_pool_id, sub, device_key, group_key, name, salt, verifier, remembered, created_at,
       modified_at, authenticated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const where = 'WHERE user_pool_id = ? AND sub = ? AND device_key = ?';
  const find = connection.prepare(`SELECT * FROM devices ${where}`);
  const list = connection.prepare(
    'SELECT * FROM devices WHERE user_pool_id = ? AND sub = ? AND device_key > ? ORDER BY device_key LIMIT ?',
  );
  const setRemembered = connection.prepare(`UPDATE devices SET remembered = ?, modified_at = ? ${where}`);
  const setAuthenticated = connection.prepare(`UPDATE devices SET authenticated_at = ? ${where}`);
  const remove = connection.prepare(`DELETE FROM devices ${where}`);
  return {
    insert: (device) => {
      insert.run(
        device.userPoolId,
        device.sub,
        device.deviceKey,
        device.groupKey,
        device.name ?? null,
        device.password.salt,
        device.password.verifier,
        device.remembered ? 1 : 0,
        device.createdAt,
        device.modifiedAt,
        device.lastAuthenticatedAt,
      );
    },
    find: (userPoolId, sub, deviceKey) => {
      const row = find.get(userPoolId, sub, deviceKey);
      return row && toRecord(row);
    },
    list: (userPoolId, sub, limit, afterKey = '') => list.all(userPoolId, sub, afterKey, limit).map(toRecord),
    setRemembered: ({ userPoolId, sub, deviceKey }, remembered, nowMs) => {
      setRemembered.run(remembered ? 1 : 0, nowMs, userPoolId, sub, deviceKey);
    },
    setAuthenticated: (userPoolId, sub, deviceKey, nowMs) => {
      setAuthenticated.run(nowMs, userPoolId, sub, deviceKey);
    },
    delete: (userPoolId, sub, deviceKey) => {
      remove.run(userPoolId, sub, deviceKey);
    },
  };
}

function toRecord(row: Row): DeviceRecord {
  return {
    userPoolId: row['user_pool_id'] as string,
    sub: row['sub'] as string,
    deviceKey: row['device_key'] as string,
    groupKey: row['group_key'] as string,
    name: (row['name'] as string | null) ?? undefined,
    password: { salt: blob(row['salt']), verifier: blob(row['verifier']) },
    remembered: row['remembered'] === 1,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
    lastAuthenticatedAt: row['authenticated_at'] as number,
  };
}
