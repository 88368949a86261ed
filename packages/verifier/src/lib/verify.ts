import type { CognitoClaims } from '../claims.js';
import { quote, VerifierError } from '../errors.js';
import type { Verifier } from '../options.js';
import {
  type CompiledRequirements,
  compileRequirements,
  type Requirements,
  refusalFor,
} from '../requirements.js';
import type { Revocations } from '../revocations.js';
import { checkClaims, timeRefusal } from './check-claims.js';
import { deepFreeze } from './freeze.js';
import type { Pool } from './pool.js';
import { own, type ReadToken, readToken } from './read-token.js';
import { signatureTurns } from './signature-turns.js';
import { isSignedBy } from './signing-key.js';
import type { TokenCache, VerifiedToken } from './token-cache.js';

/** Settled options of a verifier. */
export interface VerifierSettings {
  readonly pools: ReadonlyMap<string, Pool>;
  readonly cache: TokenCache | undefined;
  readonly revocations: Revocations | undefined;
  readonly clockToleranceS: number;
  readonly maxTokenLength: number;
  readonly now: () => number;
}

// A pool signs with two keys, so its tokens begin in two ways; the bound is for emulators that vary more.
const MAX_KNOWN_HEADERS = 64;

/** The verifier behind `createVerifier`. */
export class CognitoVerifier<Claims extends CognitoClaims> implements Verifier<Claims> {
  readonly #settings: VerifierSettings;
  readonly #cache: TokenCache | undefined;
  /** Key ids by header segment, of headers that came with a good signature. */
  readonly #knownHeaders = new Map<string, string>();

  constructor(settings: VerifierSettings) {
    this.#settings = settings;
    this.#cache = settings.cache;
  }

  async verify(token: string, requirements?: Requirements<Claims>): Promise<Claims> {
    const required = requirements === undefined ? undefined : compileRequirements(requirements);
    const nowMs = this.#settings.now();
    const verified = this.#remembered(token, nowMs) ?? (await this.#verifySignature(token, nowMs));
    return this.#admit(verified, required);
  }

  verifyCached(token: string, requirements?: Requirements<Claims>): Claims | undefined {
    const required = requirements === undefined ? undefined : compileRequirements(requirements);
    const found = this.#remembered(token, this.#settings.now());
    if (found === undefined || found.pool.requirements.check !== undefined || required?.check !== undefined) {
      return undefined;
    }
    return this.#refusal(found, required) === undefined ? (found.claims as Claims) : undefined;
  }

  async hydrate(): Promise<void> {
    const byPool = new Map<string, Promise<void>[]>();
    for (const pool of this.#settings.pools.values()) {
      const hydrations = byPool.get(pool.userPoolId) ?? [];
      hydrations.push(pool.keys.hydrate());
      byPool.set(pool.userPoolId, hydrations);
    }
    await Promise.all(Array.from(byPool, ([userPoolId, hydrations]) => hydrateOne(userPoolId, hydrations)));
  }

  /** A token verified before, if its key is still to be trusted. Time, revocation and requirements are not looked at. */
  #remembered(token: string, nowMs: number): VerifiedToken | undefined {
    if (this.#cache === undefined || typeof token !== 'string') return undefined;
    const found = this.#cache.get(token);
    if (found === undefined || !found.pool.keys.ready(nowMs)) return undefined;
    if (found.key.active) return found;
    this.#cache.delete(token);
    return undefined;
  }

  /** Everything that is checked once per token. */
  async #verifySignature(token: string, nowMs: number): Promise<VerifiedToken> {
    const { maxTokenLength, now, clockToleranceS } = this.#settings;
    const read = readToken(token, maxTokenLength, this.#knownHeaders);
    const pool = this.#poolOf(read);
    const key =
      (pool.keys.ready(nowMs) ? pool.keys.peek(read.kid) : undefined) ?? (await pool.keys.find(read.kid));
    const turn = signatureTurns.take();
    if (turn !== undefined) {
      await turn;
      // Another call may have verified the same token meanwhile, or the key may have been withdrawn.
      const remembered = this.#remembered(token, now());
      if (remembered !== undefined) return remembered;
    }
    if (!key.active || !isSignedBy(key, read.signedBytes, read.signature)) {
      throw new VerifierError('signature_invalid', 'the signature does not fit the token', {
        expected: { kid: key.kid, alg: 'RS256' },
      });
    }
    const { claims } = read;
    checkClaims(claims, pool);
    const tooEarlyOrLate = timeRefusal(claims, now(), clockToleranceS);
    if (tooEarlyOrLate !== undefined) throw tooEarlyOrLate;
    deepFreeze(claims);
    this.#rememberHeader(read);
    this.#cache?.set(read.bytes, claims, pool, key);
    return { token, claims, pool, key };
  }

  #poolOf({ claims }: ReadToken): Pool {
    const issuer = own(claims, 'iss');
    const pool = typeof issuer === 'string' ? this.#settings.pools.get(issuer) : undefined;
    if (pool !== undefined) return pool;
    const expected = [...this.#settings.pools.keys()];
    const message = `"iss" must be one of ${expected.map(quote).join(', ')}, got ${quote(issuer)}`;
    throw new VerifierError('issuer_unknown', message, { expected, actual: issuer });
  }

  #rememberHeader(read: ReadToken): void {
    if (this.#knownHeaders.has(read.headerSegment)) return;
    if (this.#knownHeaders.size >= MAX_KNOWN_HEADERS) this.#knownHeaders.clear();
    // A string of its own: a slice would keep the whole token alive.
    this.#knownHeaders.set(read.bytes.toString('latin1', 0, read.headerSegment.length), read.kid);
  }

  /** Everything that is checked at every call. */
  async #admit(verified: VerifiedToken, required: CompiledRequirements | undefined): Promise<Claims> {
    const refusal = this.#refusal(verified, required);
    if (refusal !== undefined) throw refusal;
    const { claims, pool } = verified;
    if (pool.requirements.check !== undefined) await runCheck(pool.requirements.check, claims);
    if (required?.check !== undefined) await runCheck(required.check, claims);
    return claims as Claims;
  }

  #refusal(
    { claims, pool }: VerifiedToken,
    required: CompiledRequirements | undefined,
  ): VerifierError | undefined {
    const { now, clockToleranceS, revocations } = this.#settings;
    const nowMs = now();
    return (
      timeRefusal(claims, nowMs, clockToleranceS) ??
      (revocations === undefined ? undefined : revocationRefusal(claims, revocations)) ??
      refusalFor(claims, pool.requirements, nowMs / 1_000, clockToleranceS) ??
      (required === undefined ? undefined : refusalFor(claims, required, nowMs / 1_000, clockToleranceS))
    );
  }
}

/** One pool is ready as soon as one of its issuers is: a pool that keeps the original issuer has no updated one. */
async function hydrateOne(userPoolId: string, hydrations: Promise<void>[]): Promise<void> {
  try {
    await Promise.any(hydrations);
  } catch (cause) {
    const errors = cause instanceof AggregateError ? cause.errors : [cause];
    const first: unknown = errors[0];
    const retryAfterS = first instanceof VerifierError ? first.retryAfterS : undefined;
    throw new VerifierError('keys_unavailable', `the keys of ${quote(userPoolId)} cannot be had just now`, {
      ...(retryAfterS !== undefined && { retryAfterS }),
      cause: errors.length === 1 ? first : cause,
    });
  }
}

function revocationRefusal(claims: CognitoClaims, revocations: Revocations): VerifierError | undefined {
  let answer: unknown;
  try {
    answer = revocations.isRevoked(claims);
  } catch (cause) {
    return new VerifierError('check_failed', '"revocations.isRevoked" threw', { cause });
  }
  if (answer === false) return undefined;
  return new VerifierError('token_revoked', 'the token is revoked', { expected: false, actual: answer });
}

async function runCheck(
  check: NonNullable<CompiledRequirements['check']>,
  claims: CognitoClaims,
): Promise<void> {
  let answer: unknown;
  try {
    answer = await check(claims as never);
  } catch (cause) {
    throw new VerifierError('check_failed', '"check" threw', { cause });
  }
  if (answer !== true) {
    throw new VerifierError('check_refused', '"check" did not answer true', {
      expected: true,
      actual: answer,
    });
  }
}
