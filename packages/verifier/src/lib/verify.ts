import type { CognitoClaims } from '../claims.js';
import { quote, VerifierError } from '../errors.js';
import type { RememberedToken, Verifier } from '../options.js';
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
import { detach } from './scratch.js';
import { signatureTurns } from './signature-turns.js';
import { isSignedBy, type SigningKey } from './signing-key.js';
import type { TokenCache, VerifiedToken } from './token-cache.js';

/** Settled options of a verifier. */
export interface VerifierSettings {
  /** By issuer. */
  readonly pools: ReadonlyMap<string, Pool>;
  /** The same by entry in the configuration: a pool under each of its issuers. */
  readonly entries: readonly (readonly Pool[])[];
  readonly cache: TokenCache | undefined;
  readonly revocations: Revocations | undefined;
  readonly clockToleranceS: number;
  readonly maxTokenLength: number;
  readonly now: () => number;
}

/** What the checks of each call look at. */
type Verified = Pick<VerifiedToken, 'claims' | 'pool'>;

// A pool signs with two keys, so its tokens begin in two ways. Strangers can think of more, within these bounds.
const MAX_KNOWN_HEADERS = 64;
const MAX_KNOWN_HEADER_LENGTH = 512;
// Beyond so many an error names none of them: the list would cost more than all the rest of the refusal, and tell one
// tenant about all the others.
const MAX_NAMED_ISSUERS = 4;

/** The verifier behind `createVerifier`. */
export class CognitoVerifier<Claims extends CognitoClaims> implements Verifier<Claims> {
  readonly #settings: VerifierSettings;
  readonly #cache: TokenCache | undefined;
  /** Key ids by header segment, of good headers that name a key of a configured pool. */
  readonly #knownHeaders = new Map<string, string>();
  /** What an unknown issuer is told, put together once. */
  readonly #expectedIssuer: { readonly expected: unknown; readonly text: string };

  constructor(settings: VerifierSettings) {
    this.#settings = settings;
    this.#cache = settings.cache;
    this.#expectedIssuer = expectedIssuer([...settings.pools.keys()]);
  }

  // Not `async`, and asking the cache first: that is what makes a remembered token cheap.
  verify(token: string, requirements?: Requirements<Claims>): Promise<Claims> {
    try {
      const required = requirements === undefined ? undefined : compileRequirements(requirements);
      const nowMs = this.#settings.now();
      const found = this.#remembered(token, nowMs);
      return this.#isGood(found, required, nowMs)
        ? Promise.resolve(found.claims as Claims)
        : this.#verify(token, required, found);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  verifyCached(token: string, requirements?: Requirements<Claims>): Claims | undefined {
    return this.recall(token, requirements)?.claims;
  }

  recall(token: string, requirements?: Requirements<Claims>): RememberedToken<Claims> | undefined {
    const required = requirements === undefined ? undefined : compileRequirements(requirements);
    const nowMs = this.#settings.now();
    const found = this.#remembered(token, nowMs);
    return this.#isGood(found, required, nowMs) ? (found.remembered as RememberedToken<Claims>) : undefined;
  }

  async hydrate(): Promise<void> {
    await Promise.all(this.#settings.entries.map(hydrateOne));
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

  /** Whether a remembered token is acceptable right now, without a `check` having to be asked. */
  #isGood(
    found: VerifiedToken | undefined,
    required: CompiledRequirements | undefined,
    nowMs: number,
  ): found is VerifiedToken {
    if (found === undefined || found.pool.requirements.check !== undefined || required?.check !== undefined) {
      return false;
    }
    return this.#refusal(found, required, nowMs) === undefined;
  }

  /** @param found - what is remembered of the token. */
  async #verify(
    token: string,
    required: CompiledRequirements | undefined,
    found: VerifiedToken | undefined,
  ): Promise<Claims> {
    // A promise that is rejected before its caller holds it is first counted as unhandled by Node and then taken off
    // the list again. That would take longer than all the rest of a refusal.
    await undefined;
    let verified: Verified | undefined = found;
    if (verified === undefined) {
      const read = readToken(token, this.#settings.maxTokenLength, this.#knownHeaders);
      const pool = this.#poolOf(read);
      const key = pool.keys.ready(this.#settings.now()) ? pool.keys.peek(read.kid) : undefined;
      verified =
        key !== undefined && signatureTurns.tryTake()
          ? this.#verifyNow(read, pool, key)
          : await this.#verifyLater(read, pool, key);
    }
    const refusal = this.#refusal(verified, required, this.#settings.now());
    if (refusal !== undefined) throw refusal;
    const { claims, pool } = verified;
    if (pool.requirements.check !== undefined) await runCheck(pool.requirements.check, claims);
    if (required?.check !== undefined) await runCheck(required.check, claims);
    return claims as Claims;
  }

  /** Fetches the key if need be, and waits for a turn. */
  async #verifyLater(read: ReadToken, pool: Pool, ready: SigningKey | undefined): Promise<Verified> {
    const key = ready ?? (await pool.keys.find(read.kid));
    if (!signatureTurns.tryTake()) {
      await signatureTurns.take();
      // Another call may have verified the same token meanwhile.
      const remembered = this.#remembered(read.token, this.#settings.now());
      if (remembered !== undefined) return remembered;
    }
    // The key may have been withdrawn while this token waited for its turn.
    return this.#verifyNow(read, pool, key.active ? key : await pool.keys.find(read.kid));
  }

  /** Everything that is checked once per token. */
  #verifyNow(read: ReadToken, pool: Pool, key: SigningKey): Verified {
    const { token, claims } = read;
    this.#rememberHeader(read);
    if (!isSignedBy(key, token, read.signedLength)) {
      throw new VerifierError('signature_invalid', 'the signature does not fit the token', {
        expected: { kid: key.kid, alg: 'RS256' },
      });
    }
    checkClaims(claims, pool);
    const frozen = deepFreeze(claims);
    // A token that is refused for its time now is not worth a place.
    const timely = timeRefusal(claims, this.#settings.now(), this.#settings.clockToleranceS) === undefined;
    return timely && this.#cache !== undefined
      ? this.#cache.add(token, frozen, pool, key)
      : { claims: frozen, pool };
  }

  #poolOf({ claims }: ReadToken): Pool {
    const issuer = own(claims, 'iss');
    const pool = typeof issuer === 'string' ? this.#settings.pools.get(issuer) : undefined;
    if (pool !== undefined) return pool;
    const { expected, text } = this.#expectedIssuer;
    const message = `"iss" must be ${text}, got ${quote(issuer)}`;
    throw new VerifierError('issuer_unknown', message, { expected, actual: issuer });
  }

  #rememberHeader(read: ReadToken): void {
    if (read.headerSegment.length > MAX_KNOWN_HEADER_LENGTH || this.#knownHeaders.has(read.headerSegment))
      return;
    if (this.#knownHeaders.size >= MAX_KNOWN_HEADERS) this.#knownHeaders.clear();
    // A string of its own: a slice would keep the whole token alive.
    this.#knownHeaders.set(detach(read.headerSegment), read.kid);
  }

  /** Everything that is checked at every call, the custom checks excepted. */
  #refusal(
    { claims, pool }: Verified,
    required: CompiledRequirements | undefined,
    nowMs: number,
  ): VerifierError | undefined {
    const { clockToleranceS, revocations } = this.#settings;
    return (
      timeRefusal(claims, nowMs, clockToleranceS) ??
      (revocations === undefined ? undefined : revocationRefusal(claims, revocations)) ??
      refusalFor(claims, pool.requirements, nowMs / 1_000, clockToleranceS) ??
      (required === undefined ? undefined : refusalFor(claims, required, nowMs / 1_000, clockToleranceS))
    );
  }
}

function expectedIssuer(issuers: readonly string[]): { readonly expected: unknown; readonly text: string } {
  if (issuers.length > MAX_NAMED_ISSUERS) {
    const text = `one of the ${issuers.length} issuers of the configured pools`;
    return { expected: text, text };
  }
  return { expected: Object.freeze([...issuers]), text: `one of ${issuers.map(quote).join(', ')}` };
}

/** One pool is ready as soon as one of its issuers is: a pool that keeps the original issuer has no updated one. */
async function hydrateOne(issuers: readonly Pool[]): Promise<void> {
  try {
    await Promise.any(issuers.map(({ keys }) => keys.hydrate()));
  } catch (cause) {
    const errors = cause instanceof AggregateError ? cause.errors : [cause];
    const first: unknown = errors[0];
    const retryAfterS = first instanceof VerifierError ? first.retryAfterS : undefined;
    throw new VerifierError(
      'keys_unavailable',
      `the keys of ${quote(issuers[0]?.userPoolId)} cannot be had just now`,
      {
        ...(retryAfterS !== undefined && { retryAfterS }),
        cause: errors.length === 1 ? first : cause,
      },
    );
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
