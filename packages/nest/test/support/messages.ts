import { once } from 'node:events';
import type { Server } from 'node:net';
import type { INestApplication, INestMicroservice, ModuleMetadata } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientTCP, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { CognitoModule, type CognitoModuleOptions } from '../../src/index.js';

/** The options of a microservice over TCP on a free port. */
export const TCP: MicroserviceOptions = {
  transport: Transport.TCP,
  options: { port: 0, host: '127.0.0.1' },
};

/** An app made of the module and whatever else, not yet started. */
export function appModule(options: CognitoModuleOptions, metadata: ModuleMetadata) {
  @Module({ ...metadata, imports: [CognitoModule.forRoot(options), ...(metadata.imports ?? [])] })
  class AppModule {}
  return AppModule;
}

export function createApp(
  options: CognitoModuleOptions,
  metadata: ModuleMetadata,
): Promise<INestApplication> {
  return NestFactory.create(appModule(options, metadata), { logger: false, abortOnError: false });
}

/** A client of a microservice over TCP that is listening. */
export function tcpClient(service: INestMicroservice): ClientTCP {
  const address = service.unwrap<Server>().address();
  if (typeof address !== 'object' || address === null) throw new Error('the microservice does not listen');
  return new ClientTCP({ host: '127.0.0.1', port: address.port });
}

/** The answer to a message, or the error, as the client sees it. */
export async function ask(client: ClientTCP, pattern: string, data: unknown = {}): Promise<unknown> {
  try {
    return await lastValueFrom(client.send(pattern, data));
  } catch (error) {
    return { error };
  }
}

/** A connected client of a socket.io gateway. */
export async function socketIo(address: string, options: Parameters<typeof io>[1] = {}): Promise<Socket> {
  const socket = io(address, { transports: ['websocket'], reconnection: false, forceNew: true, ...options });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** What a socket.io gateway answers: the event's acknowledgement, or the exception. */
export function askSocketIo(socket: Socket, event: string, data: unknown = {}): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('exception', (exception) => resolve({ exception }));
    socket.emit(event, data, resolve);
  });
}

/** A connected client of a gateway on plain WebSockets. */
export async function plainSocket(address: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(address.replace(/^http/, 'ws'), { headers });
  await once(socket, 'open');
  return socket;
}

/** The next message of a gateway on plain WebSockets. */
export async function askPlain(socket: WebSocket, event: string, data: unknown = {}): Promise<unknown> {
  const answered = once(socket, 'message');
  socket.send(JSON.stringify({ event, data }));
  const [message] = (await answered) as [Buffer];
  return JSON.parse(message.toString());
}
