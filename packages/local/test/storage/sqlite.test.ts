import { describe, expect, it } from 'vitest';
import { connect, isFull } from '../../src/storage/sqlite.js';

describe('a transaction that SQLite ends by itself', () => {
  it('fails for its own reason, is gone whole, and makes what is kept in memory be read again', () => {
    const connection = connect(':memory:');
    connection.exec('CREATE TABLE notes (text TEXT); PRAGMA max_page_count = 20');
    const insert = connection.prepare('INSERT INTO notes VALUES (?)');
    let [rolledBack, forgotten] = [0, 0];
    connection.onRollback(() => rolledBack++);
    connection.onForget(() => forgotten++);
    let reason: unknown;
    try {
      connection.transaction(() => {
        for (let i = 0; i < 100; i++) insert.run('x'.repeat(4000));
      });
    } catch (error) {
      reason = error;
    }
    expect(isFull(reason)).toBe(true);
    expect([rolledBack, forgotten]).toEqual([1, 1]);
    expect(connection.prepare('SELECT COUNT(*) AS n FROM notes').get()?.['n']).toBe(0);
    // The next one is none the worse.
    connection.transaction(() => insert.run('short'));
    expect(connection.prepare('SELECT COUNT(*) AS n FROM notes').get()?.['n']).toBe(1);
    connection.close();
  });
});
