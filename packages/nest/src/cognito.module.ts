import {
  type DynamicModule,
  Inject,
  Module,
  type OnModuleDestroy,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, ModulesContainer } from '@nestjs/core';
import { CognitoRouteAudit } from './audit/cognito-route-audit.js';
import { HandlerDiscovery } from './audit/handler-discovery.js';
import {
  type ASYNC_OPTIONS_TYPE,
  type CognitoModuleExtras,
  ConfigurableModuleClass,
  type OPTIONS_TYPE,
} from './cognito.module-definition.js';
import { CognestError, configInvalid, refuseUnknownKeys } from './errors/cognest-error.js';
import { AccessRules } from './guard/access-rules.js';
import { CognitoStrategy } from './guard/cognito.strategy.js';
import { CognitoAuthGuard, CognitoGlobalGuard } from './guard/cognito-auth.guard.js';
import { CognitoAuthenticator } from './guard/cognito-authenticator.js';
import { GuardInForce } from './guard/guard-in-force.js';
import { HttpPlatform } from './guard/http-platform.js';
import { PolicyChecks } from './guard/policy-checks.js';
import { RouteCheck } from './guard/route-check.js';
import { HandlerWalk } from './handlers/handler-walk.js';
import { LazyModules } from './handlers/lazy-modules.js';
import { checkWays, withCheckedOptions } from './options/async-options.js';
import { refuseNonList, refuseNonObject, refuseNonSwitch } from './options/checks.js';
import type { CognitoModuleOptions, ResolvedCognitoOptions } from './options/cognito-options.js';
import { hasDefaultPool, namesUnder, resolveOptions } from './options/resolve-options.js';
import { DEFAULT_POOL } from './options/resolve-pool.js';
import { CognitoPools } from './pools/cognito-pools.js';
import { DEFAULT_POOL_PROVIDERS, namedPoolProviders } from './pools/pool-providers.js';
import { RevocationRecorder } from './revocations/revocation-recorder.js';
import { CognitoApi } from './services/cognito-api.js';
import { COGNITO_APIS, COGNITO_CLIENT, COGNITO_OPTIONS, RESOLVED_OPTIONS } from './tokens.js';
import { AttachedGuard } from './transports/attached-guard.js';
import { GraphqlFieldCheck } from './transports/graphql-field-check.js';
import { GuardAttachment } from './transports/guard-attachment.js';
import { SocketGate } from './transports/socket-gate.js';
import { TokenLifetimes } from './transports/token-lifetimes.js';

const CALL_ASYNC = 'CognitoModule.forRootAsync()';

type AsyncOptions = typeof ASYNC_OPTIONS_TYPE & CognitoAsyncExtras;

/** What `forRootAsync` takes: the compiler sees to it that it is all. */
const ASYNC: Readonly<Record<keyof AsyncOptions, true>> = {
  useFactory: true,
  useClass: true,
  useExisting: true,
  inject: true,
  imports: true,
  provideInjectionTokensFrom: true,
  poolNames: true,
  isGlobal: true,
  exceptionFilter: true,
};

/** What `forRootAsync` was told about the names under `pools`. */
const POOL_NAMES = Symbol('cognest:pool-names');

/** What `forRootAsync` takes beside the builder's own: what must be known before the options are. */
export interface CognitoAsyncExtras {
  /**
   * The names that `pools` will have, so that each can be injected with `@InjectCognito(name)`. Default: none, and
   * `pools` must be left out.
   */
  poolNames?: readonly string[] | undefined;
}

/**
 * Cognito for a Nest app: import it once, in the root module. Every handler that is not `@Public()` is closed from
 * then on (`protect: 'all'`), and the services can be injected everywhere.
 *
 * @example `@Module({ imports: [CognitoModule.forRoot({ userPoolId, clientId })] })`
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: RESOLVED_OPTIONS,
      useFactory: (options: CognitoModuleOptions | undefined, poolNames: readonly string[] | undefined) => {
        if (options === undefined) {
          throw new CognestError(
            'config_invalid',
            'CognitoModule is imported as it is; import CognitoModule.forRoot()',
          );
        }
        const resolved = resolveOptions(options);
        if (poolNames !== undefined) comparePoolNames(poolNames, namesUnder(options.pools));
        return resolved;
      },
      inject: [
        { token: COGNITO_OPTIONS, optional: true },
        { token: POOL_NAMES, optional: true },
      ],
    },
    {
      provide: COGNITO_APIS,
      useFactory: ({ pools }: ResolvedCognitoOptions) => pools.map((pool) => new CognitoApi(pool)),
      inject: [RESOLVED_OPTIONS],
    },
    { provide: CognitoApi, useFactory: ([first]: readonly CognitoApi[]) => first, inject: [COGNITO_APIS] },
    {
      provide: CognitoPools,
      useFactory: (apis: readonly CognitoApi[], { resolvePool }: ResolvedCognitoOptions) =>
        new CognitoPools(apis, resolvePool),
      inject: [COGNITO_APIS, RESOLVED_OPTIONS],
    },
    ...DEFAULT_POOL_PROVIDERS,
    {
      provide: COGNITO_CLIENT,
      useFactory: (pools: CognitoPools) => pools.default.client,
      inject: [CognitoPools],
    },
    GuardInForce,
    HttpPlatform,
    AccessRules,
    PolicyChecks,
    CognitoAuthenticator,
    CognitoStrategy,
    CognitoAuthGuard,
    HandlerWalk,
    LazyModules,
    HandlerDiscovery,
    RouteCheck,
    GraphqlFieldCheck,
    CognitoRouteAudit,
    RevocationRecorder,
    AttachedGuard,
    GuardAttachment,
    TokenLifetimes,
    SocketGate,
    CognitoGlobalGuard,
    { provide: APP_GUARD, useExisting: CognitoGlobalGuard },
  ],
  exports: [
    RESOLVED_OPTIONS,
    COGNITO_APIS,
    COGNITO_CLIENT,
    CognitoApi,
    CognitoPools,
    ...DEFAULT_POOL_PROVIDERS.map(({ provide }) => provide),
    AccessRules,
    CognitoAuthenticator,
    CognitoAuthGuard,
    TokenLifetimes,
    CognitoRouteAudit,
  ],
})
export class CognitoModule extends ConfigurableModuleClass implements OnModuleInit, OnModuleDestroy {
  readonly #modules: ModulesContainer;
  readonly #apis: readonly CognitoApi[];

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(COGNITO_APIS) apis: readonly CognitoApi[],
  ) {
    super();
    this.#modules = modules;
    this.#apis = apis;
  }

  /** With options from code; what is left out comes from the environment. */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    refuseNonObject('CognitoModule.forRoot(): the options', 'an object', options);
    refuseExtras('CognitoModule.forRoot()', options);
    const names = namesUnder(options.pools);
    // biome-ignore lint/complexity/noThisInStatic: the base class makes the module of `this`
    return withPools(super.forRoot(options), hasDefaultPool(options) ? [DEFAULT_POOL, ...names] : names);
  }

  /** With options from `useFactory`, `useClass` or `useExisting`; what is left out comes from the environment. */
  static override forRootAsync(options: AsyncOptions): DynamicModule {
    const expected = 'an object with useFactory, useClass or useExisting';
    refuseNonObject(`${CALL_ASYNC}: what it takes`, expected, options);
    refuseUnknownKeys(`${CALL_ASYNC}: what it takes`, options, Object.keys(ASYNC));
    refuseExtras(CALL_ASYNC, options);
    refuseNonList(`"imports" of ${CALL_ASYNC}`, 'a list of modules', options.imports);
    refuseNonList(`"inject" of ${CALL_ASYNC}`, 'a list of what the factory takes', options.inject);
    const { poolNames = [], ...rest } = options;
    if (!Array.isArray(poolNames) || !poolNames.every((name) => typeof name === 'string')) {
      throw configInvalid(`"poolNames" of ${CALL_ASYNC}`, 'a list of names', poolNames);
    }
    if (new Set(poolNames).size < poolNames.length) {
      throw configInvalid(`"poolNames" of ${CALL_ASYNC}`, 'a list with each name once', poolNames);
    }
    checkWays(rest);
    // biome-ignore lint/complexity/noThisInStatic: the base class makes the module of `this`
    const module = super.forRootAsync(rest);
    const providers = withCheckedOptions(module.providers ?? [], COGNITO_OPTIONS, rest);
    return withPools({ ...module, providers }, poolNames, [{ provide: POOL_NAMES, useValue: poolNames }]);
  }

  onModuleInit(): void {
    const imports = [...this.#modules.values()].filter(({ metatype }) => metatype === CognitoModule).length;
    if (imports > 1) {
      throw new CognestError(
        'config_invalid',
        'CognitoModule.forRoot() is called more than once; call it once, in the root module, ' +
          'and inject its services anywhere',
      );
    }
  }

  onModuleDestroy(): void {
    for (const api of this.#apis) api.destroy();
  }
}

/**
 * The module with what `@InjectCognito(name)` finds. Nest reads the lists when the app is made: by then every class has
 * been decorated, so that every name that is asked for is known.
 */
function withPools(module: DynamicModule, names: readonly string[], more: Provider[] = []): DynamicModule {
  const { providers = [], exports = [] } = module;
  return {
    ...module,
    get providers() {
      return [...providers, ...more, ...namedPoolProviders(names)];
    },
    get exports() {
      return [...exports, COGNITO_OPTIONS, ...namedPoolProviders(names).map(({ provide }) => provide)];
    },
  };
}

function refuseExtras(call: string, { isGlobal, exceptionFilter }: CognitoModuleExtras): void {
  refuseNonSwitch(`"isGlobal" of ${call}`, isGlobal);
  refuseNonSwitch(`"exceptionFilter" of ${call}`, exceptionFilter);
}

function comparePoolNames(announced: readonly string[], given: readonly string[]): void {
  const missing = given.filter((name) => !announced.includes(name));
  const absent = announced.filter((name) => !given.includes(name));
  if (missing.length === 0 && absent.length === 0) return;
  throw new CognestError(
    'config_invalid',
    `"poolNames" of CognitoModule.forRootAsync() must be the names under "pools", which are ${list(given)}; ` +
      `got ${list(announced)}`,
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
