import type { ExecutionContext } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import { stateOf } from '../guard/request-state.js';
import type { Connection, Transport } from './transport.js';

/** What can be cut. Over HTTP/2 a request's socket stands for its one stream. */
interface Destroyable {
  readonly destroyed?: boolean;
  destroy(): unknown;
}

/** What is looked at of Node's request and response. */
interface NodeRequest {
  readonly socket?: Partial<Destroyable>;
}

interface NodeResponse extends Partial<Destroyable> {
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** HTTP, on Express and Fastify. The guard takes it through Passport; its refusals are Nest's own exceptions. */
export const httpTransport: Transport = {
  type: 'http',
  carrierOf: (context, sources) => sources.carrierOf(context.switchToHttp().getRequest()),
  keeperOf: (context) => context.switchToHttp().getRequest(),
  isAuthenticated: (host) => stateOf(host.switchToHttp().getRequest<object>())?.decision?.admitted === true,
  refuse: async (exception) => exception,
};

/**
 * The connection over which a stream of events is sent. It is cut: a client that reads slowly would keep an answer from
 * being finished.
 *
 * @throws {CognestError} `config_invalid` where the platform has none that could be cut.
 */
export function eventStreamOf(context: ExecutionContext): Connection {
  const http = context.switchToHttp();
  const response = ofNode<NodeResponse>(http.getResponse());
  // Requests that are made up, as by Fastify's `inject()`, have sockets which cannot.
  const cut = [ofNode<NodeRequest>(http.getRequest()).socket, response].find(isDestroyable);
  if (cut === undefined || typeof response.once !== 'function') {
    throw new CognestError(
      'config_invalid',
      `${context.getClass().name}.${context.getHandler().name}: the HTTP platform has no connection that could be cut ` +
        'when the token of this stream expires; use Express or Fastify, or put @Public() on the handler',
    );
  }
  return {
    key: response,
    // Node tells the responses that wait for their turn on a connection nothing of its end.
    isOpen: () => cut.destroyed !== true && !response.writableFinished,
    onClose: (listener) => response.once('close', listener),
    end: () => cut.destroy(),
  };
}

function isDestroyable(target: Partial<Destroyable> | undefined): target is Destroyable {
  return typeof target?.destroy === 'function';
}

/** Fastify keeps Node's own objects in `raw`. */
function ofNode<Kind>(given: { readonly raw?: Kind }): Kind {
  return given.raw ?? (given as Kind);
}
