import type { FastifyReply, FastifyRequest } from 'fastify';
import { CognitoServiceError } from '../errors.js';
import { type OperationModel, operationModel } from '../model/model.js';
import { readInput, refuseViolations } from '../model/read-input.js';
import { redact } from '../model/redact.js';
import type { Operation, OperationContext } from '../operation.js';
import { toWireJson } from './json.js';
import type { Log } from './log.js';
import { sendAwsJson, sendWireError } from './reply.js';
import { requireSignature } from './signature.js';
import { internalError, type WireError, wireError } from './wire-error.js';

/** Wire name -> operation. */
export type Registry = Readonly<Record<string, Operation<object>>>;

export interface ApiOptions {
  readonly operations: Registry;
  readonly context: () => Omit<OperationContext, 'requestId'>;
  readonly isCrossSite: (headers: FastifyRequest['headers']) => boolean;
  readonly log: Log;
}

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';

/** `POST /`: the API, in AWS JSON 1.1. */
export function createApiHandler({ operations, context, isCrossSite, log }: ApiOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const name = targetOf(request.headers['x-amz-target']);
    const model = name === undefined ? undefined : operationModel(name);
    if (name === undefined || model === undefined) {
      return sendWireError(reply, wireError(new CognitoServiceError('UnknownOperationException')));
    }
    let input: object | undefined;
    try {
      if (!model.unsigned && isCrossSite(request.headers))
        return sendWireError(reply, refuseCrossSite(name, request));
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) throw unsupported(name);
      input = read(name, model, request);
      const output = await operation(input, { ...context(), requestId: request.id });
      return sendAwsJson(reply, output === undefined || model.unit ? '' : toWireJson(output));
    } catch (error) {
      if (error instanceof CognitoServiceError) {
        return sendWireError(reply, wireError(error, error.type === 'InternalErrorException' ? 500 : 400));
      }
      log.error(redact(`${name} failed (request ${request.id}): ${describe(error)}`, name, input));
      return sendWireError(reply, internalError());
    }
  };
}

/** The order in which AWS checks: JSON and types, the signature, then the model's constraints. */
function read(name: string, model: OperationModel, request: FastifyRequest): object {
  const { input, violations } = readInput(name, parse(request.body));
  if (!model.unsigned) requireSignature(request.headers);
  refuseViolations(violations);
  return input;
}

function parse(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new CognitoServiceError('SerializationException');
  }
}

function targetOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || !header.startsWith(TARGET_PREFIX)) return undefined;
  return header.slice(TARGET_PREFIX.length);
}

/** A type that AWS never sends, so that no caller handles it as something else. The SDK does not retry it. */
function unsupported(name: string): CognitoServiceError {
  return new CognitoServiceError(
    'NotImplementedException',
    `${name} is not supported by @cognest/local yet. Its README lists the operations that are.`,
  );
}

function refuseCrossSite(name: string, { headers }: FastifyRequest): WireError {
  const origin = headers.origin ?? 'another site';
  const message = `${name} needs AWS credentials, and a web page of ${origin} may not call it: this server cannot tell whether the credentials are real. Allow the origin with allowedOrigins or --allow-origin if the page is yours.`;
  return wireError(new CognitoServiceError('AccessDeniedException', message), 403);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
