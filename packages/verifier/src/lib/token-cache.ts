import { LRUCache } from 'lru-cache';
import type { CognitoClaims } from '../claims.js';
import type { Pool } from './pool.js';
import { detach } from './scratch.js';
import type { SigningKey } from './signing-key.js';

/** A token that was verified, and what has to be looked at again each time it comes back. */
export interface VerifiedToken {
  readonly token: string;
  readonly claims: CognitoClaims;
  readonly pool: Pool;
  readonly key: SigningKey;
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

/** Verified tokens, bounded, the least recently used leaving first. */
export class TokenCache {
  readonly #tokens: LRUCache<number, VerifiedToken>;

  readonly #copyTokens: boolean;

  constructor(maxTokens: number, copyTokens: boolean) {
    this.#copyTokens = copyTokens;
    this.#tokens = new LRUCache({ max: maxTokens });
  }

  get(token: string): VerifiedToken | undefined {
    const found = this.#tokens.get(keyOf(token));
    return found !== undefined && found.token === token ? found : undefined;
  }

  add(token: string, claims: CognitoClaims, pool: Pool, key: SigningKey): VerifiedToken {
    // The string at hand may be a part of a larger header, which it would keep in memory.
    const verified = { token: this.#copyTokens ? detach(token) : token, claims, pool, key };
    this.#tokens.set(keyOf(token), verified);
    return verified;
  }

  delete(token: string): void {
    this.#tokens.delete(keyOf(token));
  }
}
