import { createHash } from 'node:crypto';

/**
 * Which session a refresh token belongs to, of those that this process has seen being issued: a refresh token is sealed,
 * and does not tell. Holds digests, never tokens; bounded, the oldest leaving first.
 */
export class IssuedSessions {
  readonly #sessions = new Map<string, string>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(refreshToken: string, originJti: string): void {
    const key = digest(refreshToken);
    this.#sessions.delete(key);
    if (this.#sessions.size >= this.#maxEntries) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    this.#sessions.set(key, originJti);
  }

  /** The `origin_jti` of the session, if it is known. */
  of(refreshToken: string): string | undefined {
    return this.#sessions.get(digest(refreshToken));
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
