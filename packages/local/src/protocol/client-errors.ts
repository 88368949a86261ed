import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { CognitoServiceError } from '../errors.js';
import { AWS_JSON } from './reply.js';
import { type WireError, wireError } from './wire-error.js';

/**
 * Answers what never becomes a request, since Node's parser refuses it or it comes too slowly: in AWS's form, so
 * that an SDK reads it as it reads every other error. The connection ends with it, as nobody knows where in the
 * stream a next request would begin.
 */
export function createClientErrorHandler(newRequestId: () => string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(rawAnswer(refusalOf(error.code), newRequestId()));
    socket.destroy(error);
  };
}

/** The types are those of AWS's common errors. What was sent is not repeated. */
function refusalOf(code: string | undefined): WireError {
  const refusal = (status: number, type: string, message: string) =>
    wireError(new CognitoServiceError(type, message), status);
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal(408, 'RequestTimeoutException', 'The request did not arrive whole in time.');
    case 'HPE_HEADER_OVERFLOW':
      return refusal(
        431,
        'RequestEntityTooLargeException',
        `The headers of a request may have ${maxHeaderSize} bytes at most.`,
      );
    default:
      return refusal(400, 'MalformedHttpRequestException', 'What was sent is no valid HTTP request.');
  }
}

function rawAnswer({ status, headers, body }: WireError, requestId: string): string {
  const lines = {
    date: new Date().toUTCString(),
    'x-amzn-requestid': requestId,
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-type': AWS_JSON,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`;
}
