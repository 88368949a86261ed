import { type CanActivate, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { CognitoGlobalGuard } from './cognito-auth.guard.js';

/** The part of Nest's own configuration of an app that says which guards it calls. */
interface GlobalGuards {
  getGlobalGuards(): CanActivate[];
}

/**
 * Whether Nest calls the module's guard. It does not where the module is loaded lazily, and several versions of Nest leave
 * it out, without a word, where it is made for each request: because the options are, or something that they are made of.
 * So this one depends on nothing that could be.
 */
@Injectable()
export class GuardInForce implements OnModuleInit {
  readonly #module: ModuleRef;
  readonly #modules: ModulesContainer;

  constructor(
    @Inject(ModuleRef) module: ModuleRef,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#module = module;
    this.#modules = modules;
    // Nest will call no hook of a module that comes now.
    if (adapterHost.listening) throw lazy();
  }

  /** @throws {CognestError} `config_invalid` */
  onModuleInit(): void {
    if (!this.#isForAll()) throw perRequest();
    const guard = this.#module.get(CognitoGlobalGuard, { strict: false });
    const { container } = this.#module as unknown as { container: { applicationConfig: GlobalGuards } };
    if (!container.applicationConfig.getGlobalGuards().includes(guard)) throw lazy();
  }

  /** Whether there is one guard for all requests. */
  #isForAll(): boolean {
    return [...this.#modules.values()].some(({ providers }) =>
      providers.get(CognitoGlobalGuard)?.isDependencyTreeStatic(),
    );
  }
}

function perRequest(): CognestError {
  return new CognestError(
    'config_invalid',
    'CognitoModule is made for each request, because its options are, or something that is injected into them: ' +
      'nothing would be guarded. Let them depend on nothing that is request-scoped or transient; to choose a pool for ' +
      'each request, configure all of them under "pools" and choose one by "resolvePool"',
  );
}

function lazy(): CognestError {
  return new CognestError(
    'config_invalid',
    'CognitoModule is loaded lazily, so that Nest never calls its guard: import CognitoModule.forRoot() in the root module',
  );
}
