import { expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../src/clock.js';
import { sweepNowAndThen } from '../../src/domain/housekeeping.js';
import type { OperationContext } from '../../src/operation.js';
import { openStorage } from '../../src/storage/index.js';

it('keeps up with what expires, however much is written', () => {
  const storage = openStorage({ memory: true });
  onTestFinished(() => storage.close());
  const clock = new ManualClock(0);
  const context: Pick<OperationContext, 'storage' | 'clock'> = { storage, clock };
  const left = (upTo: number) =>
    Array.from({ length: upTo }, (_, i) => storage.attempts.find('p', `s${i}`, 'a')).filter(Boolean).length;
  for (let i = 0; i < 1000; i++) {
    clock.advance(1);
    storage.attempts.set('p', `s${i}`, 'a', { count: 1, blockedUntil: 0, expiresAt: i + 10 });
    sweepNowAndThen(context);
  }
  expect(left(1000)).toBeLessThanOrEqual(60);
  expect(left(1000)).toBeGreaterThan(0);
});
