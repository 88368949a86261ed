import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createServerClock, systemClock } from '../../src/clock.js';
import type { OperationContext } from '../../src/operation.js';
import type { OutgoingMessage } from '../../src/outbox/outbox.js';
import type { Registry } from '../../src/protocol/api.js';
import { createServer, type ServerOptions } from '../../src/protocol/server.js';

const TARGET = 'AWSCognitoIdentityProviderService.';

/** Passes for signed: nothing verifies it. */
export const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=00',
  'x-amz-date': '20260101T000000Z',
};

export interface TestServer {
  readonly port: number;
  readonly endpoint: string;
  readonly errors: string[];
  call(operation: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** The protocol around operations of the test's own. */
export async function serve(
  operations: Registry = {},
  options: Partial<ServerOptions> & { messagesKept?: OutgoingMessage[] } = {},
): Promise<TestServer> {
  const errors: string[] = [];
  let endpoint = '';
  const server = createServer({
    operations,
    context: () => ({ endpoint }) as Omit<OperationContext, 'requestId'>,
    endpoint: () => endpoint,
    log: { info: () => {}, warn: () => {}, error: (text) => errors.push(text) },
    host: '127.0.0.1',
    allowedHosts: [],
    allowedOrigins: [],
    ready: Promise.resolve(),
    keySet: (id) => (id === 'us-east-1_Known' ? { keys: [{ kid: 'a' }] } : undefined),
    messages: () => ({ messages: [], older: undefined }),
    clock: createServerClock(systemClock),
    receiveImportFile: async () => undefined,
    importLog: () => undefined,
    ...options,
  });
  endpoint = await server.app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return {
    endpoint,
    errors,
    port: Number(new URL(endpoint).port),
    call: (operation, body = {}, headers = {}) =>
      fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': TARGET + operation,
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: () => server.close(),
  };
}

/** Everything that the server sends on a raw connection until it closes it. */
export function exchange(port: number, send: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => send(socket));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}
