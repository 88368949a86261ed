import type { ModulesContainer } from '@nestjs/core';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

// The names by which @nestjs/graphql knows things. It is not loaded for them: an app may lack it.
const OPTIONS = 'GqlModuleOptions';
const RESOLVER_TYPE = 'graphql:resolver_type';
const FIELD = 'graphql:resolve_property';
const REFERENCE = 'graphql:resolve_reference';
/** Tells which type of a union something is. Nest never calls a guard there. */
export const RESOLVE_TYPE = '__resolveType';
const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/** Whether a method is a `@ResolveReference()`, which a gateway of a federation reaches by `_entities`. */
export function isReference(handler: AnyFunction): boolean {
  return Reflect.getMetadata(REFERENCE, handler) === true;
}

/** Whether a method is a `@ResolveField()` of another type than the root ones, for which it is an operation. */
export function isField(handler: AnyFunction, cls: AnyFunction): boolean {
  return (
    Reflect.getMetadata(FIELD, handler) === true &&
    !ROOT_TYPES.includes(Reflect.getMetadata(RESOLVER_TYPE, cls) as string)
  );
}

/** Whether a method is a `@Subscription()`. */
export function isSubscription(handler: object): boolean {
  return Reflect.getMetadata(RESOLVER_TYPE, handler) === 'Subscription';
}

/**
 * Whether Nest calls guards for fields and references: `undefined` where the app has no GraphQL module; `false` where it
 * has one at least without `fieldResolverEnhancers: ['guards']`.
 */
export function fieldsAreGuarded(modules: ModulesContainer): boolean | undefined {
  const options = [...modules.values()]
    .filter((module) => module.providers.has(OPTIONS))
    .map((module) => module.providers.get(OPTIONS)?.instance as { fieldResolverEnhancers?: unknown } | null);
  if (options.length === 0) return undefined;
  return options.every((given) => {
    const enhancers = given?.fieldResolverEnhancers;
    return Array.isArray(enhancers) && enhancers.includes('guards');
  });
}
