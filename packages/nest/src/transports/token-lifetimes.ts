import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import type { CognitoUser } from '../policy/cognito-user.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import type { Connection } from './transport.js';

/** Why something that was let in ends. */
export type LifetimeEnd = 'token_expired' | 'token_revoked';

interface Watched {
  readonly user: CognitoUser;
  end(why: LifetimeEnd): void;
  isOpen(): boolean;
}

/** How often it is looked for what has to end. One timer for all, since a clock may be set and a list grow. */
const SWEEP_MS = 1_000;

/**
 * Ends what outlives the message that was let in (sockets, streams) when its token expires or is revoked: within a
 * second. The timer runs while something is watched, and keeps no process alive.
 */
@Injectable()
export class TokenLifetimes implements OnApplicationShutdown {
  readonly #watched = new Set<Watched>();
  readonly #tokensOf = new WeakMap<object, Set<string>>();
  readonly #now: () => number;
  readonly #toleranceMs: number;
  readonly #revocations: ResolvedCognitoOptions['revocations'];
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    this.#now = options.verifier.now ?? Date.now;
    this.#toleranceMs = options.clockToleranceS * 1_000;
    this.#revocations = options.revocations;
  }

  /**
   * Calls `end` once, when the user's token is no longer good.
   *
   * @param isOpen - asked of what may be over without a word.
   * @returns what forgets about it.
   */
  watch(user: CognitoUser, end: (why: LifetimeEnd) => void, isOpen = () => true): () => void {
    const watched: Watched = { user, end, isOpen };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    return () => this.#forget(watched);
  }

  /** Ends a connection with a token that came over it. Told again of the same two, it has nothing more to do. */
  endWith(connection: Connection, user: CognitoUser, token: string): void {
    if (!connection.isOpen()) return;
    const tokens = this.#tokensOf.get(connection.key) ?? new Set();
    if (tokens.has(token)) return;
    this.#tokensOf.set(connection.key, tokens.add(token));
    const end = (why: LifetimeEnd) => void connection.end(why);
    connection.onClose(this.watch(user, end, () => connection.isOpen()));
  }

  /** Not before: an app that closes may wait for its connections for long, and their tokens end meanwhile. */
  onApplicationShutdown(): void {
    this.#watched.clear();
    this.#stop();
  }

  #sweep(): void {
    const nowMs = this.#now();
    for (const watched of this.#watched) {
      if (!watched.isOpen()) {
        this.#forget(watched);
        continue;
      }
      const why = this.#whyEnded(watched.user, nowMs);
      if (why === undefined) continue;
      this.#forget(watched);
      watched.end(why);
    }
  }

  #whyEnded({ claims }: CognitoUser, nowMs: number): LifetimeEnd | undefined {
    if (nowMs >= claims.exp * 1_000 + this.#toleranceMs) return 'token_expired';
    if (this.#revocations === undefined) return undefined;
    try {
      // As the verifier takes it: whatever is not a plain no is a yes.
      return this.#revocations.isRevoked(claims) === false ? undefined : 'token_revoked';
    } catch {
      return 'token_revoked';
    }
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
