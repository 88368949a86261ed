import type { UnderWay } from './under-way.js';

/** All that a server held at one moment, for `reset`. It belongs to the server that made it. */
export interface Checkpoint {
  /** The server's time at that moment, in milliseconds since the epoch. */
  readonly at: number;
}

/** Remembers a state; the function that it returns goes back to it, as often as it is called. */
type Mark = () => () => void;

export interface CheckpointsOptions {
  /** Whatever has a state: all of it is remembered, and goes back, together. */
  readonly marks: readonly Mark[];
  readonly underWay: UnderWay;
  readonly now: () => number;
  /** Stops what works in the background, before; the function that it returns starts it anew, afterwards. */
  readonly pause: () => Promise<() => Promise<void>>;
}

export interface Checkpoints {
  make(): Promise<Checkpoint>;
  /** @throws TypeError when it is not a checkpoint of this server. */
  reset(to: Checkpoint): Promise<void>;
}

export function createCheckpoints({ marks, underWay, now, pause }: CheckpointsOptions): Checkpoints {
  const known = new WeakMap<Checkpoint, readonly (() => void)[]>();

  /** Between two requests: neither sees half of it. */
  const whilePaused = async <T>(work: () => T): Promise<T> => {
    const goOn = await pause();
    try {
      return await underWay.whenIdle(work);
    } finally {
      await goOn();
    }
  };

  return {
    make: () =>
      whilePaused(() => {
        const checkpoint = Object.freeze({ at: now() });
        known.set(
          checkpoint,
          marks.map((mark) => mark()),
        );
        return checkpoint;
      }),
    reset: async (to) => {
      const goBack = known.get(to);
      if (goBack === undefined) {
        throw new TypeError(
          'reset() goes back to a checkpoint of this server: give it what cognito.checkpoint() resolved to.',
        );
      }
      await whilePaused(() => {
        for (const restore of goBack) restore();
      });
    },
  };
}
