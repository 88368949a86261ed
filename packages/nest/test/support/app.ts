import 'reflect-metadata';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CognitoModule, type CognitoModuleExtras, type CognitoModuleOptions } from '../../src/index.js';
import type { TestPool } from './pool.js';

export interface TestApp {
  readonly nest: INestApplication;
  readonly address: string;
  get(path: string, token?: string): Promise<Response>;
  post(path: string, body?: unknown, token?: string): Promise<Response>;
  close(): Promise<void>;
}

/** The options that make an app trust a test pool. */
export function optionsFor(pool: TestPool, options: CognitoModuleOptions = {}): CognitoModuleOptions {
  return { userPoolId: pool.userPoolId, clientId: pool.clientId, endpoint: pool.endpoint, ...options };
}

/** The HTTP platforms on which a guard must do the same: a table for `describe.each`. */
export const PLATFORMS: readonly [name: string, adapter: () => AbstractHttpAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter() as unknown as AbstractHttpAdapter],
];

/** An app on a free port, as a user of the module writes it. */
export async function startApp(
  options: CognitoModuleOptions & CognitoModuleExtras,
  controllers: Type[],
  metadata: ModuleMetadata = {},
  prepare: (nest: INestApplication) => void = () => {},
  adapter: AbstractHttpAdapter = new ExpressAdapter(),
): Promise<TestApp> {
  @Module({
    ...metadata,
    imports: [CognitoModule.forRoot(options), ...(metadata.imports ?? [])],
    controllers: [...controllers, ...(metadata.controllers ?? [])],
  })
  class AppModule {}
  return startModule(AppModule, prepare, adapter);
}

export async function startModule(
  module: Type,
  prepare: (nest: INestApplication) => void = () => {},
  adapter: AbstractHttpAdapter = new ExpressAdapter(),
): Promise<TestApp> {
  const nest = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  prepare(nest);
  await nest.listen(0, '127.0.0.1');
  const { port } = nest.getHttpServer().address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const authorization = (token: string | undefined): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    nest,
    address,
    get: (path, token) => fetch(`${address}${path}`, { headers: authorization(token) }),
    post: (path, body, token) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: {
          ...authorization(token),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    close: () => nest.close(),
  };
}

/** The error with which a module refuses to boot. */
export async function bootError(module: Type): Promise<Error> {
  try {
    const nest = await NestFactory.create(module, { logger: false, abortOnError: false });
    await nest.init();
    await nest.close();
  } catch (error) {
    return error as Error;
  }
  throw new Error('the app booted');
}

/** A GET with headers that `fetch` would merge or refuse, such as two of one name. */
export function rawGet(
  url: string,
  headers: [name: string, value: string][],
): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> {
  return new Promise((resolve, reject) => {
    // A raw list of headers gets no `Host` from Node, whose server would refuse the request by itself.
    const list = ['Host', new URL(url).host, ...headers.flat()];
    const sent = request(url, { headers: list }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text === '' ? undefined : JSON.parse(text),
        });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
