import type { ArgumentsHost } from '@nestjs/common';
import type { LifetimeEnd } from './token-lifetimes.js';
import type { Connection, Failure } from './transport.js';

/** What is looked at of a call of `@grpc/grpc-js`, of whichever kind. */
interface GrpcCall {
  readonly metadata: GrpcMetadata;
  readonly cancelled: boolean;
  sendMetadata(metadata: unknown): void;
  once(event: string, listener: () => void): unknown;
  emit(event: string, ...args: unknown[]): boolean;
  /** Where the answer is a stream. */
  readonly write?: unknown;
  readonly writableEnded?: boolean;
}

interface GrpcMetadata {
  getMap(): unknown;
  set(key: string, value: string): void;
}

/** The status codes of gRPC that say what these of HTTP do. Anything else is INTERNAL or UNKNOWN. */
const CODES: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  404: 5, // NOT_FOUND
  409: 6, // ALREADY_EXISTS
  412: 9, // FAILED_PRECONDITION
  429: 8, // RESOURCE_EXHAUSTED
  502: 14, // UNAVAILABLE
  503: 14,
  504: 4, // DEADLINE_EXCEEDED
};
const INTERNAL = 13;
const UNKNOWN = 2;

/** The call that a handler is for; `undefined` on other transports. */
export function grpcCallOf(host: ArgumentsHost): GrpcCall | undefined {
  // The message, the metadata and the call; or the call, and perhaps what answers it.
  return [host.getArgByIndex<unknown>(2), host.getArgByIndex<unknown>(0)].find(isGrpcCall);
}

/** Whether the handler is given the call itself: `@GrpcStreamCall()`. */
export function isGivenCall(host: ArgumentsHost): boolean {
  return isGrpcCall(host.getArgByIndex<unknown>(0));
}

/** A failure as gRPC knows errors: a status code of its own, a text, and our code as `reason` in the trailers. */
export function grpcError(call: GrpcCall, { status, code, detail }: Omit<Failure, 'retryAfterS'>) {
  // The class is that of the app's package, which is not loaded for it.
  const metadata = new (call.metadata.constructor as new () => GrpcMetadata)();
  metadata.set('reason', code);
  return {
    code: CODES[status] ?? (status >= 500 ? INTERNAL : UNKNOWN),
    message: detail,
    details: detail,
    metadata,
  };
}

/**
 * Answers a call that its handler would have been given, with a failure. Nest does not: what is thrown before such a
 * handler is a rejection that nobody handles, which ends the process, and strangers bring it about.
 */
export function failGivenCall(host: ArgumentsHost, failure: Failure): void {
  const call = host.getArgByIndex<GrpcCall>(0);
  const answer = host.getArgByIndex<unknown>(1);
  const error = grpcError(call, failure);
  if (typeof answer === 'function') answer(error);
  else call.emit('error', error);
}

/** The stream of answers of a call; `undefined` for a call with one answer. */
export function grpcStreamOf(host: ArgumentsHost): Connection | undefined {
  const call = grpcCallOf(host);
  if (call === undefined || typeof call.write !== 'function') return undefined;
  return {
    key: call,
    isOpen: () => !call.cancelled && call.writableEnded !== true,
    onClose(listener) {
      call.once('cancelled', listener);
      call.once('finish', listener);
    },
    end(why) {
      // Nest takes an error with this word for the end of the questions, and any other one for a bug, which it logs.
      call.emit('error', { ...grpcError(call, ended(why)), toString: () => 'cancelled' });
      // On which Nest stops listening to what the handler has returned.
      call.emit('cancelled', why);
    },
  };
}

function ended(why: LifetimeEnd): Omit<Failure, 'retryAfterS'> {
  return why === 'token_expired'
    ? { status: 401, code: why, detail: 'The token has expired.' }
    : { status: 401, code: 'token_invalid', detail: 'The token is not valid here.' };
}

function isGrpcCall(given: unknown): given is GrpcCall {
  if (typeof given !== 'object' || given === null) return false;
  const { metadata, sendMetadata } = given as Partial<GrpcCall>;
  // Nothing that is sent can have functions.
  return typeof sendMetadata === 'function' && typeof metadata?.getMap === 'function';
}
