import type { ModulesContainer } from '@nestjs/core';
import type { ResolvedAuthOptions } from './auth-options.js';
import { hasNoBodyInSession, partOf, problemResponse } from './endpoint.decorator.js';
import { findThrottlerStorage } from './throttler-storage.js';

const MOUNTED = 'cognest:auth-controller-options';

/** Keeps with a controller the options that it is mounted with: its handlers are those of every such controller. */
export function rememberAuthOptions(cls: object, options: ResolvedAuthOptions): void {
  Reflect.defineMetadata(MOUNTED, options, cls);
}

/**
 * Gives each ready-made controller of an app a name of its own: the first keeps that of its class, the next get their
 * paths behind. `@nestjs/swagger` makes the ids of operations of them, whether {@link distinguishEndpoints} comes after
 * it or not.
 */
export function distinguishMounted(modules: ModulesContainer): void {
  const classes = [...modules.values()].flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : [])),
  );
  const mountedAs = (cls: object) => Reflect.getOwnMetadata(MOUNTED, cls) as ResolvedAuthOptions | undefined;
  const taken = new Set(classes.filter((cls) => mountedAs(cls) === undefined).map(({ name }) => name));
  for (const cls of classes) {
    const options = mountedAs(cls);
    if (options === undefined) continue;
    const name = freeName(cls.name, options.path, taken);
    taken.add(name);
    if (name !== cls.name) Object.defineProperty(cls, 'name', { value: name });
  }
}

function freeName(name: string, path: string, taken: ReadonlySet<string | undefined>): string {
  let free = name;
  for (let more = 1; taken.has(free); more++) {
    free = `${name}_${path.replace(/\W/g, '_')}${more === 1 ? '' : `_${more}`}`;
  }
  return free;
}

/**
 * Gives each operation of ready-made controllers an id of its own, however the app makes ids: of two that are the same,
 * generators of clients make one method.
 *
 * @param operations - all of the document, in its order, with the class that each is of, where that is known.
 */
export function distinguishEndpoints(
  operations: readonly { readonly operation: Operation; readonly cls: object | undefined }[],
): void {
  const mounted = operations.flatMap(({ operation, cls }) => {
    const options = cls && (Reflect.getMetadata(MOUNTED, cls) as ResolvedAuthOptions | undefined);
    return options === undefined ? [] : [{ operation, path: options.path }];
  });
  const ours = new Set(mounted.map(({ operation }) => operation));
  const taken = new Set(
    operations.flatMap(({ operation }) => (ours.has(operation) ? [] : operation.operationId)),
  );
  for (const { operation, path } of mounted) {
    const { operationId } = operation;
    if (operationId === undefined) continue;
    const id = freeName(operationId, path, taken);
    taken.add(id);
    operation.operationId = id;
  }
}

interface Operation {
  operationId?: string | undefined;
  parameters?: unknown;
  requestBody?: unknown;
  responses?: Record<string, unknown>;
}

/** Says in an operation of a ready-made controller what depends on how that one is mounted, and on the app. */
export function documentEndpoint(
  operation: Operation,
  { handler, cls }: { readonly handler: object; readonly cls: object },
  {
    modules,
    safe,
  }: {
    readonly modules: ModulesContainer;
    /** Whether the method changes nothing, so that nothing is checked for forgery. */
    readonly safe: boolean;
  },
): void {
  const options = Reflect.getMetadata(MOUNTED, cls) as ResolvedAuthOptions | undefined;
  if (options === undefined) return;
  const { session, throttle } = options;
  // A handler of the app's own documents itself.
  if (partOf(handler) !== undefined) {
    if (throttle === false || findThrottlerStorage(modules) === undefined)
      delete operation.responses?.['429'];
    if (session !== undefined && hasNoBodyInSession(handler)) delete operation.requestBody;
  }
  if (session === undefined || safe) return;
  operation.responses ??= {};
  operation.responses['403'] ??= problemResponse('Nothing proves that a page of this site sent the request.');
  const parameters = Array.isArray(operation.parameters) ? (operation.parameters as unknown[]) : [];
  operation.parameters = [
    ...parameters,
    {
      in: 'header',
      name: session.csrfHeader,
      required: true,
      description: 'Any value: no page of another site can send it unasked.',
      schema: { type: 'string', minLength: 1, example: '1' },
    },
  ];
}
