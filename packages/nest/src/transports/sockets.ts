import { type Carrier, type HttpRequestLike, isCut } from '../guard/carrier.js';
import type { CredentialSources } from './transport.js';

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler is exactly any function
type AnyFunction = Function;

/** What is looked at of a client of socket.io. */
interface SocketIoClient {
  readonly handshake: { readonly auth?: unknown };
  readonly request: HttpRequestLike;
}

/** RFC 6455 section 7.4.2: 4000 to 4999 are an application's own. This one is HTTP's 401. */
export const CLOSE_UNAUTHENTICATED = 4401;

const NONE: Carrier = Object.freeze({ authorization: Object.freeze([]) });

// The `ws` library forgets which request a client came with.
const requests = new WeakMap<object, HttpRequestLike>();
const keepers = new WeakMap<object, Map<AnyFunction, object>>();

/** Remembers the request that opened a plain WebSocket. */
export function rememberRequest(client: object, request: HttpRequestLike): void {
  requests.set(client, request);
}

/** The credentials with which a client came: of its handshake's request, and what socket.io's clients give as `auth`. */
export function handshakeCarrier(client: object, sources: CredentialSources): Carrier {
  if (!isSocketIo(client)) {
    const request = requests.get(client);
    return request === undefined ? NONE : requestCarrier(request, sources);
  }
  const carrier = requestCarrier(client.request, sources);
  const auth: unknown = client.handshake.auth;
  const token = typeof auth === 'object' && auth !== null ? (auth as { token?: unknown }).token : undefined;
  if (token === undefined || token === null) return carrier;
  // Anything but text is no well-formed token, and neither is the empty one.
  return { ...carrier, tokens: [...(carrier.tokens ?? []), typeof token === 'string' ? token : ''] };
}

/**
 * The credentials of the request that opens a socket. Browsers send cookies along with a handshake from any page, and
 * ask nobody: those of another origin's page are not looked at.
 */
export function requestCarrier(request: HttpRequestLike, sources: CredentialSources): Carrier {
  const { origin, host } = request.headers ?? {};
  // Among what was dropped may be the origin.
  if (isCut(request)) return { authorization: [], cut: true };
  if (origin === undefined || (typeof origin === 'string' && hostOf(origin) === host)) {
    return sources.carrierOf(request);
  }
  const { cookie: _, ...headers } = request.headers ?? {};
  return sources.carrierOf({
    headers,
    ...(request.rawHeaders && { rawHeaders: withoutCookies(request.rawHeaders) }),
  });
}

/** One object for each handler of a client: a client has one token, and each handler its own policy. */
export function keeperOf(client: object, handler: AnyFunction): object {
  let ofClient = keepers.get(client);
  if (ofClient === undefined) {
    ofClient = new Map();
    keepers.set(client, ofClient);
  }
  let keeper = ofClient.get(handler);
  if (keeper === undefined) {
    keeper = {};
    ofClient.set(handler, keeper);
  }
  return keeper;
}

/** What {@link keeperOf} has made for a client: by handler, of those that the guard has decided about. */
export function keepersOf(client: object): Iterable<readonly [AnyFunction, object]> {
  return keepers.get(client) ?? [];
}

function isSocketIo(client: object): client is SocketIoClient {
  return 'handshake' in client && typeof client.handshake === 'object' && client.handshake !== null;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

function withoutCookies(raw: readonly string[]): readonly string[] {
  return raw.filter((_, i) => raw[i - (i % 2)]?.toLowerCase() !== 'cookie');
}
