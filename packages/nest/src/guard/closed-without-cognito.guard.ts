import { type CanActivate, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { RESOLVED_OPTIONS } from '../tokens.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a class is exactly any function
type AnyFunction = Function;

/**
 * Stands on every class that has a condition on itself or on one of its methods. Conditions are only words without
 * `CognitoModule`, whose guard asks for them: an app that forgets the module does not start, and should its hooks never be
 * called, lets nobody in. Where there is the module, it takes this guard away, so that it costs a request nothing.
 *
 * A test that wants decorated handlers without the module says so:
 * `Test.createTestingModule({ … }).overrideGuard(ClosedWithoutCognito).useValue({ canActivate: () => true })`.
 */
@Injectable()
export class ClosedWithoutCognito implements CanActivate, OnModuleInit {
  readonly #modules: ModulesContainer;
  #open = false;

  constructor(@Inject(ModulesContainer) modules: ModulesContainer) {
    this.#modules = modules;
  }

  /** @throws {CognestError} `config_invalid` in an app without the module. */
  onModuleInit(): void {
    if (this.canActivate()) return;
    throw new CognestError(
      'config_invalid',
      `${this.#decorated() ?? 'A class'} says who may pass, and nobody would ask: the app has no CognitoModule. Import ` +
        'CognitoModule.forRoot() in its root module; in a test, that with the moduleOptions() of @cognest/testing, or ' +
        'overrideGuard(ClosedWithoutCognito) to leave it open. Where it is imported, two copies of @cognest/nest are ' +
        'installed: "npm ls @cognest/nest" shows them',
    );
  }

  canActivate(): boolean {
    // Options that are made for each request are none: Nest makes no guard of them.
    this.#open ||= [...this.#modules.values()].some(({ providers }) =>
      providers.get(RESOLVED_OPTIONS)?.isDependencyTreeStatic(),
    );
    return this.#open;
  }

  /** The name of a class on which this guard stands. */
  #decorated(): string | undefined {
    for (const { controllers, providers } of this.#modules.values()) {
      for (const { metatype } of [...controllers.values(), ...providers.values()]) {
        if (typeof metatype === 'function' && isClosedWithoutCognito(metatype))
          return metatype.name || undefined;
      }
    }
    return undefined;
  }
}

/** Puts {@link ClosedWithoutCognito} on a class, before guards of the app's own. */
export function closeWithoutCognito(cls: AnyFunction): void {
  if (isClosedWithoutCognito(cls)) return;
  const guards = (Reflect.getMetadata(GUARDS_METADATA, cls) ?? []) as unknown[];
  Reflect.defineMetadata(GUARDS_METADATA, [ClosedWithoutCognito, ...guards], cls);
}

/** Takes it away from all classes of an app that has the module. */
export function openWithCognito(modules: ModulesContainer): void {
  for (const module of modules.values()) {
    // What Nest finds under the name cannot be a guard, and is none then.
    if (module.injectables.get(ClosedWithoutCognito)?.instance instanceof Nothing) continue;
    if (!module.injectables.has(ClosedWithoutCognito)) continue;
    module.addInjectable({ provide: ClosedWithoutCognito, useValue: new Nothing() } as never, 'guard');
  }
}

class Nothing {}

function isClosedWithoutCognito(cls: AnyFunction): boolean {
  return ((Reflect.getMetadata(GUARDS_METADATA, cls) ?? []) as unknown[]).includes(ClosedWithoutCognito);
}
