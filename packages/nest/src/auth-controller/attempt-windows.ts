/**
 * Into how many parts the time of a limit is cut. What has happened counts for as long as the limit says, and for one
 * part longer at most.
 */
export const PARTS = 4;

/** Whose attempts are counted, and how many there may be. */
export interface Counter {
  readonly key: string;
  readonly limit: number;
  /** What the time of the limit is cut into. */
  readonly partMs: number;
}

/** How far the clocks of an app's instances may be apart: for so long the storage keeps what is over. */
const CLOCKS_APART_MS = 60_000;

/**
 * So many parts of time on end that every span as long as the limit's lies in one of them whole. A storage which only
 * ever counts up, and whose own spans begin when it likes, cannot say what happened in the last quarter of an hour; but
 * where each attempt is counted in every window that it belongs to, and each of these has room for it, no span has more.
 */
export interface AttemptWindow {
  /** The last of its parts, counted from the epoch. */
  readonly part: number;
  readonly startsMs: number;
  /** How long the storage keeps it. */
  readonly keepMs: number;
}

/** The length of a part, in milliseconds. */
export function partMsOf(ttlMs: number): number {
  return Math.ceil(ttlMs / PARTS);
}

/** The windows that what happens now belongs to, the one that ends first in front. */
export function windowsNow(partMs: number, nowMs: number): AttemptWindow[] {
  return windowsLeft(Math.floor(nowMs / partMs), partMs, nowMs);
}

/** The windows, of those that what happened in a part belongs to, that are not over. */
export function windowsLeft(part: number, partMs: number, nowMs: number): AttemptWindow[] {
  const windows: AttemptWindow[] = [];
  for (let each = Math.max(part, Math.floor(nowMs / partMs)); each <= part + PARTS; each++) {
    windows.push({
      part: each,
      startsMs: each * partMs,
      keepMs: (each + 1) * partMs - nowMs + CLOCKS_APART_MS,
    });
  }
  return windows;
}

/**
 * When there is room again.
 *
 * @param isFull - which of the windows of now are; what belongs to a later one belongs to an earlier one as well.
 */
export function roomAtMs(
  windows: readonly AttemptWindow[],
  partMs: number,
  isFull: (window: AttemptWindow) => boolean,
): number {
  const free = windows.find((window) => !isFull(window));
  return free?.startsMs ?? (windows.at(-1)?.startsMs ?? 0) + partMs;
}
