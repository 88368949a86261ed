import { expect, it } from 'vitest';
import { IssuedSessions } from '../../src/revocations/issued-sessions.js';

it('remembers so many sessions and no more, the oldest leaving first', () => {
  const sessions = new IssuedSessions(2);
  sessions.add('one', 'a');
  sessions.add('two', 'b');
  sessions.add('one', 'a');
  sessions.add('three', 'c');
  expect(['one', 'two', 'three'].map((token) => sessions.of(token))).toEqual(['a', undefined, 'c']);
});
