import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { CognestError, show } from '../errors/cognest-error.js';
import { refuseNonObject } from './checks.js';
import type { CognitoModuleOptions, CognitoOptionsFactory } from './cognito-options.js';

/** Where options come from when they are not given in code. */
interface Ways {
  readonly useFactory?: unknown;
  readonly useClass?: unknown;
  readonly useExisting?: unknown;
}

const CALL = 'CognitoModule.forRootAsync()';
const METHOD = 'createCognitoOptions' satisfies keyof CognitoOptionsFactory;
const EXPECTED = 'the options, or a promise of them ({} takes all of them from the environment)';

/** @throws {CognestError} `config_invalid` unless there is one of the three, of the right kind. */
export function checkWays(ways: Ways): void {
  const given = (['useFactory', 'useClass', 'useExisting'] as const).filter((way) => ways[way] !== undefined);
  if (given.length !== 1) {
    throw new CognestError(
      'config_invalid',
      `${CALL} takes one of useFactory, useClass and useExisting, got ${given.join(' and ') || 'none'}`,
    );
  }
  const { useFactory, useClass, useExisting } = ways;
  refuseOther('useFactory', useFactory, 'a function that returns the options', ['function']);
  refuseOther('useClass', useClass, `a class with the method ${METHOD}()`, ['function']);
  const tokens = ['function', 'string', 'symbol'];
  refuseOther(
    'useExisting',
    useExisting,
    `a class, or a token, of a provider with the method ${METHOD}()`,
    tokens,
  );
}

function refuseOther(way: keyof Ways, given: unknown, expected: string, kinds: readonly string[]): void {
  if (given === undefined || kinds.includes(typeof given)) return;
  // What was given may be the options, with their secrets.
  const sort = given === null ? 'null' : Array.isArray(given) ? 'a list' : `a value of type ${typeof given}`;
  throw new CognestError('config_invalid', `${CALL}: "${way}" must be ${expected}, got ${sort}`);
}

/**
 * The provider of the options as Nest makes it, with what comes out of it looked at: Nest calls a method that is not
 * there, and takes nothing for an answer.
 *
 * @param token - of the options.
 */
export function withCheckedOptions(
  providers: readonly Provider[],
  token: InjectionToken,
  ways: Ways,
): Provider[] {
  return providers.map((provider) =>
    isFactory(provider) && provider.provide === token
      ? { ...provider, useFactory: ways.useFactory === undefined ? fromObject(ways) : fromFactory(provider) }
      : provider,
  );
}

function isFactory(provider: Provider): provider is FactoryProvider {
  return 'useFactory' in provider;
}

function fromFactory({ useFactory }: FactoryProvider): FactoryProvider['useFactory'] {
  return async (...injected: unknown[]) =>
    checked(`what "useFactory" returns`, await useFactory(...injected));
}

function fromObject({ useClass, useExisting }: Ways): FactoryProvider['useFactory'] {
  const way = useClass === undefined ? 'useExisting' : 'useClass';
  const named = nameOf(useClass ?? useExisting);
  return async (factory: Partial<CognitoOptionsFactory> | null | undefined) => {
    if (typeof factory?.[METHOD] !== 'function') {
      throw new CognestError(
        'config_invalid',
        `${CALL}: "${way}" is ${named}, which has no method ${METHOD}(): let it implement CognitoOptionsFactory, ` +
          `whose ${METHOD}() returns ${EXPECTED}`,
      );
    }
    return checked(`what ${METHOD}() of ${named} returns`, await factory[METHOD]());
  };
}

function checked(what: string, options: unknown): CognitoModuleOptions {
  refuseNonObject(`${CALL}: ${what}`, EXPECTED, options);
  return options as CognitoModuleOptions;
}

function nameOf(token: unknown): string {
  if (typeof token === 'function') return token.name || 'a class without a name';
  return typeof token === 'symbol' ? String(token) : show(token);
}
