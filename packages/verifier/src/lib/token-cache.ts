import { LRUCache } from 'lru-cache';
import type { CognitoClaims } from '../claims.js';
import type { RememberedToken } from '../options.js';
import type { Pool } from './pool.js';
import { detach } from './scratch.js';
import type { SigningKey } from './signing-key.js';

/** A token that was verified, and what has to be looked at again each time it comes back. */
export interface VerifiedToken {
  readonly token: string;
  readonly claims: CognitoClaims;
  readonly pool: Pool;
  readonly key: SigningKey;
  /** What its owner sees of it. */
  readonly remembered: RememberedToken<CognitoClaims>;
  /** How many tokens had been added when it was last marked as used. */
  usedAt: number;
}

class Remembered implements RememberedToken {
  readonly claims: CognitoClaims;
  note: unknown = undefined;
  readonly #token: string;

  constructor(claims: CognitoClaims, token: string) {
    this.claims = claims;
    this.#token = token;
  }

  get token(): string {
    return this.#token;
  }
}

// Characters of the signature's end that the key is made of.
const KEY_LENGTH = 12;

/**
 * A whole number of 32 bits (FNV-1a), which costs a table less than a string. Two tokens that share one push each other
 * out; whether it is the same token is decided by comparing all of it.
 */
function keyOf(token: string): number {
  let key = 0x811c9dc5;
  for (let at = Math.max(0, token.length - KEY_LENGTH); at < token.length; at++) {
    key = Math.imul(key ^ token.charCodeAt(at), 0x01000193);
  }
  return key;
}

// A token is marked as used once in so many additions, as a part of all that are kept: marking touches some ten places in
// memory, and what is looked for is who has not been used for long.
const MARKED_PER_TURN = 8;

/** Verified tokens, bounded, the least recently used leaving first. */
export class TokenCache {
  readonly #tokens: LRUCache<number, VerifiedToken>;
  readonly #copyTokens: boolean;
  readonly #markEvery: number;
  #added = 0;

  constructor(maxTokens: number, copyTokens: boolean) {
    this.#copyTokens = copyTokens;
    this.#markEvery = Math.floor(maxTokens / MARKED_PER_TURN);
    this.#tokens = new LRUCache({ max: maxTokens });
  }

  get(token: string): VerifiedToken | undefined {
    const key = keyOf(token);
    const found = this.#tokens.peek(key);
    if (found === undefined || found.token !== token) return undefined;
    if (this.#added - found.usedAt >= this.#markEvery) {
      found.usedAt = this.#added;
      this.#tokens.get(key);
    }
    return found;
  }

  add(token: string, claims: CognitoClaims, pool: Pool, key: SigningKey): VerifiedToken {
    this.#added += 1;
    // The string at hand may be a part of a larger header, which it would keep in memory.
    const kept = this.#copyTokens ? detach(token) : token;
    const remembered = new Remembered(claims, kept);
    const verified = { token: kept, claims, pool, key, remembered, usedAt: this.#added };
    this.#tokens.set(keyOf(kept), verified);
    return verified;
  }

  delete(token: string): void {
    this.#tokens.delete(keyOf(token));
  }
}
