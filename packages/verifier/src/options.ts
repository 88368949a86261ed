import type { ClaimsFor, CognitoClaims, TokenUse } from './claims.js';
import type { Requirements } from './requirements.js';
import type { Revocations } from './revocations.js';

/** `'access'`, `'id'`, a list of them, or `null` for both: the check is then visibly switched off. */
export type TokenUseOption = TokenUse | readonly TokenUse[] | null;

/** The token uses that an option value lets in. */
export type UseOf<Option extends TokenUseOption> = Option extends TokenUse
  ? Option
  : Option extends readonly (infer Use extends TokenUse)[]
    ? Use
    : TokenUse;

/** The claims type that follows from `tokenUse`. */
export type ClaimsOf<Option extends TokenUseOption> = ClaimsFor<UseOf<Option>>;

/** One key of a JSON Web Key Set, as Cognito publishes them (RFC 7517, RFC 7518 section 6.3.1). */
export interface RsaPublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly alg: string;
  readonly use: string;
  readonly n: string;
  readonly e: string;
}

/** A pool whose tokens are let in, and what its tokens must carry. */
export interface PoolOptions<Use extends TokenUseOption = TokenUseOption>
  extends Requirements<ClaimsOf<Use>> {
  /** `<region>_<id>`, matched exactly. At most 55 characters. */
  userPoolId: string;
  /**
   * The app client(s) whose tokens are accepted, compared with `client_id` of an access token and `aud` of an ID
   * token. `null` accepts every client of the pool.
   */
  clientId: string | readonly string[] | null;
  /** Which token is accepted; decides the type of the claims. */
  tokenUse: Use;
  /**
   * Where the embedded Cognito (or another emulator) is, as `http://127.0.0.1:9229`. The issuer is then exactly
   * `<endpoint>/<userPoolId>`, and AWS's own issuers of that pool are not accepted. Plain `http` is for loopback
   * hosts only. Default: AWS, in the partition that the pool's region belongs to.
   */
  endpoint?: string | undefined;
  /** Accepts an `http` endpoint on another host than this one. Whoever is on the path can then forge keys. */
  allowInsecureEndpoint?: boolean | undefined;
  /**
   * Which of AWS's two issuer URLs is accepted: `original` is `https://cognito-idp.<region>...`, `updated` is
   * `https://issuer-cognito-idp.<region>...` (IssuerConfiguration of the pool). Default: both.
   */
  issuerForm?: 'original' | 'updated' | undefined;
  /** Other regions, each once, that hold a replica of the pool and sign with an issuer of their own (original form). */
  replicaRegions?: readonly string[] | undefined;
  /** The pool's key set, given by hand. No request is ever made for this pool then. */
  jwks?: { readonly keys: readonly RsaPublicJwk[] } | undefined;
}

/** The platform's `AbortSignal`, where there are types for it (of Node or of the DOM). */
export type FetchSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : unknown;

/** What of an answer is read. The `Response` of the platform, of undici and of node-fetch all fit. */
export interface FetchedResponse {
  /** Anything but 200 is a failure. */
  readonly status: number;
  /** Whether a redirect was followed, which is a failure, too. Default `false`. */
  readonly redirected?: boolean;
  /**
   * Bytes, in pieces: whatever `for await` goes through. It is left early when there are too many, and cancelled
   * unread when the status is wrong.
   */
  readonly body: AsyncIterable<Uint8Array> | { cancel(): Promise<void> } | null;
}

/** The request that a key fetch makes; `globalThis.fetch` fits, and so does undici's with a dispatcher. */
export type FetchLike = (
  url: string,
  init: { signal: FetchSignal; redirect: 'error'; headers: Record<string, string> },
) => Promise<FetchedResponse>;

/**
 * How keys are fetched and how long they are trusted. Of `minFetchIntervalMs`, `refreshAfterMs`, `expireAfterMs` and
 * `maxStaleMs` each must be at least the one before, defaults included.
 */
export interface KeyOptions {
  /** How long one fetch may take, connecting and reading included. Default 5_000, at most 2_147_483_647. */
  timeoutMs?: number | undefined;
  /** How large the answer may be. Default 65_536; a pool's two keys take less than 1_000. */
  maxBytes?: number | undefined;
  /** Age after which a use of the keys fetches them anew in the background. Default 600_000 (10 minutes). */
  refreshAfterMs?: number | undefined;
  /**
   * Age after which a use waits for new keys, and goes on with the old ones when there are none. It does not wait when
   * the last fetch has failed, and not longer ago than `refreshAfterMs` and `timeoutMs` together: then the old keys
   * serve at once, and the next fetch goes on beside. Default 3_600_000 (an hour).
   */
  expireAfterMs?: number | undefined;
  /** Age after which keys are of no use at all, whatever the endpoint does. Default 86_400_000 (a day). */
  maxStaleMs?: number | undefined;
  /**
   * Least time between two fetches from one address, whatever tokens arrive. A pool has two addresses unless
   * `issuerForm` says which one, and one more for each of its `replicaRegions`. Default 5_000.
   */
  minFetchIntervalMs?: number | undefined;
  /**
   * Longest time for which a key id that was looked up in vain causes no other look-up; the first time it is
   * `minFetchIntervalMs`, then twice as long each time. Default 5_000: a key that a token named before it was
   * published is accepted within 5 seconds of being published.
   */
  unknownKidTtlMs?: number | undefined;
  /** How many such key ids are remembered, for each address. Default 1_000, at most 16_777_216. */
  maxUnknownKids?: number | undefined;
}

/** How verified tokens are remembered. */
export interface CacheOptions {
  /** How many verified tokens are kept, the least recently used leaving first. Default 10_000, at most 16_777_216. */
  maxTokens?: number | undefined;
  /**
   * Whether a token is copied when it is remembered. Default true, since a string that was cut out of a larger one (a
   * `Cookie` header, say) keeps all of that in memory. With false the string at hand is kept, which takes half as long
   * and no memory of its own: for strings that stand alone, or with no more than `Bearer ` before them.
   */
  copyTokens?: boolean | undefined;
}

/** What is common to all pools of one verifier. */
export interface VerifierOptions {
  /** Tolerated difference between our clock and AWS's, for `exp`, `nbf`, `iat` and `auth_time`. Default 5, at most 3_600. */
  clockToleranceS?: number | undefined;
  /** Longest token that is looked at, in characters. Default 16_384, the size of all headers that Node accepts. */
  maxTokenLength?: number | undefined;
  /** Remembers verified tokens, so that the second request with one costs a look-up. `false` switches it off. */
  cache?: CacheOptions | false | undefined;
  /** Asked about every token, at every call, remembered or not. Default: nothing is revoked. */
  revocations?: Revocations | undefined;
  /** How keys are fetched. */
  keys?: KeyOptions | undefined;
  /** Makes the requests for keys: the place for a proxy, TLS options or an agent. Default `globalThis.fetch`. */
  fetch?: FetchLike | undefined;
  /** The clock, in milliseconds since 1970. When it throws or tells no time, that is a `check_failed`. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/** A token that was verified before. */
export interface RememberedToken<Claims extends CognitoClaims = CognitoClaims> {
  /** What `verify` resolved to. */
  readonly claims: Claims;
  /** The token itself, as it is remembered. No property of its own, so that it gets into no log by accident. */
  readonly token: string;
  /** Whatever the owner of the verifier puts here; `undefined` at first. It goes when the token is forgotten. */
  note: unknown;
}

/**
 * Verifies tokens of the configured pools.
 *
 * @typeParam Claims - what `verify` resolves to; follows from `tokenUse`.
 */
export interface Verifier<Claims extends CognitoClaims = CognitoClaims> {
  /**
   * The frozen claims of an acceptable token.
   *
   * @param requirements - what this call asks for beside the pool's own requirements; both must hold. Read once per
   *   object: keep one constant object per route rather than building it per call.
   * @throws {VerifierError} in every other case.
   */
  verify(token: string, requirements?: Requirements<Claims>): Promise<Claims>;
  /**
   * The claims of a token that is remembered and acceptable right now, or `undefined`, which says nothing: ask
   * `verify`. Time, revocation, key and requirements are checked as `verify` does. For hot paths; never throws for a
   * token. It never finds anything when the cache is off or a `check` is involved, which may be asynchronous.
   *
   * @throws {VerifierError} `config_invalid` when the requirements are unusable; `check_failed` when the clock is.
   */
  verifyCached(token: string, requirements?: Requirements<Claims>): Claims | undefined;
  /**
   * `verifyCached` with a place for what the caller derives from the claims, so that this is done once for each token:
   * the same object for as long as the token is remembered.
   *
   * @throws {VerifierError} as `verifyCached`.
   */
  recall(token: string, requirements?: Requirements<Claims>): RememberedToken<Claims> | undefined;
  /**
   * Fetches the keys of all pools that do not have fresh ones, so that the first request does not wait.
   *
   * @throws {VerifierError} `keys_unavailable` when a pool's keys cannot be had from any of its issuers.
   */
  hydrate(): Promise<void>;
}
