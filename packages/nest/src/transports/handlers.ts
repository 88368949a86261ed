import type { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** What Nest knows about one provider or controller. */
export type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

// Metadata keys of optional packages, which are not loaded for them. A test holds them against the packages.
const GATEWAY = 'websockets:is_gateway';
const GATEWAY_OPTIONS = 'websockets:gateway_options';
const GATEWAY_PORT = 'port';
const MESSAGE_MAPPING = 'websockets:message_mapping';
const PATTERN_HANDLER = 'microservices:handler_type';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** The class that Nest makes a provider or controller of; nothing for values, factories and aliases. */
export function classOf({ metatype, isNotMetatype }: Wrapper): AnyFunction | undefined {
  return !isNotMetatype && typeof metatype === 'function' && typeof metatype.prototype === 'object'
    ? metatype
    : undefined;
}

/** Whether Nest takes a provider's class for a WebSocket gateway. */
export function isGateway(cls: AnyFunction): boolean {
  return Reflect.hasMetadata(GATEWAY, cls);
}

/** Which socket server a gateway is on: gateways of one port, path and namespace share one. */
export function serverOfGateway(cls: AnyFunction): string {
  const options = (Reflect.getMetadata(GATEWAY_OPTIONS, cls) ?? {}) as ServerOptions;
  return serverOf((Reflect.getMetadata(GATEWAY_PORT, cls) as number | undefined) ?? 0, options);
}

interface ServerOptions {
  readonly namespace?: unknown;
  readonly path?: unknown;
}

export function serverOf(port: number, { namespace, path }: ServerOptions): string {
  // Nest adds the slash to a namespace, and an empty one is none.
  const name = namespace instanceof RegExp ? `${namespace}` : String(namespace ?? '').replace(/^\/?/, '/');
  return JSON.stringify([port, name === '/' ? '' : name, path ?? '']);
}

/** A gateway's methods that answer messages. */
export function socketMessages(scanner: MetadataScanner, prototype: object): AnyFunction[] {
  return methodsWith(MESSAGE_MAPPING, scanner, prototype);
}

/** A controller's methods that answer message patterns and event patterns. */
export function messagePatterns(scanner: MetadataScanner, prototype: object): AnyFunction[] {
  return methodsWith(PATTERN_HANDLER, scanner, prototype);
}

function methodsWith(key: string, scanner: MetadataScanner, prototype: object): AnyFunction[] {
  return scanner
    .getAllMethodNames(prototype)
    .map((name): unknown => Reflect.get(prototype, name))
    .filter(
      (method): method is AnyFunction => typeof method === 'function' && Reflect.hasMetadata(key, method),
    );
}
