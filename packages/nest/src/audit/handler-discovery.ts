import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModuleRef, ModulesContainer } from '@nestjs/core';
import { fieldsAreGuarded } from '../transports/graphql-fields.js';
import { controllerEntryPoints, type EntryPoint, providerEntryPoints } from './entry-points.js';
import { routingConfig } from './http-paths.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** A method that Nest may call for a request or a message. */
export interface DiscoveredMethod {
  /** `Class.method`. */
  readonly where: string;
  readonly name: string;
  readonly handler: AnyFunction;
  readonly cls: AnyFunction;
  readonly prototype: object;
  /** How it is reached. None for a method of a controller that is no handler. */
  readonly entryPoints: readonly EntryPoint[];
}

/** Finds every handler of the app, on every transport. */
@Injectable()
export class HandlerDiscovery {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #ref: ModuleRef;
  readonly #modules: ModulesContainer;

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
    @Inject(ModuleRef) ref: ModuleRef,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#ref = ref;
    this.#modules = modules;
  }

  /** All methods of controllers, and those of resolvers and gateways that are handlers. */
  methods(): readonly DiscoveredMethod[] {
    const config = routingConfig(this.#ref, this.#modules);
    const found = new Map<AnyFunction, Map<AnyFunction, DiscoveredMethod>>();
    const add = (method: DiscoveredMethod) => {
      const ofClass = found.get(method.cls) ?? new Map<AnyFunction, DiscoveredMethod>();
      found.set(method.cls, ofClass.set(method.handler, method));
    };
    for (const wrapper of this.#discovery.getControllers()) {
      for (const method of this.#methodsOf(wrapper)) {
        const module = wrapper.host?.metatype;
        add({ ...method, entryPoints: controllerEntryPoints(method.handler, method.cls, module, config) });
      }
    }
    const withFields = fieldsAreGuarded(this.#modules) === true;
    for (const wrapper of this.#discovery.getProviders()) {
      for (const method of this.#methodsOf(wrapper)) {
        const entryPoints = providerEntryPoints(method.handler, method.cls, withFields);
        if (entryPoints.length > 0) add({ ...method, entryPoints });
      }
    }
    return [...found.values()].flatMap((ofClass) => [...ofClass.values()]);
  }

  *#methodsOf(wrapper: {
    instance?: unknown;
    metatype?: unknown;
  }): Generator<Omit<DiscoveredMethod, 'entryPoints'>> {
    const prototype = prototypeOf(wrapper);
    if (prototype === undefined) return;
    const cls: unknown = Reflect.get(prototype, 'constructor');
    if (typeof cls !== 'function') return;
    for (const name of this.#scanner.getAllMethodNames(prototype)) {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler === 'function')
        yield { where: `${cls.name}.${name}`, name, handler, cls, prototype };
    }
  }
}

function prototypeOf({ instance, metatype }: { instance?: unknown; metatype?: unknown }): object | undefined {
  const prototype: unknown =
    typeof instance === 'object' && instance !== null
      ? Object.getPrototypeOf(instance)
      : typeof metatype === 'function'
        ? metatype.prototype
        : undefined;
  return typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype
    ? prototype
    : undefined;
}
