import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCognito } from '../../src/start-cognito.js';
import { openStorage, type Storage } from '../../src/storage/index.js';

const USERS = 1200;

function fill(storage: Storage, poolId: string): void {
  storage.transaction(() => {
    storage.userPools.insert({
      id: poolId,
      name: poolId,
      settings: {},
      factors: {},
      createdAt: 1,
      modifiedAt: 1,
    });
    for (let n = 0; n < USERS; n++) {
      storage.users.insert({
        userPoolId: poolId,
        sub: `${poolId}-${n}`,
        username: `user-${n}`,
        usernameKey: `user-${n}`,
        status: 'CONFIRMED',
        enabled: true,
        attributes: {},
        password: undefined,
        passwordSetAt: undefined,
        createdAt: 1,
        modifiedAt: 1,
      });
      // Found by no index of pools: these tables are walked.
      storage.challengeSessions.insert(Buffer.from(`${poolId} ${n}`), {
        userPoolId: poolId,
        clientId: 'c',
        sub: 's',
        challenge: 'NEW_PASSWORD_REQUIRED',
        data: '{}',
        expiresAt: Date.now() + 1e9,
        used: false,
      });
    }
  });
}

/** Rows of the pool by table, in every table that has any. */
function rowsOf(file: string, poolId: string): Record<string, number> {
  const database = new Database(file);
  const tables = database
    .prepare(
      `SELECT tables.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND columns.name = 'user_pool_id'`,
    )
    .all() as { name: string }[];
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const row = database
      .prepare(`SELECT COUNT(*) AS count FROM ${name} WHERE user_pool_id = ?`)
      .get(poolId) as { count: number };
    if (row.count > 0) counts[name] = row.count;
  }
  database.close();
  return counts;
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cognest-deletion-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('a pool that is being deleted', () => {
  it('goes in batches of bounded size, and alone', () => {
    const file = join(temporaryDirectory(), 'data.db');
    const storage = openStorage({ file });
    fill(storage, 'p_1');
    fill(storage, 'p_2');
    storage.userPools.delete('p_1');
    storage.poolDeletions.begin('p_1');
    const left = () => Object.values(rowsOf(file, 'p_1')).reduce((sum, count) => sum + count, 0);
    let before = left();
    expect(before).toBe(2 * USERS);
    while (storage.poolDeletions.deleteSome('p_1', 100)) {
      const now = left();
      expect(before - now).toBeLessThanOrEqual(100);
      before = now;
    }
    expect(rowsOf(file, 'p_1')).toEqual({});
    expect(rowsOf(file, 'p_2')).toEqual({ users: USERS, challenge_sessions: USERS });
    expect(storage.poolDeletions.pending()).toEqual([]);
    expect(storage.poolDeletions.deleteSome('p_2', 100)).toBe(false);
    expect(rowsOf(file, 'p_2')).toEqual({ users: USERS, challenge_sessions: USERS });
    storage.close();
  });

  it('is gone for good after the next start, when the last one was cut short', async () => {
    const data = temporaryDirectory();
    const file = join(data, 'cognest.db');
    const storage = openStorage({ file });
    fill(storage, 'p_1');
    storage.userPools.delete('p_1');
    storage.poolDeletions.begin('p_1');
    storage.poolDeletions.deleteSome('p_1', 100);
    storage.close();
    expect(rowsOf(file, 'p_1')).not.toEqual({});
    const cognito = await startCognito({ port: 0, data });
    await cognito.close();
    expect(rowsOf(file, 'p_1')).toEqual({});
  });
});
