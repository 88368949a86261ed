import { expect, it } from 'vitest';
import { migrations } from '../../src/storage/migrations.js';
import { type Connection, connect } from '../../src/storage/sqlite.js';
import { type SearchField, userSearch } from '../../src/storage/user-search.js';

const FIELDS: Readonly<Record<SearchField, string | number>> = {
  username: 'a',
  sub: 'a',
  status: 'CONFIRMED',
  enabled: 1,
  email: 'a',
  phone_number: '+1',
  name: 'a',
  given_name: 'a',
  family_name: 'a',
  preferred_username: 'a',
};

it.each(Object.entries(FIELDS))('finds users by %s without looking at the others', (field, value) => {
  const connection = connect(':memory:');
  for (const sql of migrations) connection.exec(sql);
  const asked: { sql: string; values: readonly (string | number | null | Uint8Array)[] }[] = [];
  const watched: Connection = {
    ...connection,
    prepare: (sql) => {
      const statement = connection.prepare(sql);
      return {
        ...statement,
        all: (...values) => {
          asked.push({ sql, values });
          return statement.all(...values);
        },
      };
    },
  };
  const search = userSearch(watched);
  const after = { value, id: 1 };
  search.equal('pool', field as SearchField, value, 10, after);
  search.startingWith('pool', field as SearchField, 'a', 10);
  search.startingWith('pool', field as SearchField, '', 10, after);
  expect(asked).toHaveLength(4);
  for (const { sql, values } of asked) {
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const steps = plan.map((row) => row['detail']);
    expect(steps, sql).toHaveLength(1);
    // By the pool and by the value, in the order that the index has.
    expect(steps[0]).toMatch(/^SEARCH users USING INDEX \w+ \(user_pool_id=\? AND .+\?/);
  }
  connection.close();
});
