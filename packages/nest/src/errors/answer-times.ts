import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long an answer of AWS's takes at least: what is found out at once, that there is no such user, mostly takes less
 * than sending a message, as long as nothing is known of how long that takes here.
 */
export const FLOOR_MS = 300;
/** What takes longer does so for a fault: it must not hold up all that come after it. */
const CEILING_MS = 3_000;
/** In which half of what an answer took beyond the floor is forgotten. */
const HALF_LIFE_MS = 15 * 60_000;

/**
 * Holds answers back until the slowest of late would have come, be they real or made up. Whoever asks for names that do
 * not exist adds quick answers only, and those shorten nothing: only time does.
 */
export class AnswerTimes {
  readonly #floorMs: number;
  readonly #slowest = new Map<string, { readonly tookMs: number; readonly atMs: number }>();

  /** @param floorMs - what an answer takes at least before there is one to go by. */
  constructor(floorMs: number) {
    this.#floorMs = floorMs;
  }

  /** Waits until an answer that has been asked for at `startedAtMs` (`performance.now()`) may be given. */
  async hold(operation: string, startedAtMs: number): Promise<void> {
    const nowMs = performance.now();
    const tookMs = nowMs - startedAtMs;
    const atLeastMs = this.#atLeastMs(operation, nowMs);
    if (tookMs < atLeastMs) {
      // The wait of a timer may end a fraction of a millisecond too soon.
      await sleep(Math.ceil(atLeastMs - tookMs));
      return;
    }
    this.#slowest.set(operation, { tookMs: Math.min(tookMs, CEILING_MS), atMs: nowMs });
  }

  #atLeastMs(operation: string, nowMs: number): number {
    const slowest = this.#slowest.get(operation);
    if (slowest === undefined) return this.#floorMs;
    return this.#floorMs + (slowest.tookMs - this.#floorMs) * 0.5 ** ((nowMs - slowest.atMs) / HALF_LIFE_MS);
  }
}
