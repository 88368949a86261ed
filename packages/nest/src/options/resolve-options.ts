import type { VerifierOptions } from '@cognest/verifier';
import { readAuditMode } from '../audit/audit-mode.js';
import { CognestError, configInvalid, refuseUnknownKeys, show } from '../errors/cognest-error.js';
import { cognitoErrorTable } from '../errors/cognito-error-table.js';
import { readTokenSources } from '../guard/token-sources.js';
import { readRevocations } from '../revocations/read-revocations.js';
import { type Environment, oneOf, refuseNonObject, wholeNumber } from './checks.js';
import type { CognitoModuleOptions, ResolvedCognitoOptions, ResolvedPool } from './cognito-options.js';
import { readErrors } from './read-errors.js';
import {
  DEFAULT_POOL,
  POOL_OPTIONS,
  POOL_VERIFIER_OPTIONS,
  refuseUnknownPoolOptions,
  resolvePool,
} from './resolve-pool.js';

/** The names of the options, in the order of the documentation. */
export const OPTIONS = [
  ...POOL_OPTIONS,
  'pools',
  'resolvePool',
  'protect',
  'audit',
  'tokenUse',
  'tokenSources',
  'messageToken',
  'clockToleranceS',
  'revocations',
  'verifier',
  'errors',
] as const satisfies readonly (keyof CognitoModuleOptions)[];

const SHARED_VERIFIER_OPTIONS = [
  'maxTokenLength',
  'cache',
  'keys',
  'fetch',
  'now',
] as const satisfies readonly (keyof NonNullable<CognitoModuleOptions['verifier']>)[];

/** Names are written in decorators, messages and logs. A digit in front would reorder the object's keys. */
const POOL_NAME = /^[A-Za-z_]\w{0,63}$/;

/**
 * The options with the environment and the defaults filled in.
 *
 * @throws {CognestError} `config_invalid`: which option, what was given, what is expected. Never shows the secret.
 */
export function resolveOptions(
  options: CognitoModuleOptions = {},
  env: Environment = process.env,
): ResolvedCognitoOptions {
  refuseNonObject('CognitoModule: the options', 'an object', options);
  refuseUnknownKeys('CognitoModule: the options', options, OPTIONS);

  const verifier = readVerifier(options);
  const pools = readPools(options, env);
  const { resolvePool: resolver } = options;
  if (resolver !== undefined && typeof resolver !== 'function') {
    throw configInvalid('"resolvePool"', 'a function from a request to the name of a pool', resolver);
  }
  const { messageToken } = options;
  if (messageToken !== undefined && typeof messageToken !== 'function') {
    throw configInvalid('"messageToken"', 'a function from { data, context } to a token', messageToken);
  }
  const clockToleranceS = wholeNumber('"clockToleranceS"', options.clockToleranceS, 5, 0);
  const revocations = readRevocations(options.revocations, verifier.now);
  return Object.freeze({
    pools,
    // Called as a method, as it is written.
    resolvePool: resolver?.bind(options),
    protect: oneOf('"protect"', options.protect, ['all', 'decorated'], 'all'),
    audit: readAuditMode(options.audit),
    tokenUse: oneOf('"tokenUse"', options.tokenUse, ['access', 'id'], 'access'),
    tokenSources: readTokenSources(options.tokenSources),
    messageToken,
    clockToleranceS,
    revocations,
    verifier: Object.freeze({ ...verifier, revocations, clockToleranceS }),
    errors: Object.freeze({ ...cognitoErrorTable, ...readErrors(options) }),
    acceptedClientIds: Object.freeze([
      ...new Set(pools.flatMap(({ acceptedClientIds }) => acceptedClientIds)),
    ]),
  });
}

/** Whether the options hold a pool at top level: they do unless `pools` has them all. */
export function hasDefaultPool(options: CognitoModuleOptions): boolean {
  return options.pools === undefined || POOL_OPTIONS.some((option) => options[option] !== undefined);
}

/** The names under `pools`, in order, unchecked. */
export function namesUnder(pools: CognitoModuleOptions['pools']): string[] {
  return typeof pools === 'object' && pools !== null ? Object.keys(pools) : [];
}

function readPools(options: CognitoModuleOptions, env: Environment): ResolvedCognitoOptions['pools'] {
  const named = readNamedPools(options, env);
  const pools = hasDefaultPool(options) ? [resolvePool(DEFAULT_POOL, options, env), ...named] : named;
  refuseTwins(pools);
  if (!hasDefaultPool(options)) refuseOrphans(options, pools, env);
  // There is one: at top level, or under `pools`, which is not empty.
  return Object.freeze(pools) as unknown as ResolvedCognitoOptions['pools'];
}

function readNamedPools({ pools }: CognitoModuleOptions, env: Environment): ResolvedPool[] {
  if (pools === undefined) return [];
  const expected = 'an object with one pool at least, as { partners: { userPoolId, clientId } }, or left out';
  refuseNonObject('"pools"', expected, pools);
  const entries = Object.entries(pools);
  if (entries.length === 0) throw configInvalid('"pools"', expected, pools);
  return entries.map(([name, pool]) => {
    // An object literal and a parsed one do not mean the same by it.
    if (!POOL_NAME.test(name) || name === '__proto__') {
      const expected =
        'an identifier: letters, digits and "_", at most 64, no digit in front, not "__proto__"';
      throw configInvalid('A name in "pools"', expected, name);
    }
    if (name === DEFAULT_POOL) {
      throw new CognestError(
        'config_invalid',
        `"pools.${name}": "${DEFAULT_POOL}" is the pool at top level; put its options there, or give it another name`,
      );
    }
    refuseUnknownPoolOptions(name, pool);
    return resolvePool(name, pool, env);
  });
}

/** Tokens name the pool's id, so that one pool under two names could not be told apart. */
function refuseTwins(pools: readonly ResolvedPool[]): void {
  const names = new Map<string, string>();
  for (const { name, userPoolId } of pools) {
    const twin = names.get(userPoolId);
    if (twin !== undefined) {
      throw new CognestError(
        'config_invalid',
        `"userPoolId" of the pools "${twin}" and "${name}" is the same, ${show(userPoolId)}; ` +
          'name a pool once, and its further app clients in "trustedClientIds"',
      );
    }
    names.set(userPoolId, name);
  }
}

/** What stands at top level, or in the environment, for a pool that is not there. */
function refuseOrphans(
  { verifier = {} }: CognitoModuleOptions,
  pools: readonly ResolvedPool[],
  env: Environment,
): void {
  const orphan = POOL_VERIFIER_OPTIONS.find((option) => Object.hasOwn(verifier, option));
  if (orphan !== undefined) {
    throw new CognestError(
      'config_invalid',
      `"verifier.${orphan}" is about one pool, and none stands at top level; put it under "pools.${pools[0]?.name}.verifier"`,
    );
  }
  const fromEnv = env['COGNITO_USER_POOL_ID'];
  if (fromEnv && !pools.some(({ userPoolId }) => userPoolId === fromEnv)) {
    // Otherwise services that name no pool would act on another one than the operator has set.
    throw new CognestError(
      'config_invalid',
      `COGNITO_USER_POOL_ID is ${show(fromEnv)}, which is none of "pools" (${pools.map(({ name }) => name).join(', ')}); ` +
        'give "userPoolId" at top level, too, for a default pool, or unset the variable',
    );
  }
}

/** The part that is common to all pools; the rest is read with the pool at top level. */
function readVerifier(options: CognitoModuleOptions): VerifierOptions {
  const { verifier = {} } = options;
  refuseNonObject('"verifier"', 'an object', verifier);
  refuseUnknownKeys('"verifier"', verifier, [...SHARED_VERIFIER_OPTIONS, ...POOL_VERIFIER_OPTIONS]);
  return Object.fromEntries(
    SHARED_VERIFIER_OPTIONS.filter((option) => Object.hasOwn(verifier, option)).map((option) => [
      option,
      verifier[option],
    ]),
  );
}
