import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { demoNotes } from './demo-notes.js';

const host = '127.0.0.1';
const port = portOf(process.env['PORT'] ?? '3000');

// Subscribers keep their sockets: at Ctrl-C they are closed, not waited for.
const adapter = new FastifyAdapter({ forceCloseConnections: true });
const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, {
  logger: ['warn', 'error'],
});
app.enableShutdownHooks();
await app.init();
const address = await listen();
console.log(`Help desk on ${address}/graphql`);
console.log(demoNotes(address, process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER']));

function portOf(given: string): number {
  const port = Number(given);
  if (/^\d{1,5}$/.test(given) && port <= 65_535) return port;
  console.error(`PORT must be a number from 0 to 65535, got "${given}"`);
  process.exit(2);
}

async function listen(): Promise<string> {
  try {
    // Not app.listen(), which logs the error by itself before anyone can say what to do about it.
    return await adapter.getInstance().listen({ port, host });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.error(
      `Port ${port} on ${host} is in use: stop what listens there, or choose another port with PORT`,
    );
    process.exit(1);
  }
}
