import { type CognitoClaims, createVerifier, type Verifier, VerifierError } from '@cognest/verifier';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { type CognitoUser, userOf } from '../policy/cognito-user.js';
import { evaluatePolicy } from '../policy/evaluate-policy.js';
import type { Policy } from '../policy/policy.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { readBearer } from './bearer.js';
import type { Carrier } from './carrier.js';
import { type Refusal, refusalOfPolicy, refusalOfToken } from './refusal.js';

/** What came of a request: who it is, or why not. */
export type Decision =
  | { readonly admitted: true; readonly user: CognitoUser; readonly token: string }
  | { readonly admitted: false; readonly refusal: Refusal };

/** How often an outage of the key endpoint is logged at most. */
const OUTAGE_LOG_INTERVAL_MS = 10_000;

/**
 * Decides who is let in, for every transport: extract, verify, evaluate the policy. Knows nothing of requests,
 * responses or Nest's contexts.
 */
@Injectable()
export class CognitoAuthenticator {
  readonly #verifier: Verifier;
  readonly #clockToleranceS: number;
  readonly #now: () => number;
  readonly #logger = new Logger(CognitoAuthenticator.name);
  #outageLoggedAtMs = Number.NEGATIVE_INFINITY;

  constructor(@Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions) {
    // Both kinds of token are verified; which of them a route takes is part of its policy.
    this.#verifier = createVerifier(options.verifier);
    this.#clockToleranceS = options.clockToleranceS;
    this.#now = options.verifier.now ?? Date.now;
  }

  /** The decision, whatever it takes. Throws only for faults of the application. */
  async authenticate(carrier: Carrier, policy: Policy): Promise<Decision> {
    const token = readBearer(carrier.authorization);
    if (typeof token !== 'string') return { admitted: false, refusal: token };
    let claims: CognitoClaims;
    try {
      claims = await this.#verifier.verify(token);
    } catch (error) {
      return { admitted: false, refusal: this.#refusalOf(error) };
    }
    return this.decide(userOf(claims), token, policy);
  }

  /** The decision where it can be had at once: no usable credential, or a token verified before. Else `undefined`. */
  authenticateCached(carrier: Carrier, policy: Policy): Decision | undefined {
    const token = readBearer(carrier.authorization);
    if (typeof token !== 'string') return { admitted: false, refusal: token };
    const claims = this.#verifier.verifyCached(token);
    return claims && this.decide(userOf(claims), token, policy);
  }

  /** The decision about a user whose token has been verified. */
  decide(user: CognitoUser, token: string, policy: Policy): Decision {
    const verdict = evaluatePolicy(policy, user, {
      nowMs: this.#now(),
      clockToleranceS: this.#clockToleranceS,
    });
    return verdict.allowed
      ? { admitted: true, user, token }
      : { admitted: false, refusal: refusalOfPolicy(policy, verdict.failed) };
  }

  #refusalOf(error: unknown): Refusal {
    if (!(error instanceof VerifierError) || error.kind === 'fault' || error.kind === 'config') throw error;
    if (error.kind === 'outage' && this.#now() - this.#outageLoggedAtMs >= OUTAGE_LOG_INTERVAL_MS) {
      this.#outageLoggedAtMs = this.#now();
      this.#logger.error(`Tokens cannot be checked: ${error.message}`);
    }
    // What the answer does not tell a stranger: which check failed. Never the token.
    this.#logger.debug(`Token refused (${error.code}): ${error.message}`);
    return refusalOfToken(error);
  }
}
