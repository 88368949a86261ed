import type { Snapshot } from '../storage/snapshots.js';
import type { UnderWay } from './under-way.js';

/** All that a server held at one moment, for `reset`. It belongs to the server that made it. */
export interface Checkpoint {
  /** The server's time at that moment, in milliseconds since the epoch. */
  readonly at: number;
}

/** Remembers a state; the function that it returns goes back to it, as often as it is called. */
type Mark = () => () => void;

/** Each holds a copy of all the data. */
const MAX_CHECKPOINTS = 30;

export interface CheckpointsOptions {
  readonly snapshot: () => Snapshot;
  /** Whatever else has a state: all of it is remembered, and goes back, together. */
  readonly marks: readonly Mark[];
  readonly underWay: UnderWay;
  readonly now: () => number;
  /** Stops what works in the background, before; the function that it returns starts it anew, afterwards. */
  readonly pause: () => Promise<() => Promise<void>>;
}

export interface Checkpoints {
  /**
   * Never fails for want of room: the first is kept, and of the others those that were made or gone back to last.
   */
  make(): Promise<Checkpoint>;
  /** @throws TypeError when it is not a checkpoint of this server, or is not kept any more. */
  reset(to: Checkpoint): Promise<void>;
}

export function createCheckpoints({
  snapshot,
  marks,
  underWay,
  now,
  pause,
}: CheckpointsOptions): Checkpoints {
  /** The first, then the others in the order in which they were last of use. */
  const known = new Map<Checkpoint, { readonly data: Snapshot; readonly goBack: readonly (() => void)[] }>();
  const displaced = new WeakSet<Checkpoint>();
  let first: Checkpoint | undefined;

  const makeRoom = () => {
    if (known.size < MAX_CHECKPOINTS) return;
    for (const [checkpoint, { data }] of known) {
      if (checkpoint === first) continue;
      data.drop();
      known.delete(checkpoint);
      displaced.add(checkpoint);
      return;
    }
  };

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
        makeRoom();
        known.set(checkpoint, { data: snapshot(), goBack: marks.map((mark) => mark()) });
        first ??= checkpoint;
        return checkpoint;
      }),
    reset: async (to) => {
      const kept = known.get(to);
      if (kept === undefined) {
        throw new TypeError(
          displaced.has(to)
            ? `This checkpoint is not kept any more: of the others than the first, the ${MAX_CHECKPOINTS - 1} that were made or gone back to last are. Make it anew.`
            : 'reset() goes back to a checkpoint of this server: give it what cognito.checkpoint() resolved to.',
        );
      }
      const { data, goBack } = kept;
      known.delete(to);
      known.set(to, kept);
      await whilePaused(() => {
        data.restore();
        for (const restore of goBack) restore();
      });
    },
  };
}
