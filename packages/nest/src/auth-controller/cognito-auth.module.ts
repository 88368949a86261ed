import {
  Controller,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnModuleInit,
  Optional,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { CognestError, configInvalid } from '../errors/cognest-error.js';
import { SWAGGER } from '../openapi/swagger-metadata.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { setHomePool } from '../policy/home-pool.js';
import { CognitoPools } from '../pools/cognito-pools.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { AccessSession } from './access-session.js';
import { AuthExchange } from './auth-exchange.js';
import {
  AUTH_CONTROLLER_OPTIONS,
  AUTH_SERVICE,
  type CognitoAuthModuleOptions,
  type ResolvedAuthOptions,
  readAuthOptions,
} from './auth-options.js';
import { CognitoAuthController } from './cognito-auth.controller.js';
import { distinguishMounted, rememberAuthOptions } from './document-endpoint.js';
import { partOf } from './endpoint.decorator.js';
import { FailedAttempts } from './failed-attempts.js';
import { GenuineGuard } from './genuine.guard.js';
import { JsonGuard } from './json.guard.js';
import { PlatformRefusals } from './platform-refusals.js';

/**
 * Ready-made endpoints for users' accounts, beside `CognitoModule`.
 *
 * @example `@Module({ imports: [CognitoModule.forRoot(), CognitoAuthModule.forRoot({ path: 'auth' })] })`
 */
@Module({})
export class CognitoAuthModule implements OnModuleInit {
  readonly #options: ResolvedAuthOptions;
  readonly #cognito: ResolvedCognitoOptions | undefined;
  readonly #modules: ModulesContainer;

  constructor(
    @Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions,
    // What is wrong with the options is not seen here, and stops the boot before onModuleInit().
    @Optional() @Inject(RESOLVED_OPTIONS) cognito: ResolvedCognitoOptions | undefined,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#options = options;
    this.#cognito = cognito;
    this.#modules = modules;
    // Here, since documents are made before an app is initialised, too.
    distinguishMounted(modules);
  }

  /** @throws {CognestError} `config_invalid` for a wrong or misspelt option. */
  static forRoot(options: CognitoAuthModuleOptions = {}): DynamicModule {
    const resolved = readAuthOptions(options);
    return {
      module: CognitoAuthModule,
      controllers: [mount(options.controller ?? CognitoAuthController, resolved)],
      providers: [
        { provide: AUTH_CONTROLLER_OPTIONS, useValue: resolved },
        {
          provide: AUTH_SERVICE,
          // Without CognitoModule there are none, which onModuleInit() says in words.
          useFactory: (pools: CognitoPools | undefined) =>
            (resolved.pool === undefined ? pools?.default : pools?.get(resolved.pool))?.auth,
          inject: [{ token: CognitoPools, optional: true }],
        },
        AccessSession,
        AuthExchange,
        FailedAttempts,
        GenuineGuard,
        JsonGuard,
        PlatformRefusals,
      ],
    };
  }

  /** @throws {CognestError} `config_invalid` */
  onModuleInit(): void {
    const { session, path, signInByChoice, uniformAnswers } = this.#options;
    if (this.#cognito === undefined) {
      throw new CognestError(
        'config_invalid',
        'CognitoAuthModule needs CognitoModule: import CognitoModule.forRoot() in the root module',
      );
    }
    if (this.#mountedAt(path) > 1) {
      throw new CognestError(
        'config_invalid',
        `CognitoAuthModule.forRoot() is called more than once for the path "${path}": give each its own "path"`,
      );
    }
    if (session !== undefined && !this.#cognito.tokenSources.includes(session)) {
      throw new CognestError(
        'config_invalid',
        'CognitoAuthModule: "session" is not among the "tokenSources" of CognitoModule, so no guard would read its ' +
          'cookies; name the same object in both',
      );
    }
    if (signInByChoice && uniformAnswers) {
      new Logger('CognitoAuthController').warn(
        `"signInByChoice" at /${path}: how a sign-in without a password begins tells whether there is an account that ` +
          'is not confirmed or is disabled, in spite of "uniformAnswers"; and of every account, unless the app client has ' +
          'PreventUserExistenceErrors ENABLED',
      );
    }
  }

  /** How many of these modules there are at a path, in which Express does not tell small from capital letters. */
  #mountedAt(path: string): number {
    const here = [...this.#modules.values()].filter((module) => {
      const options = module.providers.get(AUTH_CONTROLLER_OPTIONS)?.instance as
        | ResolvedAuthOptions
        | undefined;
      return options?.path.toLowerCase() === path.toLowerCase();
    });
    return here.length;
  }
}

/** A controller at the path, without the parts that are left out. The class that it is made of stays as it is. */
function mount(base: Type<CognitoAuthController>, resolved: ResolvedAuthOptions): Type {
  const { path, parts, pool } = resolved;
  if (
    typeof base !== 'function' ||
    !(base === CognitoAuthController || base.prototype instanceof CognitoAuthController)
  ) {
    throw configInvalid(
      'CognitoAuthModule: "controller"',
      'a class that extends CognitoAuthController',
      base,
    );
  }
  class Mounted extends base {}
  // Names of classes stand in logs, and in the operation ids of OpenAPI documents.
  Object.defineProperty(Mounted, 'name', { value: base.name });
  for (const name of new MetadataScanner().getAllMethodNames(CognitoAuthController.prototype)) {
    const original: unknown = Reflect.get(CognitoAuthController.prototype, name);
    const part = typeof original === 'function' ? partOf(original) : undefined;
    if (typeof original !== 'function' || part === undefined) continue;
    const used = Reflect.get(base.prototype, name) as object;
    if (used !== original) inheritDecorators(original, used);
    if (!parts.includes(part)) {
      // Without Nest's metadata it is no handler.
      Object.defineProperty(Mounted.prototype, name, { value: () => undefined, configurable: true });
    }
  }
  Controller(path)(Mounted);
  setHomePool(Mounted, { pool });
  rememberAuthOptions(Mounted, resolved);
  UseGuards(GenuineGuard, JsonGuard)(Mounted);
  Reflect.defineMetadata(SWAGGER.tags, [path], Mounted);
  return Mounted;
}

/** An override says anew only what it says itself. */
function inheritDecorators(original: object, override: object): void {
  // Decorated as a route of its own, it is one.
  if (Reflect.hasOwnMetadata('path', override)) return;
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    if (Reflect.hasOwnMetadata(key, override)) continue;
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), override);
  }
}
