import type { CognitoClaims } from './claims.js';

/** Knows which tokens are no longer good although they have not expired. */
export interface Revocations {
  /**
   * Whether a token is revoked. Called with verified claims on every request, so it answers at once, from memory. What
   * it throws, and any answer but `false`, refuses the token.
   */
  isRevoked(claims: CognitoClaims): boolean;
}
