import type { Carrier, HttpRequestLike } from '../guard/carrier.js';
import { CLOSE_UNAUTHENTICATED, requestCarrier } from './sockets.js';
import type { Connection, CredentialSources } from './transport.js';

/** A WebSocket over which GraphQL is spoken. */
interface GraphqlConnection extends Connection {
  carrierOf(sources: CredentialSources): Carrier;
}

/** What graphql-ws knows about a connection. Nest's driver for Apollo has it where HTTP has the request. */
interface GraphqlWsContext {
  readonly connectionParams?: unknown;
  readonly extra: { readonly socket: PlainSocket; readonly request: HttpRequestLike };
}

/** A socket of the `ws` library. */
interface PlainSocket {
  readonly readyState: number;
  once(event: 'close', listener: () => void): unknown;
  close(code: number, reason: string): void;
}

/** What Mercurius gives to resolvers that are called over a WebSocket. */
interface MercuriusContext {
  readonly _connectionInit: unknown;
  readonly request: HttpRequestLike & { readonly raw: NodeRequest };
}

interface NodeRequest {
  readonly rawHeaders: readonly string[];
  readonly socket: {
    readonly destroyed: boolean;
    once(event: 'close', listener: () => void): unknown;
    destroy(): unknown;
  };
}

const OPEN = 1;

// Looked through once: there may be a great many, and a client may subscribe a great many times.
const authorizations = new WeakMap<object, readonly string[]>();

/** The WebSocket over which an operation came; `undefined` for one that came over HTTP. */
export function graphqlConnectionOf(context: object | undefined): GraphqlConnection | undefined {
  if (context === undefined) return undefined;
  if ('_connectionInit' in context) return ofMercurius(context as MercuriusContext);
  const req: unknown = 'req' in context ? context.req : undefined;
  return isObject(req) && 'connectionInitReceived' in req
    ? ofGraphqlWs(req as unknown as GraphqlWsContext)
    : undefined;
}

function ofGraphqlWs({ connectionParams, extra: { socket, request } }: GraphqlWsContext): GraphqlConnection {
  return {
    key: socket,
    carrierOf: (sources) => withParams(requestCarrier(request, sources), connectionParams),
    isOpen: () => socket.readyState === OPEN,
    onClose: (listener) => socket.once('close', listener),
    end: (why) => socket.close(CLOSE_UNAUTHENTICATED, why),
  };
}

function ofMercurius({ _connectionInit, request }: MercuriusContext): GraphqlConnection {
  const { socket } = request.raw;
  return {
    key: socket,
    carrierOf: (sources) => withParams(requestCarrier(asItCame(request), sources), _connectionInit),
    isOpen: () => !socket.destroyed,
    onClose: (listener) => socket.once('close', listener),
    // Mercurius keeps its WebSocket to itself.
    end: () => socket.destroy(),
  };
}

/** Mercurius adds what a client has put into its `connectionParams` to the headers of the handshake. */
function asItCame(request: MercuriusContext['request']): HttpRequestLike {
  const { rawHeaders } = request.raw;
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    const value = rawHeaders[i + 1] as string;
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return Object.create(request, { headers: { value: headers } }) as HttpRequestLike;
}

/** The credentials of a handshake, and every `authorization` among what the client has said about its connection. */
function withParams(carrier: Carrier, params: unknown): Carrier {
  if (!isObject(params)) return carrier;
  let found = authorizations.get(params);
  if (found === undefined) {
    found = Object.entries(params)
      .filter(([name, value]) => name.toLowerCase() === 'authorization' && value !== null)
      // Anything but text is no well-formed credential.
      .map(([, value]) => (typeof value === 'string' ? value : 'Bearer'));
    authorizations.set(params, found);
  }
  return { ...carrier, authorization: [...carrier.authorization, ...found] };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
