import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedLog, whereThrown } from '../../src/errors/bounded-log.js';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.useFakeTimers({ toFake: ['performance'] });
  const write = (line: unknown) => void lines.push(String(line));
  vi.spyOn(Logger.prototype, 'error').mockImplementation(write);
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(write);
  vi.spyOn(Logger.prototype, 'debug').mockImplementation(write);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('what strangers can bring about', () => {
  it('is logged once in 10 seconds, by subject, and how often it was not', () => {
    const log = new BoundedLog('Test');
    for (let n = 0; n < 3; n++) log.error('a', `a ${n}`);
    log.warn('b', 'b');
    vi.advanceTimersByTime(9_999);
    log.error('a', 'a later');
    expect(lines).toEqual(['a 0', 'b']);
    vi.advanceTimersByTime(1);
    log.error('a', 'a again');
    log.warn('b', 'b again');
    expect(lines.slice(2)).toEqual(['a again (and 3 more times since the last line)', 'b again']);
    vi.advanceTimersByTime(10_000);
    log.error('a', 'a at last');
    expect(lines.at(-1)).toBe('a at last');
  });

  it('is bounded on every level alike', () => {
    const log = new BoundedLog('Test');
    for (const level of ['error', 'warn', 'debug'] as const) {
      for (let n = 0; n < 100; n++) log[level](level, `${level} ${n}`);
    }
    expect(lines).toEqual(['error 0', 'warn 0', 'debug 0']);
  });

  it('has no more than a hundred subjects at a time, and one line for all others', () => {
    const log = new BoundedLog('Test');
    for (let n = 0; n < 1_000; n++) log.error(`subject ${n}`, `${n}`);
    expect(lines).toHaveLength(101);
    vi.advanceTimersByTime(10_000);
    for (let n = 5_000; n < 6_000; n++) log.error(`subject ${n}`, `${n}`);
    expect(lines.length).toBeLessThanOrEqual(202);
    expect(lines).toContain('5000');
  });
});

it('where something was thrown tells its kind and its place, and nothing of what it says', () => {
  const { name, stack } = whereThrown(new TypeError('the token is\n    secret'));
  expect(name).toBe('TypeError');
  expect(stack).toContain('bounded-log.test.ts');
  expect(stack).not.toContain('secret');
  expect(whereThrown('secret')).toEqual({ name: 'a string', stack: undefined });
  expect(whereThrown(Object.assign(new Error('secret'), { stack: undefined })).stack).toBeUndefined();
});
