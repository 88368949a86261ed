import { LRUCache } from 'lru-cache';
import { quote, VerifierError } from '../errors.js';
import type { FetchLike } from '../options.js';
import { fetchKeys } from './fetch-keys.js';
import type { SigningKey } from './signing-key.js';

/** Where the verifier gets a key from. */
export interface KeySource {
  /**
   * Whether the keys at hand may be used without waiting. May start a fetch in the background. While it says yes,
   * {@link peek} is right.
   */
  ready(nowMs: number): boolean;
  /** The key at hand, if there is one. */
  peek(kid: string): SigningKey | undefined;
  /** The key, fetched if need be. Throws `key_unknown` or `keys_unavailable`. */
  find(kid: string): Promise<SigningKey>;
  /** Makes sure that there are fresh keys. Throws `keys_unavailable`. */
  hydrate(): Promise<void>;
}

/** Settled {@link KeyOptions}. */
export interface KeySettings {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly refreshAfterMs: number;
  readonly expireAfterMs: number;
  readonly maxStaleMs: number;
  readonly minFetchIntervalMs: number;
  readonly unknownKidTtlMs: number;
  readonly maxUnknownKids: number;
  readonly fetch: FetchLike;
  readonly now: () => number;
}

interface UnknownKid {
  readonly lookUpAgainAtMs: number;
  readonly waitMs: number;
}

// Whoever waits for a fetch is held in memory with the token, some 4 kB. Without a bound, a flood of forged key ids at an
// endpoint that hangs would hold as much as arrives within the time-out.
const MAX_WAITING = 10_000;

/** The keys behind one URL. */
export class RemoteKeySet implements KeySource {
  readonly #url: string;
  readonly #settings: KeySettings;
  /** Made when the first one comes: it takes its whole room at once, and most pools never see any. */
  #unknown: LRUCache<string, UnknownKid> | undefined;
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  /** When the fetch that brought the keys began; there are no keys while it is `undefined`. */
  #fetchedAtMs: number | undefined;
  #attemptedAtMs: number | undefined;
  /** Of the last attempt that ended, if it failed. */
  #lastFailure: unknown;
  #failedAtMs: number | undefined;
  #inFlight: Promise<void> | undefined;
  /** How many callers the fetch under way keeps. */
  #waiting = 0;

  constructor(url: string, settings: KeySettings) {
    this.#url = url;
    this.#settings = settings;
  }

  ready(nowMs: number): boolean {
    const { refreshAfterMs, expireAfterMs, maxStaleMs } = this.#settings;
    const ageMs = elapsedMs(this.#fetchedAtMs, nowMs);
    if (!(ageMs < maxStaleMs)) return false;
    if (ageMs < refreshAfterMs) return true;
    if (this.#inFlight === undefined && this.#mayAttempt(nowMs)) {
      // Whoever needs the outcome waits for the same fetch and sees its error there.
      this.#attempt(nowMs).catch(() => {});
    }
    // Once a fetch has failed, expired keys serve while the next ones are under way: an endpoint that hangs would
    // otherwise keep everybody waiting for as long as the outage lasts.
    return ageMs < expireAfterMs || this.#failedRecently(nowMs);
  }

  peek(kid: string): SigningKey | undefined {
    return this.#keys.get(kid);
  }

  async find(kid: string): Promise<SigningKey> {
    const nowMs = this.#settings.now();
    let outage: unknown;
    if (!this.ready(nowMs)) {
      try {
        await this.#fetch(nowMs);
      } catch (error) {
        if (!this.#isUsable()) throw error;
        outage = error;
      }
    } else if (!this.#keys.has(kid)) {
      this.#refuseRememberedKid(kid, nowMs);
      await this.#fetch(nowMs);
    }
    const key = this.#keys.get(kid);
    if (key !== undefined) return key;
    // The keys at hand are old ones. That this one is not among them says nothing.
    if (outage !== undefined) throw outage;
    this.#rememberUnknownKid(kid);
    throw this.#unknownKid(kid);
  }

  async hydrate(): Promise<void> {
    const nowMs = this.#settings.now();
    if (elapsedMs(this.#fetchedAtMs, nowMs) < this.#settings.refreshAfterMs) return;
    // The application asked, not a token: the least interval between fetches does not apply.
    await (this.#inFlight ?? this.#attempt(nowMs));
  }

  /** Joins the fetch under way or starts one, unless the last one is too recent. */
  async #fetch(nowMs: number): Promise<void> {
    if (this.#inFlight !== undefined || this.#mayAttempt(nowMs)) {
      if (this.#waiting >= MAX_WAITING) throw this.#crowded(nowMs);
      this.#waiting++;
      try {
        await (this.#inFlight ?? this.#attempt(nowMs));
      } finally {
        this.#waiting--;
      }
    } else if (this.#lastFailure !== undefined) {
      // The failure of a fetch this recent is as good as that of a new one. So are its keys.
      throw this.#unavailable(nowMs);
    }
  }

  #attempt(nowMs: number): Promise<void> {
    const { fetch, timeoutMs, maxBytes } = this.#settings;
    this.#attemptedAtMs = nowMs;
    const attempt = fetchKeys(this.#url, fetch, timeoutMs, maxBytes).then(
      (keys) => {
        this.#inFlight = undefined;
        this.#lastFailure = undefined;
        this.#failedAtMs = undefined;
        this.#fetchedAtMs = nowMs;
        this.#replaceKeys(keys);
      },
      (error: unknown) => {
        this.#inFlight = undefined;
        this.#lastFailure = error;
        this.#failedAtMs = this.#settings.now();
        throw this.#unavailable(this.#failedAtMs);
      },
    );
    this.#inFlight = attempt;
    return attempt;
  }

  /** A key that stays keeps its identity, so that what was verified with it stays verified; one that goes is marked. */
  #replaceKeys(fetched: Map<string, SigningKey>): void {
    for (const [kid, old] of this.#keys) {
      if (fetched.get(kid)?.material === old.material) fetched.set(kid, old);
      else old.active = false;
    }
    this.#keys = fetched;
  }

  #mayAttempt(nowMs: number): boolean {
    return elapsedMs(this.#attemptedAtMs, nowMs) >= this.#settings.minFetchIntervalMs;
  }

  /**
   * Whether the last attempt failed, and not so long ago that the endpoint may well be back: for as long as keys count
   * as fresh, and one fetch more, so that the next failure follows before this one is forgotten.
   */
  #failedRecently(nowMs: number): boolean {
    const { refreshAfterMs, timeoutMs } = this.#settings;
    return elapsedMs(this.#failedAtMs, nowMs) < refreshAfterMs + timeoutMs;
  }

  #isUsable(): boolean {
    return elapsedMs(this.#fetchedAtMs, this.#settings.now()) < this.#settings.maxStaleMs;
  }

  #refuseRememberedKid(kid: string, nowMs: number): void {
    const remembered = this.#unknown?.get(kid);
    if (remembered === undefined || remembered.lookUpAgainAtMs <= nowMs) return;
    // A clock that was set back must not keep a key out.
    if (remembered.lookUpAgainAtMs - nowMs > remembered.waitMs) return;
    throw this.#unknownKid(kid);
  }

  /**
   * Counts from the last fetch, in which the key was not there. The key may have come just after it, so the next
   * look-up is soon; each further one waits longer.
   */
  #rememberUnknownKid(kid: string): void {
    const { minFetchIntervalMs, unknownKidTtlMs, maxUnknownKids } = this.#settings;
    this.#unknown ??= new LRUCache({ max: maxUnknownKids });
    const attemptedAtMs = this.#attemptedAtMs ?? 0;
    const before = this.#unknown.get(kid);
    if (before !== undefined && before.lookUpAgainAtMs > attemptedAtMs) return;
    const waitMs = Math.min(before === undefined ? minFetchIntervalMs : before.waitMs * 2, unknownKidTtlMs);
    this.#unknown.set(kid, { lookUpAgainAtMs: attemptedAtMs + waitMs, waitMs });
  }

  #unknownKid(kid: string): VerifierError {
    return new VerifierError('key_unknown', `the key set at ${this.#url} has no key ${quote(kid)}`, {
      expected: [...this.#keys.keys()],
      actual: kid,
    });
  }

  #unavailable(nowMs: number): VerifierError {
    const retryAfterS = this.#retryAfterS(nowMs);
    const message = `the keys at ${this.#url} cannot be had just now; the next attempt is in ${retryAfterS} s`;
    return new VerifierError('keys_unavailable', message, { retryAfterS, cause: this.#lastFailure });
  }

  #crowded(nowMs: number): VerifierError {
    const message = `the keys at ${this.#url} are being fetched, and ${MAX_WAITING} callers wait for them already`;
    const retryAfterS = this.#retryAfterS(nowMs);
    return new VerifierError('keys_unavailable', message, { retryAfterS, cause: this.#lastFailure });
  }

  #retryAfterS(nowMs: number): number {
    const waitMs = this.#settings.minFetchIntervalMs - elapsedMs(this.#attemptedAtMs, nowMs);
    return Math.max(1, Math.ceil(waitMs / 1_000));
  }
}

/** Keys given by hand: always fresh, never fetched. */
export class StaticKeySet implements KeySource {
  readonly #keys: ReadonlyMap<string, SigningKey>;

  constructor(keys: ReadonlyMap<string, SigningKey>) {
    this.#keys = keys;
  }

  ready(): boolean {
    return true;
  }

  peek(kid: string): SigningKey | undefined {
    return this.#keys.get(kid);
  }

  async find(kid: string): Promise<SigningKey> {
    const key = this.#keys.get(kid);
    if (key !== undefined) return key;
    throw new VerifierError('key_unknown', `"jwks" has no key ${quote(kid)}`, {
      expected: [...this.#keys.keys()],
      actual: kid,
    });
  }

  async hydrate(): Promise<void> {}
}

/** A clock that was set back makes everything old, never young for longer. */
function elapsedMs(sinceMs: number | undefined, nowMs: number): number {
  if (sinceMs === undefined || nowMs < sinceMs) return Number.POSITIVE_INFINITY;
  return nowMs - sinceMs;
}
