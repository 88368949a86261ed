import type { FastifyReply } from 'fastify';
import { badRequestBody, type WireError } from './wire-error.js';

export const AWS_JSON = 'application/x-amz-json-1.1';

/** As bytes: Fastify adds a charset to the type of a text, which AWS does not. */
export function sendAwsJson(reply: FastifyReply, body: string): FastifyReply {
  return reply.header('content-type', AWS_JSON).send(Buffer.from(body));
}

export function sendWireError(reply: FastifyReply, { status, headers, body }: WireError): FastifyReply {
  return sendAwsJson(reply.code(status).headers(headers), body);
}

export function sendBadRequest(reply: FastifyReply): FastifyReply {
  return reply.code(400).header('content-type', 'application/json').send(Buffer.from(badRequestBody));
}
