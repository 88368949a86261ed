import type { ExecutionContext } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import type { Connection, Transport } from './transport.js';

/** What is looked at of Node's request and response. Over HTTP/2 the socket stands for the one stream. */
interface NodeRequest {
  readonly socket?: { readonly destroyed: boolean; destroy(): unknown };
}

interface NodeResponse {
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** HTTP, on Express and Fastify. The guard takes it through Passport; its refusals are Nest's own exceptions. */
export const httpTransport: Transport = {
  type: 'http',
  carrierOf: (context, sources) => sources.carrierOf(context.switchToHttp().getRequest()),
  keeperOf: (context) => context.switchToHttp().getRequest(),
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
  const { socket } = ofNode<NodeRequest>(http.getRequest());
  const response = ofNode<NodeResponse>(http.getResponse());
  if (typeof socket?.destroy !== 'function' || typeof response.once !== 'function') {
    throw new CognestError(
      'config_invalid',
      `${context.getClass().name}.${context.getHandler().name}: the HTTP platform has no socket that could be closed ` +
        'when the token of this stream expires; use Express or Fastify, or put @Public() on the handler',
    );
  }
  return {
    key: response,
    // Node tells the responses that wait for their turn on a connection nothing of its end.
    isOpen: () => !socket.destroyed && !response.writableFinished,
    onClose: (listener) => response.once('close', listener),
    end: () => socket.destroy(),
  };
}

/** Fastify keeps Node's own objects in `raw`. */
function ofNode<Kind>(given: { readonly raw?: Kind }): Kind {
  return given.raw ?? (given as Kind);
}
