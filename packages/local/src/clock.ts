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

/** The time of a running server: that of the clock that it was given, and whatever it was advanced by. */
export interface ServerClock extends Clock {
  /**
   * Moves the time of this server forward, until it is closed.
   *
   * @param by Milliseconds, or a text of numbers with units: `'90s'`, `'1h'`, `'1h 30m'`, `'7d'`.
   * @returns the new time, in milliseconds since the epoch.
   * @throws TypeError when it is neither, not above zero, or leads beyond the start of the year 9999.
   */
  advance(by: number | string): number;
}

/** The year 9999: far from where dates end, since what expires is later still. */
const MAX_TIME_MS = Date.UTC(9999, 0);

export interface MarkedClock extends ServerClock {
  /** Remembers how far the clock was advanced; the returned function puts it back. */
  mark(): () => void;
}

export function createServerClock(base: Clock): MarkedClock {
  let aheadMs = 0;
  const now = () => base.now() + aheadMs;
  return {
    now,
    advance: (by) => {
      const ms = typeof by === 'number' ? by : durationMs(by);
      if (!Number.isFinite(ms) || ms <= 0) {
        throw new TypeError(
          `The clock is advanced by milliseconds above zero or a duration such as "90s", "1h" or "7d", got ${JSON.stringify(by)}.`,
        );
      }
      if (now() + ms > MAX_TIME_MS) {
        const last = new Date(MAX_TIME_MS).toISOString();
        throw new TypeError(`The clock goes to ${last} at most, and ${JSON.stringify(by)} would go further.`);
      }
      aheadMs += Math.round(ms);
      return now();
    },
    mark: () => {
      const then = aheadMs;
      return () => {
        aheadMs = then;
      };
    },
  };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `NaN` for what is no duration. */
function durationMs(text: string): number {
  const parts = text.trim().split(/\s+|(?<=[a-z])(?=\d)/);
  return parts.reduce((total, part) => {
    const [, count, unit] = /^(\d{1,12})(ms|s|m|h|d)$/.exec(part) ?? [];
    return total + Number(count) * (UNIT_MS[unit ?? ''] as number);
  }, 0);
}
