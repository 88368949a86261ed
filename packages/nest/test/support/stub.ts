import { createServer } from 'node:http';
import { afterAll } from 'vitest';
import { CognitoAuthService, type CognitoModuleOptions } from '../../src/index.js';
import { startApp } from './app.js';
import { closeServer, listen } from './pool.js';

type Answer = (request: Record<string, unknown>) => object;

/**
 * Something that answers in Cognito's place what Cognito would not, over a real socket: an answer or an error for each
 * operation. Gives a service that calls it, and what was sent.
 */
export async function startStub(
  operations: Record<string, Answer | Error>,
  options: CognitoModuleOptions = {},
) {
  const sent: { operation: string; signed: boolean; request: Record<string, unknown> }[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
      const request = JSON.parse(Buffer.concat(chunks).toString());
      sent.push({ operation, signed: incoming.headers.authorization !== undefined, request });
      const answer =
        operations[operation] ?? Object.assign(new Error(), { name: 'UnknownOperationException' });
      const body =
        answer instanceof Error ? { __type: answer.name, message: answer.message } : answer(request);
      outgoing.writeHead(answer instanceof Error ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      });
      outgoing.end(JSON.stringify(body));
    });
  });
  const endpoint = await listen(server);
  const client = { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }, maxAttempts: 1 };
  const app = await startApp(
    { userPoolId: 'eu-central-1_AbCdEfGhI', clientId: 'client1', endpoint, client, ...options },
    [],
  );
  afterAll(async () => {
    await app.close();
    await closeServer(server);
  });
  return { auth: app.nest.get(CognitoAuthService), nest: app.nest, sent };
}
