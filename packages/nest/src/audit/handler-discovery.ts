import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { type Handler, HandlerWalk } from '../handlers/handler-walk.js';
import { fieldsAreGuarded } from '../transports/graphql-fields.js';
import { controllerEntryPoints, type EntryPoint, providerEntryPoints } from './entry-points.js';
import { routingConfig } from './http-paths.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** A method that Nest may call for a request or a message. */
export interface DiscoveredMethod extends Handler {
  /** How it is reached. None for a method of a controller that is no handler. */
  readonly entryPoints: readonly EntryPoint[];
}

/** Finds every handler of the app, on every transport, and how it is reached. */
@Injectable()
export class HandlerDiscovery {
  readonly #walk: HandlerWalk;
  readonly #ref: ModuleRef;
  readonly #modules: ModulesContainer;

  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(ModuleRef) ref: ModuleRef,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#walk = walk;
    this.#ref = ref;
    this.#modules = modules;
  }

  /** All methods of controllers, and those of resolvers and gateways that are handlers. */
  methods(): readonly DiscoveredMethod[] {
    const config = routingConfig(this.#ref, this.#modules);
    const withFields = fieldsAreGuarded(this.#modules) === true;
    const found = new Map<AnyFunction, Map<AnyFunction, DiscoveredMethod>>();
    for (const method of this.#walk.handlers()) {
      const { kind, handler, cls, wrapper } = method;
      const entryPoints =
        kind === 'controller'
          ? controllerEntryPoints(handler, cls, wrapper.host?.metatype, config)
          : providerEntryPoints(handler, cls, withFields);
      if (kind === 'provider' && entryPoints.length === 0) continue;
      const ofClass = found.get(cls) ?? new Map<AnyFunction, DiscoveredMethod>();
      found.set(cls, ofClass.set(handler, { ...method, entryPoints }));
    }
    return [...found.values()].flatMap((ofClass) => [...ofClass.values()]);
  }
}
