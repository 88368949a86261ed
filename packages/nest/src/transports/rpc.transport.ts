import type { ArgumentsHost } from '@nestjs/common';
import { NEVER, type Observable, throwError } from 'rxjs';
import { BoundedLog, whereThrown } from '../errors/bounded-log.js';
import { CognestError } from '../errors/cognest-error.js';
import type { Carrier } from '../guard/carrier.js';
import { stateOf } from '../guard/request-state.js';
import { failGivenCall, grpcCallOf, grpcError, grpcStreamOf, isGivenCall } from './grpc-calls.js';
import {
  type Failure,
  failureBody,
  type MessageToken,
  refusalBody,
  type ServiceMessage,
  type Transport,
} from './transport.js';

const log = new BoundedLog('CognitoAuthGuard');

/**
 * Microservices. Transports that have metadata carry `authorization: Bearer <token>` there, as HTTP does; the others
 * (TCP, Redis) have no such place, and the option `messageToken` says where their messages hold the token.
 */
export const rpcTransport: Transport = {
  type: 'rpc',
  carrierOf(context, { messageToken }) {
    const rpc = context.switchToRpc();
    const given = isGivenCall(context) ? grpcCallOf(context)?.metadata : rpc.getContext<unknown>();
    const message: ServiceMessage = { data: rpc.getData(), context: given };
    return messageToken === undefined
      ? { authorization: metadataOf(message.context) }
      : extracted(messageToken, message);
  },
  keeperOf: keeperOfMessage,
  isAuthenticated: (host) => stateOf(keeperOfMessage(host))?.decision?.admitted === true,
  connectionOf: grpcStreamOf,
  async refuse(exception, host) {
    const { RpcException } = await import('@nestjs/microservices');
    const call = grpcCallOf(host);
    if (call === undefined) return new RpcException(refusalBody(exception));
    if (!isGivenCall(host)) return new RpcException(grpcError(call, exception.refusal));
    failGivenCall(host, exception.refusal);
    // The call is answered, and its handler is not to be called: nothing will come of it any more.
    return new Promise<never>(() => {});
  },
};

/** A failure of a handler as its client is to hear of it: what Nest lets a filter return. */
export function failedOverRpc(failure: Failure, host: ArgumentsHost): Observable<never> {
  const call = grpcCallOf(host);
  if (call === undefined) return throwError(() => failureBody(failure));
  if (!isGivenCall(host)) return throwError(() => grpcError(call, failure));
  failGivenCall(host, failure);
  return NEVER;
}

function extracted(messageToken: MessageToken, message: ServiceMessage): Carrier {
  let token: unknown;
  try {
    token = messageToken(message);
  } catch (error) {
    // Of what anybody may send there is always something that it has not thought of.
    const { name, stack } = whereThrown(error);
    log.error(
      'messageToken',
      `"messageToken" threw (${name}) on a message, which is refused; return undefined where there is no token`,
      stack,
    );
    return { authorization: [], tokens: [''] };
  }
  if (token === undefined) return { authorization: [] };
  if (token instanceof Promise) {
    token.catch(() => {});
    throw new CognestError(
      'config_invalid',
      '"messageToken" must return a string or undefined, at once; it returned a promise',
    );
  }
  // Whatever else comes from the client, who may send anything: a credential, and not a well-formed one.
  return { authorization: [], tokens: [typeof token === 'string' ? token : ''] };
}

/** Nest makes a context for each message. Where a transport of one's own has none, what was sent stands for it. */
function keeperOfMessage(host: ArgumentsHost): object {
  const rpc = host.switchToRpc();
  for (const candidate of [rpc.getContext<unknown>(), rpc.getData<unknown>()]) {
    if (typeof candidate === 'object' && candidate !== null) return candidate;
  }
  // Nobody will find it there, so that the decorators refuse.
  return {};
}

/** Every `authorization` in the metadata of a NATS, gRPC, RabbitMQ, Kafka or MQTT message. */
function metadataOf(context: unknown): string[] {
  const headers =
    call(context, 'getHeaders') ??
    get(get(call(context, 'getMessage'), 'properties'), 'headers') ??
    get(call(context, 'getMessage'), 'headers') ??
    get(get(call(context, 'getPacket'), 'properties'), 'userProperties') ??
    context;
  const found: unknown[] = [];
  if (typeof get(headers, 'keys') === 'function' && typeof get(headers, 'values') === 'function') {
    // NATS: `MsgHdrs`, whose names keep their case.
    for (const key of call(headers, 'keys') as Iterable<unknown>) {
      if (isAuthorization(key)) found.push((headers as { values(key: unknown): unknown }).values(key));
    }
  } else if (typeof get(headers, 'getMap') === 'function' && typeof get(headers, 'get') === 'function') {
    // gRPC: `Metadata`.
    found.push((headers as { get(key: string): unknown }).get('authorization'));
  } else if (headers !== context && typeof headers === 'object' && headers !== null) {
    for (const [key, value] of Object.entries(headers)) if (isAuthorization(key)) found.push(value);
  }
  return found
    .flat()
    .filter((value) => value !== undefined)
    .map(textOf);
}

function isAuthorization(key: unknown): boolean {
  return typeof key === 'string' && key.toLowerCase() === 'authorization';
}

/** Kafka's values are bytes. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : 'Bearer';
}

function get(target: unknown, name: string): unknown {
  return typeof target === 'object' && target !== null ? Reflect.get(target, name) : undefined;
}

function call(target: unknown, name: string): unknown {
  const method = get(target, name);
  return typeof method === 'function' ? method.call(target) : undefined;
}
