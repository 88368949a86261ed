import type { OperationContext } from '../operation.js';
import type { Storage } from '../storage/storage.js';

const EVERY = 50;
const BATCH = 200;

const counts = new WeakMap<Storage, number>();

/**
 * Called wherever something that expires is written: every so often it drops a bounded batch of what has
 * expired. Dropping more at a time than can have been added, it keeps up with any load.
 */
export function sweepNowAndThen({ storage, clock }: Pick<OperationContext, 'storage' | 'clock'>): void {
  const count = (counts.get(storage) ?? 0) + 1;
  counts.set(storage, count % EVERY);
  if (count === EVERY) storage.purgeExpired(clock.now(), BATCH);
}
