import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, ModulesContainer } from '@nestjs/core';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type OPTIONS_TYPE,
} from './cognito.module-definition.js';
import { CognestError } from './errors/cognest-error.js';
import { AccessRules } from './guard/access-rules.js';
import { CognitoStrategy } from './guard/cognito.strategy.js';
import { CognitoAuthGuard, CognitoGlobalGuard } from './guard/cognito-auth.guard.js';
import { CognitoAuthenticator } from './guard/cognito-authenticator.js';
import { PolicyChecks } from './guard/policy-checks.js';
import { RouteCheck } from './guard/route-check.js';
import type { CognitoModuleOptions, ResolvedCognitoOptions } from './options/cognito-options.js';
import { isClient, resolveOptions } from './options/resolve-options.js';
import { CognitoAuthService } from './services/auth/cognito-auth.service.js';
import { CognitoApi, createClient } from './services/cognito-api.js';
import { CognitoGroupsService } from './services/cognito-groups.service.js';
import { CognitoUserPoolsService } from './services/cognito-user-pools.service.js';
import { CognitoUsersService } from './services/cognito-users.service.js';
import { COGNITO_CLIENT, RESOLVED_OPTIONS } from './tokens.js';

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
      useFactory: (options: CognitoModuleOptions | undefined) => {
        if (options !== undefined) return resolveOptions(options);
        throw new CognestError(
          'config_invalid',
          'CognitoModule is imported as it is, or forRootAsync gave no options; import CognitoModule.forRoot()',
        );
      },
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
    },
    { provide: COGNITO_CLIENT, useFactory: createClient, inject: [RESOLVED_OPTIONS] },
    { provide: CognitoIdentityProviderClient, useExisting: COGNITO_CLIENT },
    AccessRules,
    PolicyChecks,
    CognitoAuthenticator,
    CognitoStrategy,
    CognitoAuthGuard,
    RouteCheck,
    CognitoApi,
    CognitoAuthService,
    CognitoUsersService,
    CognitoGroupsService,
    CognitoUserPoolsService,
    { provide: APP_GUARD, useClass: CognitoGlobalGuard },
  ],
  exports: [
    RESOLVED_OPTIONS,
    COGNITO_CLIENT,
    CognitoIdentityProviderClient,
    AccessRules,
    CognitoAuthenticator,
    CognitoAuthGuard,
    CognitoAuthService,
    CognitoUsersService,
    CognitoGroupsService,
    CognitoUserPoolsService,
  ],
})
export class CognitoModule extends ConfigurableModuleClass implements OnModuleInit, OnModuleDestroy {
  readonly #modules: ModulesContainer;
  readonly #options: ResolvedCognitoOptions;
  readonly #client: CognitoIdentityProviderClient;

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(COGNITO_CLIENT) client: CognitoIdentityProviderClient,
  ) {
    super();
    this.#modules = modules;
    this.#options = options;
    this.#client = client;
  }

  /** With options from code; what is left out comes from the environment. */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    // biome-ignore lint/complexity/noThisInStatic: the base class makes the module of `this`
    return super.forRoot(options);
  }

  /** With options from `useFactory`, `useClass` or `useExisting`; what is left out comes from the environment. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    // biome-ignore lint/complexity/noThisInStatic: the base class makes the module of `this`
    return super.forRootAsync(options);
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
    // A client that was handed in may have other users.
    if (!isClient(this.#options.client)) this.#client.destroy();
  }
}
