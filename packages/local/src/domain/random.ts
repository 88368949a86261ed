import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Where ids, codes and generated passwords come from. Keys, salts and nonces never do. */
export interface RandomSource {
  bytes(size: number): Buffer;
  /** From 0 to `limit`, without it. */
  int(limit: number): number;
  /** Of version 4. */
  uuid(): string;
}

const systemRandom: RandomSource = { bytes: randomBytes, int: (limit) => randomInt(limit), uuid: randomUUID };

const chosen = new AsyncLocalStorage<RandomSource>();

/** Whatever `work` makes, and what it leads to, is made from this source. */
export function withRandomSource<T>(source: RandomSource, work: () => T): T {
  return chosen.run(source, work);
}

/** The source of the work under way: the system's, unless another was chosen. */
export function random(): RandomSource {
  return chosen.getStore() ?? systemRandom;
}

export interface SeededRandom extends RandomSource {
  /** Remembers what comes next; after the returned function it comes again. */
  mark(): () => void;
}

/** The same values in the same order for the same seed: for snapshots, and for nothing that is secret. */
export function seededRandom(seed: string): SeededRandom {
  let block = 0;
  let left = Buffer.alloc(0);
  const bytes = (size: number): Buffer => {
    while (left.length < size) {
      left = Buffer.concat([left, createHmac('sha256', seed).update(`${block++}`).digest()]);
    }
    const taken = Buffer.from(left.subarray(0, size));
    left = left.subarray(size);
    return taken;
  };
  return {
    bytes,
    int: (limit) => bytes(6).readUIntBE(0, 6) % limit,
    uuid: () => {
      const id = bytes(16);
      id[6] = ((id[6] as number) & 0x0f) | 0x40;
      id[8] = ((id[8] as number) & 0x3f) | 0x80;
      return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
    mark: () => {
      const then = { block, left };
      return () => {
        ({ block, left } = then);
      };
    },
  };
}
