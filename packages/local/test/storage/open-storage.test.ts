import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/index.js';
import type { UserRecord } from '../../src/storage/users.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cognest-storage-'));
  return () => rmSync(directory, { recursive: true, force: true });
});

function pool(id: string) {
  return { id, name: 'pool', settings: {}, factors: {}, createdAt: 1, modifiedAt: 1 };
}

function user(sub: string, more: Partial<UserRecord> = {}): UserRecord {
  return {
    userPoolId: 'p_1',
    sub,
    username: sub,
    usernameKey: sub,
    status: 'CONFIRMED',
    enabled: true,
    attributes: { email: 'a@b.c' },
    password: { salt: Buffer.alloc(16, 1), verifier: Buffer.alloc(384, 2) },
    passwordSetAt: 5,
    createdAt: 1,
    modifiedAt: 2,
    ...more,
  };
}

function inMemory(): Storage {
  const storage = openStorage({ memory: true });
  onTestFinished(() => storage.close());
  return storage;
}

describe('a data file that goes while it is open', () => {
  it.each([
    ['is deleted', (file: string) => rmSync(file)],
    ['is moved', (file: string) => renameSync(file, `${file}.old`)],
    [
      'is replaced by a copy',
      (file: string) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
    ['loses its lock', (file: string) => rmSync(`${file}.lock`)],
    ['is cut short', (file: string) => truncateSync(file, 1024)],
    ['has its journal cut short', (file: string) => truncateSync(`${file}-wal`)],
    ['loses its journal', (file: string) => rmSync(`${file}-wal`)],
    ['loses its directory', (file: string) => rmSync(dirname(file), { recursive: true })],
  ])('takes no more writes when it %s', (_, lose) => {
    const file = join(directory, 'data', 'data.db');
    const told: string[] = [];
    const storage = openStorage({ file }, (message) => told.push(message));
    storage.userPools.insert(pool('p_1'));
    lose(file);
    expect(() => storage.userPools.insert(pool('p_2'))).toThrow('was deleted, moved, replaced or cut short');
    expect(() => storage.transaction(() => storage.userPools.insert(pool('p_2')))).toThrow('Stop the server');
    expect(told).toEqual([expect.stringContaining(file)]);
    expect(storage.userPools.find('p_2')).toBeUndefined();
    storage.close();
  });
});

describe('a data file', () => {
  it('keeps what was written, and opens again', () => {
    const file = join(directory, 'nested', 'data.db');
    const first = openStorage({ file });
    first.userPools.insert(pool('p_1'));
    first.users.insert(user('s1'));
    first.close();
    const second = openStorage({ file });
    expect(second.userPools.find('p_1')).toEqual(pool('p_1'));
    expect(second.users.findBySub('p_1', 's1')).toEqual(user('s1'));
    second.close();
  });

  it('belongs to its owner alone', () => {
    const file = join(directory, 'private', 'data.db');
    const storage = openStorage({ file });
    storage.userPools.insert(pool('p_1'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'private')).mode & 0o777).toBe(0o700);
    storage.close();
  });

  it('of a newer version is refused by name and version', () => {
    const file = join(directory, 'data.db');
    openStorage({ file }).close();
    const database = new Database(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(() => openStorage({ file })).toThrow(/data\.db has schema version 999.*newer @cognest\/local/);
  });

  it.each([
    ['no database', 'not a database, and long enough to have a header of one: '.repeat(20)],
    ['a damaged one', `SQLite format 3\0${'\x7f'.repeat(5000)}`],
  ])('that is %s is refused by name, and left as it was', (_, content) => {
    const file = join(directory, 'data.db');
    writeFileSync(file, content, 'latin1');
    expect(() => openStorage({ file })).toThrow(
      `The data file ${file} is not a database of @cognest/local, or it is damaged. Move it away to start anew`,
    );
    expect(readFileSync(file, 'latin1')).toBe(content);
  });

  it.each([0, 1])('of something else, with its version %i, is refused and left as it was', (version) => {
    const file = join(directory, 'data.db');
    const database = new Database(file);
    database.exec(`CREATE TABLE recipes (name TEXT); PRAGMA user_version = ${version}`);
    database.close();
    const content = readFileSync(file);
    expect(() => openStorage({ file })).toThrow(
      `The data file ${file} is a database of something else than @cognest/local.`,
    );
    expect(readFileSync(file)).toEqual(content);
  });

  it.skipIf(process.platform === 'win32')('that is not ours keeps its mode, ours becomes its owner’s', () => {
    const foreign = join(directory, 'foreign.db');
    writeFileSync(foreign, 'not a database, and long enough to have a header of one: '.repeat(20), {
      mode: 0o644,
    });
    expect(() => openStorage({ file: foreign })).toThrow('is not a database of @cognest/local');
    expect(statSync(foreign).mode & 0o777).toBe(0o644);

    const file = join(directory, 'data.db');
    writeFileSync(`${file}.lock`, 'a letter to a friend. '.repeat(50), { mode: 0o644 });
    expect(() => openStorage({ file })).toThrow('is not the lock of a data file');
    expect(statSync(`${file}.lock`).mode & 0o777).toBe(0o644);
    rmSync(`${file}.lock`);

    openStorage({ file }).close();
    chmodSync(file, 0o644);
    chmodSync(`${file}.lock`, 0o644);
    const storage = openStorage({ file });
    storage.userPools.insert(pool('p_1'));
    for (const path of [file, `${file}-wal`, `${file}.lock`]) expect(statSync(path).mode & 0o777).toBe(0o600);
    storage.close();
  });

  it('with a lock that is none is refused', () => {
    const file = join(directory, 'data.db');
    const lock = 'a letter to a friend. '.repeat(50);
    writeFileSync(`${file}.lock`, lock);
    expect(() => openStorage({ file })).toThrow(`${file}.lock is not the lock of a data file`);
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(lock);
  });

  it('with another name is refused until it has one alone', () => {
    const file = join(directory, 'data.db');
    const other = join(directory, 'other.db');
    openStorage({ file }).close();
    linkSync(file, other);
    for (const name of [file, other]) {
      expect(() => openStorage({ file: name })).toThrow(`The data file ${name} has 2 names (hard links)`);
    }
    rmSync(other);
    openStorage({ file }).close();
  });

  it('gives the disk back what was deleted, once most of it was, and keeps the rest', () => {
    const file = join(directory, 'data.db');
    const size = () => statSync(file).size;
    const fill = (storage: Storage) =>
      storage.transaction(() => {
        for (let i = 0; i < 12_000; i++) storage.users.insert(user(`s${i}`));
      });
    const thin = (storage: Storage, keeps: (i: number) => boolean) =>
      storage.transaction(() => {
        for (let i = 0; i < 12_000; i++) if (!keeps(i)) storage.users.delete(user(`s${i}`));
      });
    const first = openStorage({ file });
    first.userPools.insert(pool('p_1'));
    fill(first);
    first.close();
    const full = size();

    // What is free is used again, and not copied about for a little of it.
    const second = openStorage({ file });
    thin(second, (i) => i < 8000);
    second.close();
    expect(size()).toBe(full);
    const third = openStorage({ file });
    for (let i = 8000; i < 10_000; i++) third.users.insert(user(`s${i}`));
    third.close();
    expect(size()).toBe(full);

    const fourth = openStorage({ file });
    thin(fourth, (i) => i % 100 === 0);
    fourth.close();
    expect(size()).toBeLessThan(full / 10);
    const fifth = openStorage({ file });
    expect(fifth.userPools.userCount('p_1')).toBe(100);
    expect(fifth.users.findBySub('p_1', 's100')).toEqual(user('s100'));
    expect(fifth.users.findBySub('p_1', 's101')).toBeUndefined();
    fifth.close();
  });

  it('is used by one server at a time', () => {
    const file = join(directory, 'data.db');
    const storage = openStorage({ file });
    expect(() => openStorage({ file })).toThrow(/data\.db is in use by another process/);
    storage.close();
    openStorage({ file }).close();
  });
});

describe('a transaction', () => {
  it('keeps all of its writes or none', () => {
    const storage = inMemory();
    expect(() =>
      storage.transaction(() => {
        storage.userPools.insert(pool('p_1'));
        expect(storage.userPools.find('p_1')).toBeDefined();
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(storage.userPools.find('p_1')).toBeUndefined();
  });

  it('within another joins it', () => {
    const storage = inMemory();
    expect(() =>
      storage.transaction(() => {
        storage.transaction(() => storage.userPools.insert(pool('p_1')));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(storage.userPools.find('p_1')).toBeUndefined();
    storage.transaction(() => storage.userPools.insert(pool('p_1')));
    expect(storage.userPools.find('p_1')).toBeDefined();
  });
});

describe('a value that SQLite has no type for', () => {
  it.each([undefined, true])('%s is an error, not the end of the process', (value) => {
    const storage = inMemory();
    expect(() => storage.userPools.find(value as unknown as string)).toThrow(TypeError);
  });

  it.each(['\ud800', '\u{1f600}', '\u00e9'])('text like %j keeps its length', (name) => {
    const storage = inMemory();
    storage.userPools.insert({ ...pool('p_1'), name });
    expect(storage.userPools.list(1)[0]?.name).toHaveLength(name.length);
  });
});

describe('users', () => {
  it('are counted without counting', () => {
    const storage = inMemory();
    storage.userPools.insert(pool('p_1'));
    storage.users.insert(user('s1'));
    storage.users.insert(user('s2'));
    storage.users.delete(user('s1'));
    storage.users.delete(user('s1'));
    expect(storage.userPools.userCount('p_1')).toBe(1);
  });

  it('keep as many earlier passwords as they are told to', () => {
    const { users } = inMemory();
    for (const byte of [1, 2, 3]) {
      users.rememberPassword(
        'p',
        's',
        { salt: Buffer.alloc(16, byte), verifier: Buffer.alloc(384, byte) },
        2,
      );
    }
    expect(users.passwordHistory('p', 's', 10).map(({ salt }) => salt[0])).toEqual([3, 2]);
  });
});

describe('messages', () => {
  const message = (code: string, userPoolId = 'p_1') => ({
    userPoolId,
    username: 'u',
    destination: 'a@b.c',
    medium: 'EMAIL' as const,
    trigger: 'CustomMessage_SignUp' as const,
    code,
    body: code,
    sentAt: '2026-01-01T00:00:00.000Z',
  });

  it('are listed oldest first, by pool and user when asked', () => {
    const { messages } = inMemory();
    messages.append(message('1'));
    messages.append(message('2', 'p_2'));
    messages.append(message('3'));
    expect(messages.list()).toEqual([message('1'), message('2', 'p_2'), message('3')]);
    expect(messages.list({ userPoolId: 'p_1' }).map(({ code }) => code)).toEqual(['1', '3']);
    expect(messages.list({ username: 'nobody' })).toEqual([]);
  });

  it('are bounded: the newest 10,000 are kept', () => {
    const { messages } = inMemory();
    for (let i = 1; i <= 10_005; i++) messages.append(message(String(i)));
    const kept = messages.list();
    expect(kept).toHaveLength(10_000);
    expect(kept[0]?.code).toBe('6');
  });

  it('are bounded by their text, too: the newest 16 MiB are kept, and the newest one whatever it is', () => {
    const { messages, poolDeletions } = inMemory();
    const body = 'ä'.repeat(1024 * 1024);
    const codes = () => messages.list().map(({ code }) => code);
    for (let i = 1; i <= 10; i++) messages.append({ ...message(String(i), i % 2 ? 'p_1' : 'p_2'), body });
    expect(codes()).toEqual(['4', '5', '6', '7', '8', '9', '10']);
    // What goes otherwise makes room.
    poolDeletions.begin('p_1');
    while (poolDeletions.deleteSome('p_1', 100));
    for (let i = 11; i <= 13; i++) messages.append({ ...message(String(i), 'p_2'), body });
    expect(codes()).toEqual(['4', '6', '8', '10', '11', '12', '13']);
    messages.append({ ...message('14'), body: body.repeat(10) });
    expect(codes()).toEqual(['14']);
  });
});

describe('what has expired', () => {
  it('is purged in batches of the given size, and what has not is kept', () => {
    const storage = inMemory();
    for (let i = 0; i < 5; i++) {
      storage.codes.set('p', `s${i}`, 'SignUp', {
        code: '1',
        attribute: 'email',
        destination: 'a@b.c',
        expiresAt: i < 4 ? 10 : 1000,
      });
    }
    const left = () => [0, 1, 2, 3, 4].filter((i) => storage.codes.find('p', `s${i}`, 'SignUp'));
    storage.purgeExpired(100, 3);
    expect(left()).toHaveLength(2);
    storage.purgeExpired(100, 3);
    expect(left()).toEqual([4]);
  });

  it('goes with its refresh token, a week later', () => {
    const storage = inMemory();
    const hash = Buffer.alloc(32, 7);
    storage.signIns.insert(
      {
        eventId: 'e',
        userPoolId: 'p',
        clientId: 'c',
        sub: 's',
        originJti: 'j',
        authTime: 1,
        expiresAt: 1000,
      },
      hash,
    );
    storage.purgeExpired(2000, 10);
    expect(storage.signIns.findByRefreshToken(hash)?.signIn.eventId).toBe('e');
    storage.purgeExpired(1001 + 7 * 86_400_000, 10);
    expect(storage.signIns.find('e')).toBeUndefined();
    expect(storage.signIns.findByRefreshToken(hash)).toBeUndefined();
  });
});

describe('every look-up of a request', () => {
  it('goes by an index', () => {
    const file = join(directory, 'data.db');
    openStorage({ file }).close();
    const database = new Database(file);
    const plan = (sql: string) =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all([]) as { detail: string }[])
        .map(({ detail }) => detail)
        .join('\n');
    for (const sql of [
      'SELECT * FROM users WHERE user_pool_id = 1 AND username_key = 1',
      'SELECT * FROM users WHERE user_pool_id = 1 AND sub = 1',
      'SELECT sub FROM user_aliases WHERE user_pool_id = 1 AND attribute = 1 AND value_key = 1',
      'DELETE FROM user_aliases WHERE user_pool_id = 1 AND sub = 1',
      'SELECT sign_ins.* FROM refresh_tokens JOIN sign_ins USING (event_id) WHERE token_hash = 1',
      'UPDATE sign_ins SET revoked_at = 1 WHERE user_pool_id = 1 AND sub = 1 AND ended_at IS NULL',
      'SELECT * FROM sign_ins WHERE user_pool_id = 1 AND sub = 1 AND session_id IS NOT NULL AND revoked_at IS NULL',
      'DELETE FROM refresh_tokens WHERE event_id = 1 AND generation > 0 AND generation <= 1',
      'SELECT * FROM groups WHERE user_pool_id = 1 AND name > 1 ORDER BY name LIMIT 1',
      'DELETE FROM group_members WHERE user_pool_id = 1 AND group_name = 1',
      'SELECT sub FROM group_members WHERE user_pool_id = 1 AND group_name = 1 AND sub > 1 ORDER BY sub',
      'SELECT event_id FROM sign_ins WHERE expires_at < 1 LIMIT 1',
      'SELECT token_hash FROM challenge_sessions WHERE expires_at < 1 LIMIT 1',
      'SELECT * FROM codes WHERE expires_at < 1 LIMIT 1',
      'SELECT * FROM attempts WHERE expires_at < 1 LIMIT 1',
      'SELECT * FROM group_members WHERE user_pool_id = 1 AND sub = 1 AND group_name > 1 ORDER BY group_name',
      'SELECT * FROM user_pool_clients WHERE user_pool_id = 1 AND id > 1 ORDER BY id LIMIT 1',
      'SELECT mfa FROM user_mfa WHERE user_pool_id = 1 AND sub = 1',
      'SELECT * FROM passkeys WHERE user_pool_id = 1 AND credential_id = 1',
      'SELECT * FROM passkeys WHERE user_pool_id = 1 AND sub = 1 AND credential_id > 1 ORDER BY credential_id LIMIT 1',
      'SELECT * FROM passkey_registrations WHERE user_pool_id = 1 AND sub = 1',
      'SELECT * FROM passkey_registrations WHERE expires_at < 1 LIMIT 1',
    ]) {
      expect(plan(sql), sql).toMatch(/SEARCH/);
      expect(plan(sql), sql).not.toMatch(/SCAN|TEMP B-TREE/);
    }
    database.close();
  });
});
