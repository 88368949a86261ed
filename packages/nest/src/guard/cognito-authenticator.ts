import {
  type CognitoClaims,
  createVerifier,
  type Verifier,
  VerifierError,
  type VerifierOptions,
} from '@cognest/verifier';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { BoundedLog } from '../errors/bounded-log.js';
import { CognestError } from '../errors/cognest-error.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { buildUser, type CognitoUser } from '../policy/cognito-user.js';
import { evaluatePolicy } from '../policy/evaluate-policy.js';
import type { Policy } from '../policy/policy.js';
import { poolNamesOf } from '../policy/pool-names.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import type { MessageToken } from '../transports/transport.js';
import { isWellFormed, likelyToken, readCredential } from './bearer.js';
import type { Carrier, HttpRequestLike } from './carrier.js';
import { PolicyChecks } from './policy-checks.js';
import {
  CREDENTIALS_MALFORMED,
  CREDENTIALS_MISSING,
  CREDENTIALS_MISSING_ELSEWHERE,
  type Refusal,
  refusalOfPolicy,
  refusalOfToken,
} from './refusal.js';
import type { RequestState } from './request-state.js';
import { carrierReader } from './token-sources.js';

/** A token that was verified, and whose it is: one object for all requests with it. */
export interface Admission {
  readonly admitted: true;
  readonly user: CognitoUser;
  readonly token: string;
  /** The newest state that came of it, so that requests that end alike share one. */
  latest: RequestState | undefined;
}

/** What came of a request: who it is, or why not. */
export type Decision = Admission | { readonly admitted: false; readonly refusal: Refusal };

/** A string of its own: the one at hand may be a part of a large header, which it would keep in memory. */
const detach = (token: string) => Buffer.from(token, 'latin1').toString('latin1');

/** The tokens that are given to the verifier may be kept as they are; the app's own word on that goes first. */
function keepingTokens(cache: VerifierOptions['cache']): VerifierOptions['cache'] {
  const plain = cache === undefined || Object.prototype === Object.getPrototypeOf(cache ?? 0);
  // What else there is, the verifier knows what to say about.
  return plain && cache !== false ? { copyTokens: false, ...cache } : cache;
}

/**
 * Decides who is let in, for every transport: extract, verify, evaluate the policy. Knows nothing of responses,
 * and of Nest's contexts only that a policy's own check wants one.
 */
@Injectable()
export class CognitoAuthenticator {
  readonly #verifier: Verifier;
  readonly #clockToleranceS: number;
  readonly #now: () => number;
  readonly #poolNames: ReadonlyMap<string, string>;
  readonly #checks: PolicyChecks;
  /** Does not send anybody to a header that is not looked at. */
  readonly #missing: Refusal;
  readonly #log = new BoundedLog(CognitoAuthenticator.name);

  /** The credentials of an HTTP request, from the configured sources. */
  readonly carrierOf: (request: HttpRequestLike) => Carrier;
  /** Where the messages of microservices hold their token. */
  readonly messageToken: MessageToken | undefined;

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(PolicyChecks) checks: PolicyChecks,
  ) {
    // Both kinds of token are verified; which of them a route takes is part of its policy.
    this.#verifier = createVerifier(
      options.pools.map((pool) => pool.verifier),
      { ...options.verifier, cache: keepingTokens(options.verifier.cache) },
    );
    this.#clockToleranceS = options.clockToleranceS;
    this.#now = options.verifier.now ?? Date.now;
    this.#poolNames = poolNamesOf(options);
    this.#checks = checks;
    this.carrierOf = carrierReader(options.tokenSources);
    this.messageToken = options.messageToken;
    this.#missing = options.tokenSources.includes('header')
      ? CREDENTIALS_MISSING
      : CREDENTIALS_MISSING_ELSEWHERE;
  }

  /**
   * The decision, whatever it takes. Throws only for faults of the application.
   *
   * @param context - where the policy's own `check` is asked; without one such a policy lets nobody in.
   */
  async authenticate(carrier: Carrier, policy: Policy, context?: ExecutionContext): Promise<Decision> {
    const token = this.#credential(carrier);
    if (typeof token !== 'string') return { admitted: false, refusal: token };
    return this.authenticateToken(detach(token), policy, context);
  }

  /**
   * {@link authenticate} with a credential that {@link authenticateCached} has found to need more.
   *
   * @param token - is kept.
   */
  async authenticateToken(token: string, policy: Policy, context?: ExecutionContext): Promise<Decision> {
    let claims: CognitoClaims;
    try {
      claims = await this.#verifier.verify(token);
    } catch (error) {
      // Looked at only now, since it costs as much as all the rest around the signature.
      const refusal = isWellFormed(token) ? this.#refusalOf(error) : CREDENTIALS_MALFORMED;
      return { admitted: false, refusal };
    }
    const admission = this.#admit(claims, token);
    return this.decide(admission, policy) ?? this.#check(admission, policy, context);
  }

  /**
   * The decision where it can be had at once: no usable credential, or a token verified before; and no `check`. Else the
   * token, for {@link authenticateToken}.
   */
  authenticateCached(carrier: Carrier, policy: Policy): Decision | string {
    const likely = likelyToken(carrier);
    const token = likely ?? this.#credential(carrier);
    if (typeof token !== 'string') return { admitted: false, refusal: token };
    const admission = this.#recall(token);
    const decision = admission && this.decide(admission, policy);
    // The header holds hardly more than the token: as well keep the one as the other.
    return decision ?? likely ?? detach(token);
  }

  /**
   * The decision about a user whose token has been verified, or `undefined` where everything but the policy's own
   * `check` holds: that one is asked by {@link authenticate} alone.
   */
  decide(admission: Admission, policy: Policy): Decision | undefined {
    const verdict = evaluatePolicy(policy, admission.user, {
      nowMs: this.#now(),
      clockToleranceS: this.#clockToleranceS,
    });
    if (!verdict.allowed) return { admitted: false, refusal: refusalOfPolicy(policy, verdict.failed) };
    return policy.check === undefined ? admission : undefined;
  }

  /**
   * Requests outlive young garbage collections, so that whatever hangs on them is dear: this is there once. Not before a
   * token comes back: many never do.
   */
  #recall(token: string): Admission | undefined {
    const remembered = this.#verifier.recall(token);
    if (remembered === undefined) return undefined;
    const known = remembered.note as Admission | undefined;
    if (known !== undefined) return known;
    const admission = this.#admit(remembered.claims, remembered.token);
    remembered.note = admission;
    return admission;
  }

  #admit(claims: CognitoClaims, token: string): Admission {
    return { admitted: true, user: buildUser(claims, this.#poolNames), token, latest: undefined };
  }

  #credential(carrier: Carrier): string | Refusal {
    const token = readCredential(carrier);
    return token === CREDENTIALS_MISSING ? this.#missing : token;
  }

  async #check(
    admission: Admission,
    { check }: Policy,
    context: ExecutionContext | undefined,
  ): Promise<Decision> {
    if (check === undefined || context === undefined) {
      throw new CognestError('config_invalid', 'a policy with a check is asked where there is no handler');
    }
    const refusal = await this.#checks.ask(check, admission.user, context);
    return refusal === undefined ? admission : { admitted: false, refusal };
  }

  #refusalOf(error: unknown): Refusal {
    if (!(error instanceof VerifierError) || error.kind === 'fault' || error.kind === 'config') throw error;
    if (error.kind === 'outage') this.#log.error('outage', `Tokens cannot be checked: ${error.message}`);
    // What the answer does not tell a stranger: which check failed. Never the token.
    this.#log.debug(error.code, `Token refused (${error.code}): ${error.message}`);
    return refusalOfToken(error);
  }
}
