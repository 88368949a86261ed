import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { withLedger } from './app.module.js';
import { demoNotes } from './demo-notes.js';
import { LedgerModule } from './ledger/ledger.module.js';

const host = '127.0.0.1';
const logger = ['warn', 'error'] as const;

const ledgerPort = portOf('LEDGER_PORT', '3001');
const ledger = await NestFactory.createMicroservice<MicroserviceOptions>(LedgerModule, {
  transport: Transport.TCP,
  options: { host, port: ledgerPort },
  logger: [...logger],
});
ledger.enableShutdownHooks();
await orInUse('LEDGER_PORT', ledgerPort, ledger.listen());
const ledgerAddress = { host, port: actualPort(ledger.unwrap<Server>()) };

const port = portOf('PORT', '3000');
// Browsers keep spare connections open: at Ctrl-C they are closed, not waited for.
const app = await NestFactory.create(withLedger(ledgerAddress), {
  logger: [...logger],
  forceCloseConnections: true,
});
app.enableShutdownHooks();
await app.init();
// Not app.listen(), which logs the error by itself before anyone can say what to do about it.
const server: Server = app.getHttpServer();
await orInUse('PORT', port, once(server.listen(port, host), 'listening'));

const address = `http://${host}:${actualPort(server)}`;
console.log(`Auction on ${address}, ledger on tcp://${host}:${ledgerAddress.port}`);
console.log(demoNotes(address, process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER']));

function portOf(variable: string, otherwise: string): number {
  const given = process.env[variable] ?? otherwise;
  const port = Number(given);
  if (/^\d{1,5}$/.test(given) && port <= 65_535) return port;
  console.error(`${variable} must be a number from 0 to 65535, got "${given}"`);
  process.exit(2);
}

async function orInUse(variable: string, port: number, listening: Promise<unknown>): Promise<void> {
  try {
    await listening;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.error(
      `Port ${port} on ${host} is in use: stop what listens there, or choose another port with ${variable}`,
    );
    process.exit(1);
  }
}

function actualPort(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('The server does not listen on a port');
  return address.port;
}
