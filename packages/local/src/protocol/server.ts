import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { CognitoServiceError } from '../errors.js';
import { type ApiOptions, createApiHandler } from './api.js';
import { createClientErrorHandler } from './client-errors.js';
import { type DiscoveryOptions, registerDiscovery } from './discovery.js';
import { createHostCheck, hostnameOf } from './host-check.js';
import { registerImportUpload } from './imports.js';
import { type InspectionOptions, registerInspection } from './inspection.js';
import { createCrossSiteCheck } from './origin-check.js';
import { sendBadRequest, sendWireError } from './reply.js';
import { internalError, type WireError, wireError } from './wire-error.js';

export interface ServerOptions
  extends Omit<ApiOptions, 'isCrossSite'>,
    DiscoveryOptions,
    Omit<InspectionOptions, 'isCrossSite'> {
  /** The address that it will listen on. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Requests wait for it: nothing is answered before the seed is in. */
  readonly ready: Promise<void>;
  /** UUIDs of version 4. Default: random ones. */
  readonly newRequestId?: () => string;
  /** How long a client may take to send a request. Default 30_000. */
  readonly requestTimeoutMs?: number;
}

/** The largest body that is read. The largest input of the API in this model fits. */
export const MAX_BODY_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** A name in the DNS has 253 characters at most; more of it in an error helps nobody. */
const MAX_QUOTED_HOST = 253;

export interface Server {
  readonly app: FastifyInstance;
  /** Answers what is being worked on, then ends every connection. */
  close(): Promise<void>;
}

export function createServer(options: ServerOptions): Server {
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const newRequestId = options.newRequestId ?? (() => randomUUID());
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: Math.min(requestTimeoutMs, 10_000),
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 5000),
      // Refused here instead: Node's own answer is empty.
      requireHostHeader: false,
    },
    genReqId: newRequestId,
    clientErrorHandler: createClientErrorHandler(newRequestId),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, request, reply) =>
      sendBadRequest((reply as FastifyReply).header('x-amzn-requestid', request.id)),
  });
  // Node drops what comes after the first thousand, unseen by the checks of Host, Origin and Sec-Fetch-Site. The
  // bytes of all headers stay bounded, by Node's maxHeaderSize.
  app.server.maxHeadersCount = 0;
  const isServed = createHostCheck(options.host, options.allowedHosts);
  const isCrossSite = createCrossSiteCheck(options.allowedOrigins);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    // Decoding would put U+FFFD for what is none, and keep another text than was sent.
    if (!isUtf8(body)) return done(Object.assign(new Error('The body is not UTF-8'), { statusCode: 400 }));
    return done(null, body.toString('utf8'));
  });

  let isReady = false;
  void options.ready.then(() => {
    isReady = true;
  });
  // Hooks call back: those that return promises make every request wait for some more turns.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-amzn-requestid', request.id).header('x-content-type-options', 'nosniff');
    const hosts = countHosts(request.raw.rawHeaders);
    if (hosts !== 1) sendWireError(reply.header('connection', 'close'), hostNotOnce(hosts));
    else if (!isServed(request.headers.host)) sendUnknownHost(request, reply);
    else if (isReady) done();
    else void options.ready.then(() => done());
  });
  const drained = trackRequests(app);

  app.setErrorHandler((error: { code?: string; statusCode?: number; stack?: string }, request, reply) => {
    if ((error.statusCode ?? 500) >= 500) {
      options.log.error(`${request.method} ${request.url} failed (request ${request.id}): ${error.stack}`);
      return sendWireError(reply, internalError());
    }
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return sendWireError(reply, bodyTooLarge());
    return sendWireError(reply, wireError(new CognitoServiceError('SerializationException')));
  });
  app.setNotFoundHandler((_request, reply) => sendBadRequest(reply));

  app.post(
    '/',
    {
      onRequest: (_request, reply, done) => {
        allowEveryOrigin(reply);
        done();
      },
    },
    createApiHandler({ ...options, isCrossSite }),
  );
  app.options('/', (_request, reply) => {
    allowEveryOrigin(reply);
    return reply.code(204).headers(PREFLIGHT_HEADERS).send();
  });
  registerDiscovery(app, options);
  registerInspection(app, { ...options, isCrossSite });
  registerImportUpload(app, options);

  return {
    app,
    async close() {
      const closed = app.close();
      await drained();
      app.server.closeAllConnections();
      await closed;
    },
  };
}

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers':
    'content-type, x-amz-target, x-amz-user-agent, x-amz-date, x-amz-security-token, x-amz-content-sha256, authorization, amz-sdk-invocation-id, amz-sdk-request, cache-control',
  'access-control-max-age': '86400',
};

/** As on AWS, where browsers call the unsigned operations. Signed ones are refused by the handler. */
function allowEveryOrigin(reply: FastifyReply): void {
  reply.headers({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage, date',
  });
}

function bodyTooLarge(): WireError {
  const message = `A request body may have ${MAX_BODY_BYTES} bytes at most.`;
  return wireError(new CognitoServiceError('RequestEntityTooLargeException', message), 413);
}

/** Node keeps the first of several, and others in front of it may have gone by the last. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count;
}

/** RFC 9112, 3.2: a 400. HTTP/1.0 has no such header, and nothing that calls Cognito speaks that. */
function hostNotOnce(count: number): WireError {
  const message = `A request needs one Host header, the address that this server was called by; this one has ${count}.`;
  return wireError(new CognitoServiceError('MalformedHttpRequestException', message));
}

function sendUnknownHost(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { host = '' } = request.headers;
  const hostname = (hostnameOf(host) ?? host).slice(0, MAX_QUOTED_HOST);
  const message = `This server does not answer to the host name "${hostname}". Call it by its loopback address, or allow the name with allowedHosts or --allow-host.`;
  return sendWireError(reply, wireError(new CognitoServiceError('AccessDeniedException', message), 403));
}

/** Counts the requests that have arrived whole and are not answered yet. */
function trackRequests(app: FastifyInstance): () => Promise<void> {
  const pending = new WeakSet<object>();
  let count = 0;
  let onDrained: (() => void) | undefined;
  app.addHook('preHandler', (request, reply, done) => {
    pending.add(request);
    count++;
    reply.raw.once('close', () => {
      if (!pending.delete(request)) return;
      count--;
      if (count === 0) onDrained?.();
    });
    done();
  });
  return async () => {
    if (count > 0) await new Promise<void>((resolve) => (onDrained = resolve));
  };
}
