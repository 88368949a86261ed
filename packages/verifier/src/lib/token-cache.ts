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

// Characters of the signature's end that serve as the key: 96 bits, which two signatures share by accident only.
// Enough for a table; whether it is the same token is decided by comparing all of it.
const KEY_LENGTH = 16;

/** Verified tokens, bounded, the least recently used leaving first. */
export class TokenCache {
  readonly #tokens: LRUCache<string, VerifiedToken>;

  constructor(maxTokens: number) {
    this.#tokens = new LRUCache({ max: maxTokens });
  }

  get(token: string): VerifiedToken | undefined {
    const found = this.#tokens.get(token.slice(-KEY_LENGTH));
    return found !== undefined && found.token === token ? found : undefined;
  }

  add(token: string, claims: CognitoClaims, pool: Pool, key: SigningKey): VerifiedToken {
    // The string at hand may be a part of a larger header, which it would keep in memory.
    const verified = { token: detach(token), claims, pool, key };
    this.#tokens.set(verified.token.slice(-KEY_LENGTH), verified);
    return verified;
  }

  delete(token: string): void {
    this.#tokens.delete(token.slice(-KEY_LENGTH));
  }
}
