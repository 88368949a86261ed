import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { CognestError } from '../errors/cognest-error.js';
import { AccessRules } from '../guard/access-rules.js';
import { openWithCognito } from '../guard/closed-without-cognito.guard.js';
import { allGuardsOn, guardsOn } from '../guard/own-guard.js';
import { isGateway, isMessagePattern } from '../handlers/handler-kinds.js';
import { type HandlerClass, HandlerWalk } from '../handlers/handler-walk.js';
import { LazyModules } from '../handlers/lazy-modules.js';
import { decoratorsOf, ownRule } from '../policy/access-rule.js';
import { AttachedGuard, GuardedByCognito } from './attached-guard.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/**
 * Puts the guard on every gateway and every controller with message patterns. Nest wires those up before its
 * `onModuleInit`, and connected microservices earlier still, but never before all providers exist: so the constructor
 * of a provider is the place.
 */
@Injectable()
export class GuardAttachment implements OnModuleInit {
  readonly #walk: HandlerWalk;
  readonly #guard: AttachedGuard;
  readonly #rules: AccessRules;
  readonly #modules: ModulesContainer;
  readonly #lazy: LazyModules;

  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(AttachedGuard) guard: AttachedGuard,
    @Inject(AccessRules) rules: AccessRules,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(LazyModules) lazy: LazyModules,
  ) {
    this.#walk = walk;
    this.#guard = guard;
    this.#rules = rules;
    this.#modules = modules;
    this.#lazy = lazy;
    this.#attach();
    lazy.onLoaded(() => this.#attach());
  }

  #attach(): void {
    for (const { cls, wrapper } of this.#guarded()) {
      if (wrapper.host === undefined) throw unattachable(cls, 'belongs to no module');
      // The class is the process's, and may serve several apps: it names the guard, and each app has its own of it.
      for (const target of new Set([cls, cls.prototype.constructor as AnyFunction])) {
        const guards = allGuardsOn(target);
        if (!guards.includes(GuardedByCognito)) {
          // First, as a global guard is: the others find the user there.
          Reflect.defineMetadata(GUARDS_METADATA, [GuardedByCognito, ...guards], target);
        }
      }
      wrapper.host.addInjectable({ provide: GuardedByCognito, useValue: this.#guard } as never, 'guard');
    }
    openWithCognito(this.#modules);
  }

  /** @throws {CognestError} `config_invalid` where a handler would be called without its guard or by another rule. */
  onModuleInit(): void {
    // Of modules that Nest was just making, it may have put them back.
    openWithCognito(this.#modules);
    this.#check();
    this.#lazy.onLoaded(() => this.#check());
  }

  #check(): void {
    for (const { cls, wrapper } of this.#guarded()) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null) throw unattachable(cls, 'has no instance');
      if (!guardsOn(instance.constructor).includes(GuardedByCognito)) {
        throw unattachable(cls, 'makes instances of another class, which has none of its guards');
      }
      if (wrapper.host?.injectables.get(GuardedByCognito)?.instance !== this.#guard) {
        throw unattachable(cls, 'has had the guard taken away');
      }
    }
    for (const { cls, wrapper } of this.#walk.classes()) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null) continue;
      for (const { name, handler } of this.#walk.methodsOf(cls.prototype)) {
        this.#refuseReplaced(cls, instance, name, handler);
      }
    }
  }

  /** What Nest calls is the instance's method, and the guard reads the rule from that. */
  #refuseReplaced(cls: AnyFunction, instance: object, name: string, written: AnyFunction): void {
    const called: unknown = Reflect.get(instance, name);
    if (called === written || typeof called !== 'function') return;
    const rule = ownRule(written);
    const guards = guardsOn(written);
    // Nest, too, reads the guards from what it calls.
    const guardsLost = guards.some((guard) => !guardsOn(called).includes(guard));
    if (ownRule(called) === rule && !guardsLost) {
      if (rule === undefined) this.#rules.vouchFor(called);
      return;
    }
    const decorators = rule !== undefined ? decoratorsOf(rule) : guardsLost ? '@UseGuards()' : undefined;
    // It has a rule where the method has none: that is what holds.
    if (decorators === undefined) return;
    throw new CognestError(
      'config_invalid',
      `${cls.name}.${name}: ${decorators} has no effect, because the instance replaces the method (a bind in the ` +
        'constructor?); leave the method as it is',
    );
  }

  *#guarded(): Generator<HandlerClass> {
    for (const found of this.#walk.classes()) {
      const { kind, cls } = found;
      const methods = [...this.#walk.methodsOf(cls.prototype)];
      const answers =
        kind === 'provider' ? isGateway(cls) : methods.some(({ handler }) => isMessagePattern(handler));
      if (answers) yield found;
    }
  }
}

function unattachable(cls: AnyFunction, why: string): CognestError {
  return new CognestError(
    'config_invalid',
    `The guard cannot be put on ${cls.name}, which ${why}; make it an ordinary class of a module`,
  );
}
