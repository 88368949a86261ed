import type { CognitoModuleOptions, CognitoPoolOptions } from '@cognest/nest';
import type { TestModuleOptions } from '../test-module-options.js';

/** What stands for a pool: an issuer, or an embedded Cognito. */
export interface TestPool {
  moduleOptions(): TestModuleOptions;
}

/** What the pool at top level of the options is called. */
const DEFAULT_POOL = 'default';

/** The app's options, but for where its pools are and who signs. */
export function underTest(
  options: CognitoModuleOptions,
  source: TestPool | Readonly<Record<string, TestPool>>,
): CognitoModuleOptions {
  const { pools = {}, ...top } = options;
  const sources: Readonly<Record<string, TestPool>> = isPool(source) ? { [DEFAULT_POOL]: source } : source;
  const { [DEFAULT_POOL]: atTop, ...named } = sources;
  compareNames(atTop === undefined && top.userPoolId === undefined ? [] : [DEFAULT_POOL], pools, sources);

  const tests = Object.entries(named).map(([name, pool]) => [name, pool.moduleOptions()] as const);
  const test = atTop?.moduleOptions();
  // The verifier has one clock for all pools.
  const now = [test, ...tests.map(([, of]) => of)].find((of) => of?.verifier?.now !== undefined)?.verifier
    ?.now;
  const { verifier: _, ...kept } = withoutPlace(top);
  const verifier = { ...withoutKeys(options.verifier), ...(now !== undefined && { now }) };
  return {
    ...kept,
    ...(test && { ...test, verifier: { ...verifier, ...keysOf(test) } }),
    ...(!test && { verifier }),
    ...(tests.length > 0 && {
      pools: Object.fromEntries(
        tests.map(([name, of]) => {
          const app = pools[name] ?? {};
          return [
            name,
            { ...withoutPlace(app), ...of, verifier: { ...withoutKeys(app.verifier), ...keysOf(of) } },
          ];
        }),
      ),
    }),
  };
}

function isPool(source: object): source is TestPool {
  return 'moduleOptions' in source && typeof source.moduleOptions === 'function';
}

/** @throws Error when the app has a pool without a source, or there is a source without a pool. */
function compareNames(atTop: readonly string[], pools: object, sources: object): void {
  const wanted = [...atTop, ...Object.keys(pools)];
  const given = Object.keys(sources);
  if (wanted.every((name) => given.includes(name)) && given.every((name) => wanted.includes(name))) return;
  throw new Error(
    `The app has the pools ${wanted.join(', ') || DEFAULT_POOL}, and overrideCognito was given sources for ` +
      `${given.join(', ') || 'none'}: give one for each, as { ${wanted.map((name) => `${name}: …`).join(', ')} }.`,
  );
}

/** What is said about a pool beside where it is. */
function withoutPlace<Options extends CognitoPoolOptions>(options: Options) {
  const { userPoolId, clientId, clientSecret, region, endpoint, client, ...kept } = options;
  return kept;
}

/** What is said about verifying beside whose keys are taken, and from where. */
function withoutKeys(verifier: CognitoModuleOptions['verifier'] = {}) {
  const { jwks, fetch, issuerForm, replicaRegions, allowInsecureEndpoint, ...kept } = verifier;
  return kept;
}

function keysOf({ verifier }: TestModuleOptions) {
  return verifier?.jwks === undefined ? {} : { jwks: verifier.jwks };
}
