import { RequestMethod } from '@nestjs/common';
import { isGateway, isSocketMessage } from '../handlers/handler-kinds.js';
import { isField, isReference, RESOLVE_TYPE } from '../transports/graphql-fields.js';
import { pathsOf, type RoutingConfig } from './http-paths.js';

/** How a handler is reached. */
export interface EntryPoint {
  readonly transport: 'http' | 'graphql' | 'ws' | 'rpc';
  /** `GET /reports/:id`, `query reports`, `field author`, `message "ping"`, `pattern {"cmd":"sum"}`, `event "created"`. */
  readonly address: string;
}

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler and a class is exactly any function
type AnyFunction = Function;

/** The metadata by which Nest and its optional packages know handlers. They are not imported: an app may lack them. */
const KEYS = {
  httpMethod: 'method',
  sse: '__sse__',
  graphqlType: 'graphql:resolver_type',
  graphqlName: 'graphql:resolver_name',
  message: 'message',
  gatewayOptions: 'websockets:gateway_options',
  patterns: 'microservices:pattern',
  patternType: 'microservices:handler_type',
} as const;

/** `PatternHandler.EVENT` of @nestjs/microservices. */
const EVENT = 2;
const OPERATIONS = ['Query', 'Mutation', 'Subscription'];

/** Every way in which a method of a controller is reached. Empty for a method that is no handler. */
export function controllerEntryPoints(
  handler: AnyFunction,
  cls: AnyFunction,
  module: AnyFunction | undefined,
  config: RoutingConfig,
): EntryPoint[] {
  const found: EntryPoint[] = [];
  const method: unknown = Reflect.getMetadata(KEYS.httpMethod, handler);
  if (typeof method === 'number') {
    const verb = Reflect.getMetadata(KEYS.sse, handler) === true ? 'SSE' : (RequestMethod[method] ?? 'ALL');
    for (const path of pathsOf(handler, cls, module, method, config)) {
      found.push({ transport: 'http', address: `${verb} ${path}` });
    }
  }
  const patterns: unknown = Reflect.getMetadata(KEYS.patterns, handler);
  if (patterns !== undefined) {
    const kind = Reflect.getMetadata(KEYS.patternType, handler) === EVENT ? 'event' : 'pattern';
    for (const pattern of Array.isArray(patterns) ? patterns : [patterns]) {
      found.push({ transport: 'rpc', address: `${kind} ${JSON.stringify(pattern)}` });
    }
  }
  return found;
}

/**
 * Every way in which a method of a provider is reached: of a resolver or of a gateway.
 *
 * @param withFields - whether fields are guarded, and so ways in of their own. A reference always is one.
 */
export function providerEntryPoints(
  handler: AnyFunction,
  cls: AnyFunction,
  withFields: boolean,
): EntryPoint[] {
  const found: EntryPoint[] = [];
  const type: unknown = Reflect.getMetadata(KEYS.graphqlType, cls);
  const ofType = typeof type === 'string' ? `${type}.` : '';
  if (isReference(handler)) {
    found.push({ transport: 'graphql', address: `reference ${ofType}${handler.name}` });
  } else if (withFields && isField(handler, cls) && handler.name !== RESOLVE_TYPE) {
    const name: unknown = Reflect.getMetadata(KEYS.graphqlName, handler);
    const field = typeof name === 'string' ? name : handler.name;
    found.push({ transport: 'graphql', address: `field ${ofType}${field}` });
  }
  const operation: unknown = Reflect.getMetadata(KEYS.graphqlType, handler);
  if (typeof operation === 'string' && OPERATIONS.includes(operation)) {
    const name: unknown = Reflect.getMetadata(KEYS.graphqlName, handler);
    const field = typeof name === 'string' ? name : handler.name;
    found.push({ transport: 'graphql', address: `${operation.toLowerCase()} ${field}` });
  }
  if (isGateway(cls) && isSocketMessage(handler)) {
    const message: unknown = Reflect.getMetadata(KEYS.message, handler);
    const { namespace = '' } = (Reflect.getMetadata(KEYS.gatewayOptions, cls) ?? {}) as {
      namespace?: unknown;
    };
    const where = namespace === '' ? '' : ` in ${String(namespace)}`;
    found.push({ transport: 'ws', address: `message ${JSON.stringify(message)}${where}` });
  }
  return found;
}
