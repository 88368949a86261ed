import type { CognitoClaims } from './claims.js';
import {
  configInvalid,
  MAX_ENTRIES,
  readingOptions,
  refuseUnknownOptions,
  wholeNumber,
} from './lib/check-options.js';
import { readClock } from './lib/clock.js';
import type { KeySettings } from './lib/key-set.js';
import { POOL_OPTIONS, type Pool, readPool } from './lib/pool.js';
import { TokenCache } from './lib/token-cache.js';
import { CognitoVerifier } from './lib/verify.js';
import type {
  CacheOptions,
  ClaimsOf,
  FetchLike,
  KeyOptions,
  PoolOptions,
  TokenUseOption,
  Verifier,
  VerifierOptions,
} from './options.js';

/**
 * Makes a verifier for one user pool.
 *
 * @throws {VerifierError} `config_invalid` when an option is missing, misspelt or unusable.
 */
export function createVerifier<const Use extends TokenUseOption>(
  options: PoolOptions<Use> & VerifierOptions,
): Verifier<ClaimsOf<Use>>;
/**
 * Makes a verifier for several user pools. A token is checked against the pool that its issuer names, if that pool is
 * among them.
 *
 * @throws {VerifierError} `config_invalid` when an option is missing, misspelt or unusable, or when two entries are one pool.
 */
export function createVerifier<const Uses extends readonly TokenUseOption[]>(
  pools: { readonly [Index in keyof Uses]: PoolOptions<Uses[Index]> },
  options?: VerifierOptions,
): Verifier<ClaimsOf<Uses[number]>>;
export function createVerifier(
  first: (PoolOptions & VerifierOptions) | readonly PoolOptions[],
  second?: VerifierOptions,
): Verifier {
  return readingOptions('options', () => make(first, second));
}

function make(
  first: (PoolOptions & VerifierOptions) | readonly PoolOptions[],
  second: VerifierOptions | undefined,
): Verifier {
  if (typeof first !== 'object' || first === null)
    throw configInvalid('options', 'an object or a list of pools', first);
  const several = Array.isArray(first);
  const pools: readonly PoolOptions[] = several ? first : [first as PoolOptions];
  if (!several && second !== undefined) {
    throw configInvalid(
      'the second argument',
      'left out: with one pool all options stand in the first',
      second,
    );
  }
  const options = several ? (second === undefined ? {} : second) : (first as VerifierOptions);
  if (several && pools.length === 0) throw configInvalid('pools', 'a list of at least one pool', pools);
  if (several) refuseUnknownOptions('options', options, VERIFIER_OPTIONS);
  const settings = readKeySettings(options);
  const byIssuer = new Map<string, Pool>();
  const entries: Pool[][] = [];
  for (const [index, pool] of pools.entries()) {
    const known = several ? POOL_OPTIONS : [...POOL_OPTIONS, ...VERIFIER_OPTIONS];
    refuseUnknownOptions(several ? `pools[${index}]` : 'options', pool, known);
    const entry = readPool(pool, settings);
    entries.push(entry);
    for (const read of entry) {
      if (byIssuer.has(read.issuer)) {
        throw configInvalid(
          `pools[${index}].userPoolId`,
          'a pool that is not in the list yet',
          pool.userPoolId,
        );
      }
      byIssuer.set(read.issuer, read);
    }
  }
  return new CognitoVerifier<CognitoClaims>({
    pools: byIssuer,
    entries,
    cache: readCache(options.cache),
    revocations: readRevocations(options.revocations),
    clockToleranceS: wholeNumber('clockToleranceS', options.clockToleranceS, 5, 0, 3_600),
    maxTokenLength: wholeNumber('maxTokenLength', options.maxTokenLength, 16_384, 1),
    now: settings.now,
  });
}

// What a timer of Node can wait; a longer time would become 1 ms.
const MAX_TIMER_MS = 2_147_483_647;

const VERIFIER_OPTIONS = [
  'clockToleranceS',
  'maxTokenLength',
  'cache',
  'revocations',
  'keys',
  'fetch',
  'now',
] as const;

const KEY_OPTIONS = [
  'timeoutMs',
  'maxBytes',
  'refreshAfterMs',
  'expireAfterMs',
  'maxStaleMs',
  'minFetchIntervalMs',
  'unknownKidTtlMs',
  'maxUnknownKids',
] as const satisfies (keyof KeyOptions)[];

function readKeySettings({ keys = {}, fetch, now }: VerifierOptions): KeySettings {
  if (fetch !== undefined && typeof fetch !== 'function') throw configInvalid('fetch', 'a function', fetch);
  if (now !== undefined && typeof now !== 'function') throw configInvalid('now', 'a function', now);
  refuseUnknownOptions('keys', keys, KEY_OPTIONS);
  return {
    timeoutMs: wholeNumber('keys.timeoutMs', keys.timeoutMs, 5_000, 1, MAX_TIMER_MS),
    maxBytes: wholeNumber('keys.maxBytes', keys.maxBytes, 65_536, 1),
    ...readKeyAges(keys),
    unknownKidTtlMs: wholeNumber('keys.unknownKidTtlMs', keys.unknownKidTtlMs, 5_000, 0),
    maxUnknownKids: wholeNumber('keys.maxUnknownKids', keys.maxUnknownKids, 1_000, 1, MAX_ENTRIES),
    // Looked up at each call, so that an application can replace the global one after this verifier was made.
    fetch: fetch ?? ((url: string, init: Parameters<FetchLike>[1]) => globalThis.fetch(url, init)),
    now: readClock(now),
  };
}

/** The ages of keys: each must be at least the one before it, those that were left out included. */
function readKeyAges(keys: KeyOptions) {
  const ages = {
    minFetchIntervalMs: wholeNumber('keys.minFetchIntervalMs', keys.minFetchIntervalMs, 5_000, 0),
    refreshAfterMs: wholeNumber('keys.refreshAfterMs', keys.refreshAfterMs, 600_000, 0),
    expireAfterMs: wholeNumber('keys.expireAfterMs', keys.expireAfterMs, 3_600_000, 0),
    maxStaleMs: wholeNumber('keys.maxStaleMs', keys.maxStaleMs, 86_400_000, 0),
  };
  const order = ['minFetchIntervalMs', 'refreshAfterMs', 'expireAfterMs', 'maxStaleMs'] as const;
  for (const [index, upper] of order.entries()) {
    const lower = order[index - 1];
    if (lower === undefined || ages[lower] <= ages[upper]) continue;
    // Named is one that was given; the other one may be a default.
    const bound =
      keys[upper] === undefined
        ? ([lower, `at most "keys.${upper}", which is ${ages[upper]}`] as const)
        : ([upper, `at least "keys.${lower}", which is ${ages[lower]}`] as const);
    throw configInvalid(`keys.${bound[0]}`, bound[1], ages[bound[0]]);
  }
  return ages;
}

function readCache(cache: CacheOptions | false | undefined): TokenCache | undefined {
  if (cache === false) return undefined;
  if (cache !== undefined && (typeof cache !== 'object' || cache === null)) {
    throw configInvalid('cache', 'an object, or false to switch it off', cache);
  }
  refuseUnknownOptions('cache', cache ?? {}, ['maxTokens', 'copyTokens']);
  const { maxTokens, copyTokens = true } = cache ?? {};
  if (typeof copyTokens !== 'boolean') throw configInvalid('cache.copyTokens', 'true or false', copyTokens);
  return new TokenCache(wholeNumber('cache.maxTokens', maxTokens, 10_000, 1, MAX_ENTRIES), copyTokens);
}

function readRevocations(revocations: VerifierOptions['revocations']): VerifierOptions['revocations'] {
  if (revocations !== undefined && typeof revocations?.isRevoked !== 'function') {
    throw configInvalid('revocations', 'an object with isRevoked(claims)', revocations);
  }
  return revocations;
}
