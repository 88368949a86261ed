import { expect, it } from 'vitest';
import { RefreshedSessions } from '../../src/cookie-session/refreshed-sessions.js';
import type { SignedIn } from '../../src/index.js';

const result = (refreshToken?: string): SignedIn => ({
  status: 'signed-in',
  username: 'ada',
  tokens: {
    accessToken: 'access',
    idToken: 'id',
    tokenType: 'Bearer',
    expiresIn: 3600,
    expiresAt: new Date(0),
    ...(refreshToken !== undefined && { refreshToken }),
  },
});

function sessions() {
  let nowMs = 1_000_000;
  let calls = 0;
  const refreshed = new RefreshedSessions(() => nowMs);
  return {
    refreshed,
    calls: () => calls,
    later: (ms: number) => {
      nowMs += ms;
    },
    ask: (token: string, next?: string) =>
      refreshed.refresh(token, async () => {
        calls += 1;
        return result(next);
      }),
  };
}

it('asks once for those who come together, and once more after ten seconds', async () => {
  const { ask, calls, later } = sessions();
  const answers = await Promise.all([ask('one'), ask('one'), ask('one')]);
  expect(new Set(answers).size).toBe(1);
  later(9_999);
  await ask('one');
  expect(calls()).toBe(1);
  later(2);
  await ask('one');
  expect(calls()).toBe(2);
});

it('keeps no failure', async () => {
  const { refreshed, ask, calls } = sessions();
  await expect(refreshed.refresh('one', () => Promise.reject(new Error('outage')))).rejects.toThrow('outage');
  await ask('one');
  expect(calls()).toBe(1);
});

it('ends every answer that leads to the session that is over', async () => {
  const { refreshed, ask, calls } = sessions();
  await ask('one', 'two');
  await ask('two', 'three');
  await ask('other', 'next');
  refreshed.end('three');
  await ask('one', 'two');
  await ask('two', 'three');
  expect(calls()).toBe(5);
  await ask('other', 'next');
  expect(calls()).toBe(5);
});

it('remembers no more than a thousand', async () => {
  const { ask, calls } = sessions();
  for (let index = 0; index < 1001; index++) await ask(`token ${index}`);
  await ask('token 1000');
  expect(calls()).toBe(1001);
  await ask('token 0');
  expect(calls()).toBe(1002);
});
