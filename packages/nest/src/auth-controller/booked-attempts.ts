import {
  type AttemptWindow,
  type Counter,
  PARTS,
  roomAtMs,
  windowsLeft,
  windowsNow,
} from './attempt-windows.js';
import { attemptsExceeded } from './attempts-exceeded.js';
import { NO_LIMIT, type ThrottlerStorage } from './throttler-storage.js';

/** What a sign-in by choice has taken of what may be sent, in names that say nothing of whose it is. */
export type TakenAttempts = readonly {
  readonly key: string;
  /** In which part of time. */
  readonly part: number;
  readonly partMs: number;
}[];

/** What this instance has heard of a key. */
interface Heard {
  /** How many attempts were taken, as far as this instance took some, by the part in which a window ends. */
  readonly totals: Map<number, number>;
  /** How many were given back. Both only ever grow. */
  readonly backs: Map<number, number>;
  /** Until when there is no room, as far as is known here, and when there will be. */
  full: { readonly untilMs: number; readonly roomMs: number } | undefined;
}

/** How long it is believed that there is no room: another instance may have given something back. */
const FULL_FOR_MS = 1000;

const MAX_HEARD = 10_000;

type Totals = ReadonlyMap<number, number>;

/**
 * Attempts that are counted before they are made, and may be given back; exactly so over all instances of an app that
 * share a storage. That only counts up. So there are two counts for each window, of what was taken and of what was given
 * back; whoever takes too much gives it back at once, and hears in this way what all the others gave back. An attempt is
 * made where what was taken, this one included, less what was given back before is within the limit: never more.
 */
export class BookedAttempts {
  readonly #storage: ThrottlerStorage;
  readonly #heard = new Map<string, Heard>();

  constructor(storage: ThrottlerStorage) {
    this.#storage = storage;
  }

  /**
   * Takes one attempt of each counter, or of none.
   *
   * @throws {ProblemException} 429 `attempts_exceeded`
   */
  async take(counters: readonly Counter[]): Promise<TakenAttempts> {
    const taken: TakenAttempts[number][] = [];
    try {
      for (const counter of counters) taken.push(await this.#takeOne(counter));
      return taken;
    } catch (error) {
      await this.giveBack(taken);
      throw error;
    }
  }

  /** Takes attempts off the count, once each. */
  async giveBack(taken: TakenAttempts): Promise<void> {
    const nowMs = Date.now();
    await Promise.all(
      taken.map(async ({ key, part, partMs }) => {
        // Sealed by another version of this package, it may be something else.
        if (!Number.isSafeInteger(part) || !Number.isSafeInteger(partMs)) return;
        await this.#count(key, ':back', windowsLeft(part, partMs, nowMs));
        this.#about(key).full = undefined;
      }),
    );
  }

  async #takeOne({ key, limit, partMs }: Counter): Promise<TakenAttempts[number]> {
    const heard = this.#about(key);
    const startMs = Date.now();
    // Or whoever goes on asking would fill the storage.
    if (heard.full !== undefined && heard.full.untilMs > startMs) {
      throw attemptsExceeded(heard.full.roomMs - startMs);
    }
    // Once more for each of the two steps that did not know what others have given back.
    for (let tries = 3; ; tries--) {
      const nowMs = Date.now();
      const windows = windowsNow(partMs, nowMs);
      // As of before: what is given back meanwhile may have been taken after this one.
      const before = new Map(heard.backs);
      const hasRoom = (totals: Totals) =>
        [...totals].every(([part, total]) => total - (before.get(part) ?? 0) <= limit);
      // What has no room in the first must not be in the way of others in the next, not for a moment either.
      let counted = windows.slice(0, 1);
      let fits = hasRoom(await this.#count(key, '', counted));
      if (fits) {
        fits = hasRoom(await this.#count(key, '', windows.slice(1)));
        counted = windows;
      }
      if (fits) return { key, part: windows[0]?.part ?? 0, partMs };
      await this.#count(key, ':back', counted);
      // This one is among what was given back.
      const isFull = ({ part }: AttemptWindow) =>
        (heard.totals.get(part) ?? 0) - (heard.backs.get(part) ?? 0) >= limit;
      if (tries > 1 && !counted.some(isFull)) continue;
      const roomMs = Math.max(roomAtMs(windows, partMs, isFull), nowMs + 1);
      heard.full = { untilMs: Math.min(roomMs, nowMs + FULL_FOR_MS), roomMs };
      throw attemptsExceeded(roomMs - nowMs);
    }
  }

  async #count(key: string, which: '' | ':back', windows: readonly AttemptWindow[]): Promise<Totals> {
    const counted = windows.map(async ({ part, keepMs }) => {
      const name = `${key}:${part}${which}`;
      const { totalHits } = await this.#storage.increment(name, keepMs, NO_LIMIT, keepMs, 'cognest');
      return [part, totalHits] as const;
    });
    const totals = new Map(await Promise.all(counted));
    const heard = this.#about(key);
    const kept = which === '' ? heard.totals : heard.backs;
    // Answers may overtake each other.
    for (const [part, total] of totals) kept.set(part, Math.max(kept.get(part) ?? 0, total));
    const over = (windows[0]?.part ?? 0) - PARTS;
    for (const part of kept.keys()) if (part < over) kept.delete(part);
    return totals;
  }

  /** A key more makes the longest unused one forgotten: what it has given back is heard again at need. */
  #about(key: string): Heard {
    const heard = this.#heard.get(key) ?? {
      totals: new Map<number, number>(),
      backs: new Map<number, number>(),
      full: undefined,
    };
    this.#heard.delete(key);
    this.#heard.set(key, heard);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MAX_HEARD) break;
      this.#heard.delete(oldest);
    }
    return heard;
  }
}
