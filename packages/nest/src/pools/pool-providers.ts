import { type FactoryProvider, Scope } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import { POOL_PARTS, type PoolPartClass } from './cognito-pool.js';
import { CognitoPools } from './cognito-pools.js';
import { getCognitoToken, requestedPools } from './inject-cognito.decorator.js';

/** The default pool, and each of its parts by class and by `@InjectCognito()`. */
export const DEFAULT_POOL_PROVIDERS: readonly FactoryProvider[] = [
  { provide: getCognitoToken(), useFactory: (pools: CognitoPools) => pools.default, inject: [CognitoPools] },
  ...[...POOL_PARTS].flatMap(([part, member]) =>
    [part, getCognitoToken(undefined, part)].map((provide) => ({
      provide,
      useFactory: (pools: CognitoPools) => pools.default[member],
      inject: [CognitoPools],
    })),
  ),
];

/**
 * What `@InjectCognito(name)` finds. The pools of `names` are there for whoever looks; beyond them, every name that a
 * decorator anywhere asks for gets a provider that says what is wrong with it. It is transient, so that it speaks up
 * only in the app that injects it.
 */
export function namedPoolProviders(names: readonly string[]): FactoryProvider[] {
  const parts = [undefined, ...POOL_PARTS.keys()];
  const known = names.flatMap((name) => parts.map((part) => provider(name, part)));
  const tokens = new Set(known.map(({ provide }) => provide));
  const others = requestedPools()
    .map(({ name, part }) => provider(name, part))
    .filter(({ provide }) => !tokens.has(provide))
    .map((other) => ({ ...other, scope: Scope.TRANSIENT }));
  return [...known, ...others];
}

function provider(name: string, part: PoolPartClass | undefined): FactoryProvider {
  const member = part && POOL_PARTS.get(part);
  return {
    provide: getCognitoToken(name, part),
    useFactory: (pools: CognitoPools) => {
      if (!pools.names.includes(name)) {
        throw new CognestError(
          'config_invalid',
          `@InjectCognito("${name}"): the option "pools" has no such name; there are ${pools.names.join(', ')}`,
        );
      }
      const pool = pools.get(name);
      return member === undefined ? pool : pool[member];
    },
    inject: [CognitoPools],
  };
}
