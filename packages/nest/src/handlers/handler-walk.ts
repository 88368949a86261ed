import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** What Nest knows about one provider or controller. */
type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** A class that Nest makes a controller or a provider of. */
export interface HandlerClass {
  readonly kind: 'controller' | 'provider';
  readonly cls: AnyFunction;
  readonly wrapper: Wrapper;
}

/** A method, and how messages call it. */
export interface HandlerMethod {
  readonly name: string;
  readonly handler: AnyFunction;
}

/** A method of a controller or a provider, which Nest may call for a request or a message. */
export interface Handler extends HandlerClass, HandlerMethod {
  /** `Class.method`. */
  readonly where: string;
  readonly prototype: object;
}

/** The one way through everything that may be a handler: controllers before providers, each by module. */
@Injectable()
export class HandlerWalk {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
  }

  /** Classes as they are written, from the moment that Nest knows of them. No values, factories and aliases. */
  *classes(): Generator<HandlerClass> {
    for (const { kind, wrapper } of this.#wrappers()) {
      const { metatype: cls, isNotMetatype } = wrapper;
      if (!isNotMetatype && typeof cls === 'function' && typeof cls.prototype === 'object') {
        yield { kind, cls, wrapper };
      }
    }
  }

  /** Methods as Nest calls them: those of the instance, whatever has made it. */
  *handlers(): Generator<Handler> {
    for (const { kind, wrapper } of this.#wrappers()) {
      const prototype = prototypeOf(wrapper);
      const cls: unknown = prototype?.constructor;
      if (prototype === undefined || typeof cls !== 'function') continue;
      for (const { name, handler } of this.methodsOf(prototype)) {
        yield {
          kind,
          cls,
          wrapper,
          prototype,
          where: `${cls.name || '(anonymous class)'}.${name}`,
          name,
          handler,
        };
      }
    }
  }

  /** The methods of a prototype and of those that it inherits from. */
  *methodsOf(prototype: object): Generator<HandlerMethod> {
    for (const name of this.#scanner.getAllMethodNames(prototype)) {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler === 'function') yield { name, handler };
    }
  }

  *#wrappers(): Generator<{ kind: HandlerClass['kind']; wrapper: Wrapper }> {
    for (const wrapper of this.#discovery.getControllers()) yield { kind: 'controller', wrapper };
    for (const wrapper of this.#discovery.getProviders()) yield { kind: 'provider', wrapper };
  }
}

function prototypeOf({ instance, metatype }: Wrapper): object | undefined {
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
