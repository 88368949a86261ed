import { VerifierError } from '../errors.js';

/** The clock of the options, or the system's. One that throws or tells no time is a fault of its own, not of a token. */
export function readClock(now: (() => number) | undefined): () => number {
  if (now === undefined) return Date.now;
  return () => {
    let nowMs: unknown;
    try {
      nowMs = now();
    } catch (cause) {
      throw new VerifierError('check_failed', '"now" threw', { cause });
    }
    if (typeof nowMs === 'number' && Number.isFinite(nowMs)) return nowMs;
    const expected = 'milliseconds since 1970';
    throw new VerifierError('check_failed', `"now" must answer ${expected}`, { expected, actual: nowMs });
  };
}
