import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real HTTP server that plays a pool's key endpoint, for one test. */
export interface KeyServer {
  /** For the `endpoint` option. */
  readonly endpoint: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** How the next requests are answered: a key set, or whatever else a server does. */
  answer: { keys: readonly unknown[] } | ((request: IncomingMessage, response: ServerResponse) => void);
}

export async function startKeyServer(answer: KeyServer['answer']): Promise<KeyServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (typeof state.answer === 'function') state.answer(request, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(state.answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: KeyServer = { endpoint: `http://127.0.0.1:${port}`, requests, answer };
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return state;
}
