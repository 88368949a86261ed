import type { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** What Nest knows about one provider or controller. */
export type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

// Metadata keys of optional packages, which are not loaded for them. A test holds them against the packages.
const GATEWAY = 'websockets:is_gateway';
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

/** The names of a controller's methods that answer message patterns and event patterns. */
export function messagePatterns(scanner: MetadataScanner, prototype: object): string[] {
  return methodsWith(PATTERN_HANDLER, scanner, prototype);
}

function methodsWith(key: string, scanner: MetadataScanner, prototype: object): string[] {
  return scanner.getAllMethodNames(prototype).filter((name) => {
    const method: unknown = Reflect.get(prototype, name);
    return typeof method === 'function' && Reflect.hasMetadata(key, method);
  });
}
