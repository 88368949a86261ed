import { RecordCache } from './record-cache.js';
import type { Connection, Row } from './sqlite.js';

export interface GroupRecord {
  readonly userPoolId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly precedence: number | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface GroupStore {
  insert(group: GroupRecord): void;
  /** Replaces everything but the identity (pool, name). */
  update(group: GroupRecord): void;
  /** Removes the group and who belongs to it. */
  delete(userPoolId: string, name: string): void;
  find(userPoolId: string, name: string): GroupRecord | undefined;
  /** Whether the pool has as many groups as this. */
  reach(userPoolId: string, count: number): boolean;
  /** The pool's groups in the order of names, from after `afterName`. */
  list(userPoolId: string, limit: number, afterName?: string): GroupRecord[];
  addMember(userPoolId: string, name: string, sub: string): void;
  removeMember(userPoolId: string, name: string, sub: string): void;
  /** The user's groups in the order of names, from after `afterName`. */
  ofUser(userPoolId: string, sub: string, limit: number, afterName?: string): readonly GroupRecord[];
}

export function groupStore(connection: Connection): GroupStore {
  const insert = connection.prepare(
    `INSERT INTO groups (user_pool_id, name, description, role_arn, precedence, created_at, modified_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = connection.prepare('SELECT * FROM groups WHERE user_pool_id = ? AND name = ?');
  const update = connection.prepare(
    `UPDATE groups SET description = ?, role_arn = ?, precedence = ?, modified_at = ?
     WHERE user_pool_id = ? AND name = ?`,
  );
  const remove = connection.prepare('DELETE FROM groups WHERE user_pool_id = ? AND name = ?');
  const removeMembers = connection.prepare(
    'DELETE FROM group_members WHERE user_pool_id = ? AND group_name = ?',
  );
  const reach = connection.prepare('SELECT 1 FROM groups WHERE user_pool_id = ? LIMIT 1 OFFSET ?');
  const list = connection.prepare(
    'SELECT * FROM groups WHERE user_pool_id = ? AND name > ? ORDER BY name LIMIT ?',
  );
  const addMember = connection.prepare(
    'INSERT OR IGNORE INTO group_members (user_pool_id, group_name, sub) VALUES (?, ?, ?)',
  );
  const removeMember = connection.prepare(
    'DELETE FROM group_members WHERE user_pool_id = ? AND group_name = ? AND sub = ?',
  );
  const ofUser = connection.prepare(
    `SELECT groups.* FROM group_members
     JOIN groups ON groups.user_pool_id = group_members.user_pool_id AND groups.name = group_members.group_name
     WHERE group_members.user_pool_id = ? AND group_members.sub = ? AND group_members.group_name > ?
     ORDER BY group_members.group_name LIMIT ?`,
  );
  /** By user: whoever signs in is asked for, and groups change seldom. */
  const cache = new RecordCache<readonly GroupRecord[]>(connection);
  return {
    insert: (group) => {
      cache.forgetAll();
      insert.run(
        group.userPoolId,
        group.name,
        group.description ?? null,
        group.roleArn ?? null,
        group.precedence ?? null,
        group.createdAt,
        group.modifiedAt,
      );
    },
    find: (userPoolId, name) => {
      const row = find.get(userPoolId, name);
      return row && toRecord(row);
    },
    update: (group) => {
      cache.forgetAll();
      update.run(
        group.description ?? null,
        group.roleArn ?? null,
        group.precedence ?? null,
        group.modifiedAt,
        group.userPoolId,
        group.name,
      );
    },
    delete: (userPoolId, name) => {
      cache.forgetAll();
      removeMembers.run(userPoolId, name);
      remove.run(userPoolId, name);
    },
    reach: (userPoolId, count) => reach.get(userPoolId, count - 1) !== undefined,
    list: (userPoolId, limit, afterName = '') => list.all(userPoolId, afterName, limit).map(toRecord),
    addMember: (userPoolId, name, sub) => {
      cache.forgetAll();
      addMember.run(userPoolId, name, sub);
    },
    removeMember: (userPoolId, name, sub) => {
      cache.forgetAll();
      removeMember.run(userPoolId, name, sub);
    },
    ofUser: (userPoolId, sub, limit, afterName = '') => {
      const load = () => ofUser.all(userPoolId, sub, afterName, limit).map(toRecord);
      return afterName === '' ? cache.get(`${userPoolId} ${limit} ${sub}`, load) : load();
    },
  };
}

function toRecord(row: Row): GroupRecord {
  return {
    userPoolId: row['user_pool_id'] as string,
    name: row['name'] as string,
    description: (row['description'] as string | null) ?? undefined,
    roleArn: (row['role_arn'] as string | null) ?? undefined,
    precedence: (row['precedence'] as number | null) ?? undefined,
    createdAt: row['created_at'] as number,
    modifiedAt: row['modified_at'] as number,
  };
}
