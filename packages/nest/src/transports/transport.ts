import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import type { Carrier, HttpRequestLike } from '../guard/carrier.js';
import type { CognitoAuthException } from '../guard/cognito-auth.exception.js';
import type { LifetimeEnd } from './token-lifetimes.js';

/** A message of a microservice, as an app's own extractor sees it. */
export interface ServiceMessage {
  /** What the client sent, unchecked. */
  readonly data: unknown;
  /** Nest's context of the transport: `TcpContext`, `RedisContext`, `NatsContext`, … */
  readonly context: unknown;
}

/** Finds the token of a message: bare, unchecked; `undefined` when there is none. */
export type MessageToken = (message: ServiceMessage) => string | undefined;

/** Where an app's messages carry their credentials, as its options say. */
export interface CredentialSources {
  /** The credentials of an HTTP request: of one as such, or of the one that opened a socket. */
  carrierOf(request: HttpRequestLike): Carrier;
  readonly messageToken: MessageToken | undefined;
}

/** What outlives the call that was let in: it ends with its token. */
export interface Connection {
  /** What the connection is known by. */
  readonly key: object;
  isOpen(): boolean;
  onClose(listener: () => void): unknown;
  end(why: LifetimeEnd): unknown;
}

/** One of the ways in which Nest calls handlers, as `context.getType()` names it. */
export interface Transport {
  readonly type: string;
  /** Every credential that the message carries, unread. */
  carrierOf(context: ExecutionContext, sources: CredentialSources): Carrier;
  /** The object that stands for this call of this handler: the guard leaves there what the decorators read. */
  keeperOf(context: ExecutionContext): object;
  /** Whether the guard has let the call in by its token; for exception filters, who are not told which handler it was. */
  isAuthenticated(host: ArgumentsHost): boolean;
  /** The connection over which the call came, where nothing but the guard would end it. */
  connectionOf?(context: ExecutionContext): Connection | undefined;
  /** The transport's own exception for a refusal, as Nest's filters for it expect. */
  refuse(exception: CognitoAuthException, host: ArgumentsHost): Promise<Error>;
}

/** What is told of an error, whatever the transport. */
export interface Failure {
  /** HTTP's. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterS?: number | undefined;
}

/** A failure as it goes over transports that have no status and no headers. */
export function failureBody({
  status,
  code,
  detail,
  retryAfterS,
}: Failure): Readonly<Record<string, unknown>> {
  return {
    status: 'error',
    statusCode: status,
    code,
    message: detail,
    ...(retryAfterS !== undefined && { retryAfterS }),
  };
}

/** A refusal of the guard's as {@link failureBody}. */
export function refusalBody({ refusal }: CognitoAuthException): Readonly<Record<string, unknown>> {
  return failureBody(refusal);
}
