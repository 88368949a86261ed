import { type CognitoClaims, userPoolIdOf } from './claims.js';
import {
  configInvalid,
  MAX_ENTRIES,
  readingOptions,
  refuseUnknownOptions,
  wholeNumber,
} from './lib/check-options.js';
import { readClock } from './lib/clock.js';

/** Knows which tokens are no longer good although they have not expired. */
export interface Revocations {
  /**
   * Whether a token is revoked. Called with verified claims on every request, so it answers at once, from memory. What
   * it throws, and any answer but `false`, refuses the token.
   */
  isRevoked(claims: CognitoClaims): boolean;
}

/** {@link Revocations} that are told what to revoke. */
export interface RevocationList extends Revocations {
  /** Revokes one token, by its `jti`. */
  revokeToken(jti: string): void;
  /** Revokes all tokens that descend from one sign-in, by their `origin_jti`. */
  revokeSession(originJti: string): void;
  /**
   * Revokes all tokens of a user (or machine), by their `sub`, that were issued before an instant, in milliseconds since
   * 1970; by default before now. Tokens tell their second only, so one of the very second of the instant goes too.
   *
   * The instant is compared with `iat` as it stands, which is of AWS's clock; a verifier's `clockToleranceS` has no
   * part in it. Where this clock may be behind, give `Date.now() + 5_000`: a sign-in of these 5 seconds is then
   * refused, too.
   *
   * @throws {VerifierError} `config_invalid` when the instant is more than 5 minutes ahead of now, or so early that it
   *   must have been meant as seconds: such an entry would shut out for years, or revoke nothing.
   */
  revokeUser(sub: string, issuedBeforeMs?: number): void;
  /**
   * Revokes all tokens that name a group of a pool and were issued before an instant, by default before now: what is to
   * be done when the group is deleted, or when what its members may do is not to wait for their next refresh. The
   * instant is that of {@link revokeUser}. A refresh gives a token with the groups of that time.
   *
   * @param userPoolId - a group's name is its pool's own; that of another pool is another group.
   * @param groupName - exactly, case and all.
   * @throws {VerifierError} `config_invalid` for what is no pool's id, an empty name, or an instant as of `revokeUser`.
   */
  revokeGroup(userPoolId: string, groupName: string, issuedBeforeMs?: number): void;
}

/** Options of {@link createRevocations}. */
export interface RevocationOptions {
  /** How many tokens, sessions, users and groups are remembered. Default 100_000 of each, at most 16_777_216. */
  maxEntries?: number | undefined;
  /** How long each is remembered. Default 90_000: the longest life of an access or ID token is a day, and an hour to spare. */
  ttlS?: number | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/**
 * Revocations in this process's memory, bounded, and forgotten by themselves once the tokens have expired.
 *
 * It never forgets a revocation that still matters: when it is full, the oldest entry makes room, and from then on
 * everybody's tokens from before that entry was made are refused. Their owners get new ones with a refresh.
 *
 * @throws {VerifierError} `config_invalid` when an option is unusable.
 */
export function createRevocations(options: RevocationOptions = {}): RevocationList {
  return readingOptions('options', () => {
    refuseUnknownOptions('options', options, ['maxEntries', 'ttlS', 'now']);
    const { maxEntries, ttlS, now } = options;
    if (now !== undefined && typeof now !== 'function') throw configInvalid('now', 'a function', now);
    return new MemoryRevocations(
      wholeNumber('maxEntries', maxEntries, 100_000, 1, MAX_ENTRIES),
      wholeNumber('ttlS', ttlS, 90_000, 1, 2_147_483_647) * 1_000,
      readClock(now),
    );
  });
}

// How far our clock may be behind whoever names an instant.
const MAX_AHEAD_MS = 300_000;
// In 1973. Any date of these decades is later in milliseconds, and earlier in seconds.
const MIN_INSTANT_MS = 100_000_000_000;
const POOL_ID = /^[a-z\d-]+_[0-9A-Za-z]+$/;

interface Entry {
  /** Tokens issued before this are revoked. */
  readonly issuedBeforeMs: number;
  /** When the entry was made. */
  readonly madeAtMs: number;
}

class MemoryRevocations implements RevocationList {
  readonly #tokens = new Map<string, Entry>();
  readonly #sessions = new Map<string, Entry>();
  readonly #users = new Map<string, Entry>();
  readonly #groups = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #ttlMs: number;
  readonly #now: () => number;
  /** Stands for all entries that had to make room. */
  #allIssuedBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(maxEntries: number, ttlMs: number, now: () => number) {
    this.#maxEntries = maxEntries;
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  revokeToken(jti: string): void {
    this.#add(this.#tokens, 'jti', jti, Number.POSITIVE_INFINITY);
  }

  revokeSession(originJti: string): void {
    this.#add(this.#sessions, 'originJti', originJti, Number.POSITIVE_INFINITY);
  }

  revokeUser(sub: string, issuedBeforeMs?: number): void {
    this.#addUntil(this.#users, 'sub', sub, issuedBeforeMs);
  }

  revokeGroup(userPoolId: string, groupName: string, issuedBeforeMs?: number): void {
    if (typeof userPoolId !== 'string' || !POOL_ID.test(userPoolId)) {
      throw configInvalid('userPoolId', 'a pool id, as "<region>_<id>"', userPoolId);
    }
    if (typeof groupName !== 'string' || groupName === '') {
      throw configInvalid('groupName', 'a non-empty string', groupName);
    }
    this.#addUntil(this.#groups, 'groupName', groupKey(userPoolId, groupName), issuedBeforeMs);
  }

  isRevoked(claims: CognitoClaims): boolean {
    const issuedAtMs = claims.iat * 1_000;
    if (issuedAtMs < this.#allIssuedBeforeMs) return true;
    const { jti, origin_jti: originJti, sub } = claims;
    return (
      (jti !== undefined && this.#covers(this.#tokens.get(jti), issuedAtMs)) ||
      (originJti !== undefined && this.#covers(this.#sessions.get(originJti), issuedAtMs)) ||
      this.#covers(this.#users.get(sub), issuedAtMs) ||
      (this.#groups.size > 0 && this.#namesGroup(claims, issuedAtMs))
    );
  }

  #namesGroup(claims: CognitoClaims, issuedAtMs: number): boolean {
    const groups = claims['cognito:groups'];
    if (groups === undefined) return false;
    const userPoolId = userPoolIdOf(claims);
    return groups.some((name) => this.#covers(this.#groups.get(groupKey(userPoolId, name)), issuedAtMs));
  }

  #covers(entry: Entry | undefined, issuedAtMs: number): boolean {
    // Most entries leave when others are added. That must not decide how long one holds.
    return entry !== undefined && issuedAtMs < entry.issuedBeforeMs && this.#now() < this.#endMs(entry);
  }

  #endMs(entry: Entry): number {
    return entry.madeAtMs + this.#ttlMs;
  }

  /** Adds what is over for tokens from before an instant. One that was later before stays so. */
  #addUntil(entries: Map<string, Entry>, name: string, id: string, issuedBeforeMs: number | undefined): void {
    const nowMs = this.#now();
    const instantMs = issuedBeforeMs ?? nowMs;
    if (!(instantMs >= Math.min(MIN_INSTANT_MS, nowMs) && instantMs <= nowMs + MAX_AHEAD_MS)) {
      const expected = 'milliseconds since 1970, at most 5 minutes ahead of now';
      throw configInvalid('issuedBeforeMs', expected, issuedBeforeMs);
    }
    const before = entries.get(id)?.issuedBeforeMs ?? instantMs;
    this.#add(entries, name, id, Math.max(before, instantMs));
  }

  #add(entries: Map<string, Entry>, name: string, id: string, issuedBeforeMs: number): void {
    if (typeof id !== 'string' || id === '') throw configInvalid(name, 'a non-empty string', id);
    const nowMs = this.#now();
    entries.delete(id);
    // Oldest first: they stand in the order in which they were made.
    for (const [oldId, old] of entries) {
      const expired = this.#endMs(old) <= nowMs;
      if (!expired && entries.size < this.#maxEntries) break;
      entries.delete(oldId);
      if (expired) continue;
      const until = Number.isFinite(old.issuedBeforeMs) ? old.issuedBeforeMs : old.madeAtMs;
      this.#allIssuedBeforeMs = Math.max(this.#allIssuedBeforeMs, until);
    }
    entries.set(id, {
      issuedBeforeMs,
      madeAtMs: Math.max(nowMs, Number.isFinite(issuedBeforeMs) ? issuedBeforeMs : nowMs),
    });
  }
}

function groupKey(userPoolId: string, groupName: string): string {
  // No pool's id has a colon.
  return `${userPoolId}:${groupName}`;
}
