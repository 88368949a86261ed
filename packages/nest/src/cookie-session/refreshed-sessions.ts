import { createHash } from 'node:crypto';
import type { SignedIn } from '../services/auth/auth-types.js';

/** How long an answer is given again. As long as tabs of one browser may lag behind each other. */
const REUSE_MS = 10_000;
const MAX_REMEMBERED = 1000;

interface Remembered {
  readonly result: Promise<SignedIn>;
  /** Digest of the refresh token that came out of it. */
  successor?: string;
  untilMs: number;
}

/**
 * Refreshes a session once however many tabs ask. A client that rotates refresh tokens takes each of them one time
 * only, and every tab of a browser has the same: those that ask together, and those that are a little late, get what
 * the first one got.
 *
 * Over several instances of the app, the app client's `RefreshTokenRotation.RetryGracePeriodSeconds` does the same.
 */
export class RefreshedSessions {
  readonly #byToken = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @param refresh - gets new tokens; called only when none were got with the same token just now. */
  async refresh(refreshToken: string, refresh: () => Promise<SignedIn>): Promise<SignedIn> {
    const key = digest(refreshToken);
    const earlier = this.#byToken.get(key);
    if (earlier !== undefined && earlier.untilMs > this.#now()) return earlier.result;

    const remembered: Remembered = { result: refresh(), untilMs: Number.POSITIVE_INFINITY };
    this.#byToken.delete(key);
    this.#byToken.set(key, remembered);
    this.#forget();
    try {
      const result = await remembered.result;
      remembered.untilMs = this.#now() + REUSE_MS;
      if (result.tokens.refreshToken !== undefined) remembered.successor = digest(result.tokens.refreshToken);
      return result;
    } catch (error) {
      // The next one may have more luck.
      if (this.#byToken.get(key) === remembered) this.#byToken.delete(key);
      throw error;
    }
  }

  /** Gives no more answers that end in this token: its session is over. */
  end(refreshToken: string): void {
    const ended = new Set([digest(refreshToken)]);
    // From the newest to the oldest, since what came of a token was asked for after it.
    for (const [key, { successor }] of [...this.#byToken].reverse()) {
      if (successor !== undefined && ended.has(successor)) ended.add(key);
    }
    for (const key of ended) this.#byToken.delete(key);
  }

  #forget(): void {
    const nowMs = this.#now();
    for (const [key, { untilMs }] of this.#byToken) {
      if (untilMs > nowMs && this.#byToken.size <= MAX_REMEMBERED) return;
      this.#byToken.delete(key);
    }
  }
}

/** A token is kept no longer than the answer that it led to: its digest does. */
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
