import type { ArgumentsHost } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import type { Carrier, HttpRequestLike } from '../guard/carrier.js';
import { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import { stateOf } from '../guard/request-state.js';
import { graphqlConnectionOf } from './graphql-connections.js';
import { isReference } from './graphql-fields.js';
import { keeperOf, keepersOf } from './sockets.js';
import type { Failure, Transport } from './transport.js';

const NONE: Carrier = Object.freeze({ authorization: Object.freeze([]) });

/** What Nest's drivers hand to resolvers, and the app's own context may add to. */
interface GraphqlContext {
  /** The HTTP request; what graphql-ws has for a connection, on Apollo's sockets. */
  readonly req?: HttpRequestLike;
  readonly reply?: { readonly request?: HttpRequestLike };
}

interface FieldInfo {
  readonly fieldName?: string;
  readonly operation?: { readonly operation?: string };
}

/** Apollo's names for what went wrong. */
const CODES = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
} as const;

/**
 * A refusal as GraphQL knows errors: any error's `extensions` are the client's. It stays an exception of Nest's, which
 * logs whatever else a resolver throws: a log that strangers can fill.
 */
export class GraphqlRefusal extends CognitoAuthException {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor({ refusal }: CognitoAuthException) {
    super(refusal);
    this.extensions = { ...extensionsOf(refusal), code: CODES[refusal.status], reason: refusal.code };
    this.stack = stackless(this);
  }
}

/**
 * Any other failure as GraphQL knows errors. What it comes from is no part of it: Cognito's message may quote the input,
 * and servers write causes into their logs.
 */
export class GraphqlFailure extends Error {
  override readonly name = 'GraphqlFailure';
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(failure: Failure) {
    super(failure.detail);
    this.extensions = extensionsOf(failure);
    this.stack = stackless(this);
  }
}

function extensionsOf({ status, code, retryAfterS }: Failure): Readonly<Record<string, unknown>> {
  return { code, status, ...(retryAfterS !== undefined && { retryAfterS }) };
}

/** Apollo sends stacks to clients unless NODE_ENV is "production". There is nothing to find in this one. */
function stackless({ name, message }: Error): string {
  return `${name}: ${message}`;
}

/**
 * `@nestjs/graphql`, with Apollo and with Mercurius. The token of queries and mutations is that of the HTTP request; that
 * of subscriptions, and of whatever else comes over a WebSocket, is in the `connectionParams`, or in the handshake.
 */
export const graphqlTransport: Transport = {
  type: 'graphql',
  carrierOf(context, sources) {
    const { given, info } = argsOf(context);
    const connection = graphqlConnectionOf(given);
    if (connection !== undefined) return connection.carrierOf(sources);
    const operation = info?.operation?.operation;
    if (operation !== 'query' && operation !== 'mutation') {
      throw new CognestError(
        'config_invalid',
        `${context.getClass().name}.${context.getHandler().name}: the connection of this subscription is not to be ` +
          'found in the context, so that it would not end with its token; have the subscriptions of the driver, and ' +
          'no "req" in the context that the driver has not put there',
      );
    }
    const request = given?.req ?? given?.reply?.request;
    return request === undefined ? NONE : sources.carrierOf(request);
  },
  connectionOf: (context) => graphqlConnectionOf(argsOf(context).given),
  // GraphQL makes an info for each call of a resolver, but one for all references of an operation.
  keeperOf(context) {
    const handler = context.getHandler();
    const { info } = argsOf(context);
    const reference: unknown = isReference(handler) ? context.getArgByIndex(0) : undefined;
    return keeperOf(isObject(reference) ? reference : (info ?? {}), handler);
  },
  isAuthenticated(host) {
    const { info } = argsOf(host);
    const reference = info?.fieldName === '_entities' ? host.getArgByIndex<unknown>(0) : undefined;
    const keepers = keepersOf(isObject(reference) ? reference : (info ?? {}));
    return [...keepers].some(([, keeper]) => stateOf(keeper)?.decision?.admitted === true);
  },
  refuse: async (exception) => new GraphqlRefusal(exception),
};

/** Reference resolvers have no arguments, so that the others are counted from the end. */
function argsOf(context: ArgumentsHost): {
  given: GraphqlContext | undefined;
  info: FieldInfo | undefined;
} {
  const [given, info] = context.getArgs<unknown[]>().slice(-2);
  return { given: isObject(given) ? given : undefined, info: isObject(info) ? info : undefined };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
