import type { ModulesContainer } from '@nestjs/core';
import type { ResolvedAuthOptions } from './auth-options.js';
import { hasNoBodyInSession, partOf, problemResponse } from './endpoint.decorator.js';
import { findThrottlerStorage } from './throttler-storage.js';

const MOUNTED = 'cognest:auth-controller-options';

/** Keeps with a controller the options that it is mounted with: its handlers are those of every such controller. */
export function rememberAuthOptions(cls: object, options: ResolvedAuthOptions): void {
  Reflect.defineMetadata(MOUNTED, options, cls);
}

interface Operation {
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
