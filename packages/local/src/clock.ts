/** Where the time comes from. Injected, so that a test sees a token expire without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #nowMs: number;

  /** @param startMs Milliseconds since the epoch. Default: the time of the call. */
  constructor(startMs: number = Date.now()) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Moves the time forward (or back, when negative). */
  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
