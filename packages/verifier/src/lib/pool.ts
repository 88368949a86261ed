import type { TokenUse } from '../claims.js';
import type { PoolOptions, TokenUseOption } from '../options.js';
import { type CompiledRequirements, readRequirements } from '../requirements.js';
import type { ClaimRules } from './check-claims.js';
import { configInvalid, refuseUnknownOptions } from './check-options.js';
import { awsIssuers, checkPoolId, endpointIssuers, type Issuers, isRegion } from './issuers.js';
import { type KeySettings, type KeySource, RemoteKeySet, StaticKeySet } from './key-set.js';
import { readKey, type SigningKey } from './signing-key.js';

/** A configured pool under one of its issuers. */
export interface Pool extends ClaimRules {
  readonly userPoolId: string;
  readonly issuer: string;
  readonly keys: KeySource;
  readonly requirements: CompiledRequirements;
}

/** Names of the options of one pool. */
export const POOL_OPTIONS = [
  'userPoolId',
  'clientId',
  'tokenUse',
  'endpoint',
  'allowInsecureEndpoint',
  'issuerForm',
  'replicaRegions',
  'jwks',
  'groups',
  'scopes',
  'maxAuthAgeS',
  'check',
] as const;

/** Reads a pool's options: one {@link Pool} for each of its issuers. */
export function readPool(options: PoolOptions, settings: KeySettings): Pool[] {
  const { userPoolId } = options;
  checkPoolId(userPoolId, options.endpoint !== undefined);
  const shared = {
    userPoolId,
    clientIds: readClientIds(options.clientId),
    tokenUses: readTokenUses(options.tokenUse),
    requirements: readRequirements(options),
  };
  const given = options.jwks === undefined ? undefined : new StaticKeySet(readJwks(options.jwks));
  return readIssuers(options).map((issuer) => ({
    ...shared,
    issuer,
    keys: given ?? new RemoteKeySet(`${issuer}/.well-known/jwks.json`, settings),
  }));
}

function readIssuers(options: PoolOptions): Issuers {
  const { userPoolId, endpoint, allowInsecureEndpoint, issuerForm, replicaRegions } = options;
  if (allowInsecureEndpoint !== undefined && typeof allowInsecureEndpoint !== 'boolean') {
    throw configInvalid('allowInsecureEndpoint', 'true or false', allowInsecureEndpoint);
  }
  if (issuerForm !== undefined && issuerForm !== 'original' && issuerForm !== 'updated') {
    throw configInvalid('issuerForm', "'original' or 'updated'", issuerForm);
  }
  if (
    replicaRegions !== undefined &&
    !(
      Array.isArray(replicaRegions) &&
      replicaRegions.every((region) => typeof region === 'string' && isRegion(region))
    )
  ) {
    throw configInvalid('replicaRegions', 'a list of regions', replicaRegions);
  }
  if (endpoint === undefined) {
    const [home = ''] = userPoolId.split('_');
    if (replicaRegions !== undefined && new Set([home, ...replicaRegions]).size <= replicaRegions.length) {
      throw configInvalid('replicaRegions', `regions other than ${home}, each once`, replicaRegions);
    }
    if (allowInsecureEndpoint !== undefined) {
      throw configInvalid('allowInsecureEndpoint', 'left out without "endpoint"', allowInsecureEndpoint);
    }
    if (issuerForm === 'updated' && replicaRegions !== undefined) {
      throw configInvalid('replicaRegions', "left out with issuerForm 'updated'", replicaRegions);
    }
    return awsIssuers(userPoolId, issuerForm, replicaRegions ?? []);
  }
  if (issuerForm !== undefined) throw configInvalid('issuerForm', 'left out with "endpoint"', issuerForm);
  if (replicaRegions !== undefined) {
    throw configInvalid('replicaRegions', 'left out with "endpoint"', replicaRegions);
  }
  if (typeof endpoint !== 'string') throw configInvalid('endpoint', 'an http or https URL', endpoint);
  return endpointIssuers(userPoolId, endpoint, allowInsecureEndpoint ?? false);
}

function readClientIds(clientId: PoolOptions['clientId']): readonly string[] | undefined {
  if (clientId === null) return undefined;
  const list = typeof clientId === 'string' ? [clientId] : clientId;
  if (Array.isArray(list) && list.length > 0 && list.every(isClientId)) return Object.freeze([...list]);
  const expected = 'a client id (no blanks in it), a list of them, or null to accept every client';
  throw configInvalid('clientId', expected, clientId);
}

// A line break that came along with a variable would make an id that no token has.
function isClientId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && !/[\s\p{Cc}]/u.test(id);
}

function readTokenUses(tokenUse: TokenUseOption): readonly TokenUse[] {
  if (tokenUse === null) return Object.freeze(['access', 'id'] as const);
  const list = typeof tokenUse === 'string' ? [tokenUse] : tokenUse;
  if (Array.isArray(list) && list.length > 0 && list.every((use) => use === 'access' || use === 'id')) {
    return Object.freeze([...list]);
  }
  throw configInvalid('tokenUse', "'access', 'id', a list of them, or null to accept both", tokenUse);
}

function readJwks(jwks: NonNullable<PoolOptions['jwks']>): ReadonlyMap<string, SigningKey> {
  if (typeof jwks !== 'object' || !Array.isArray(jwks?.keys)) {
    throw configInvalid('jwks', 'a key set, { keys: [...] }', jwks);
  }
  if (jwks.keys.length === 0) throw configInvalid('jwks.keys', 'a list of at least one key', jwks.keys);
  refuseUnknownOptions('jwks', jwks, ['keys']);
  const keys = new Map<string, SigningKey>();
  for (const [index, jwk] of jwks.keys.entries()) {
    const key = readKey(jwk);
    if (typeof key === 'string')
      throw configInvalid(`jwks.keys[${index}]`, `an RS256 public key: ${key}`, 'another');
    if (keys.has(key.kid)) throw configInvalid(`jwks.keys[${index}]`, 'a key with an id of its own', key.kid);
    keys.set(key.kid, key);
  }
  return keys;
}
