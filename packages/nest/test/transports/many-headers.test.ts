import { request } from 'node:http';
import { ApolloDriver } from '@nestjs/apollo';
import { Controller, Get, type MessageEvent, Sse } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { createClient } from 'graphql-ws';
import { NEVER, type Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CurrentUser } from '../../src/index.js';
import { optionsFor, PLATFORMS } from '../support/app.js';
import { appModule, askPlain, askSocketIo, createApp, plainSocket, socketIo } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const reached = vi.fn();

@WebSocketGateway()
class Gateway {
  handleConnection() {
    reached();
  }
  @SubscribeMessage('who')
  who(@CurrentUser('sub') sub: string) {
    return { sub };
  }
}

@Controller()
class Http {
  @Sse('events')
  events(): Observable<MessageEvent> {
    reached();
    return NEVER;
  }
  @Get('me')
  me(@CurrentUser('sub') sub: string) {
    return { sub };
  }
}

@Resolver()
class Api {
  @Query(() => String)
  me(@CurrentUser('sub') sub: string) {
    reached();
    return sub;
  }
  @Subscription(() => String)
  mine(@CurrentUser('sub') sub: string) {
    reached();
    return (async function* () {
      yield { mine: sub };
    })();
  }
}

let pool: TestPool;
let token: string;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  pool = await startPool();
  token = await pool.access();
});
afterEach(async () => {
  reached.mockClear();
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

/** A good credential, and so many headers that Node drops what comes behind them: another one, say. */
const many = () => ({ authorization: `Bearer ${token}`, a: Array.from({ length: 1_000 }, () => '') });
/** As many as it takes without dropping one. */
const enough = () => ({ ...many(), a: Array.from({ length: 900 }, () => '') });

/** What a WebSocket cannot open without comes first. The clients put their own values in the places. */
const handshake = (url: string, headers: object, ...more: string[]) => {
  const names = ['Sec-WebSocket-Version', 'Sec-WebSocket-Key', 'Connection', 'Upgrade', ...more];
  return {
    Host: new URL(url).host,
    ...Object.fromEntries(names.map((name) => [name, ''])),
    ...headers,
  } as Record<string, string>;
};

/** What a server answers to a request with headers of which `fetch` would make one. */
function send(
  url: string,
  headers: Record<string, string | string[]>,
  body?: object,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    // What Node would put behind the others.
    const json = text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(
      url,
      { method, agent: false, headers: { host: new URL(url).host, ...json, ...headers } },
      (response) => {
        const type = response.headers['content-type'] ?? '';
        const answer = (received: string) => resolve({ status: response.statusCode ?? 0, text: received });
        // A stream of events has no end.
        if (type.startsWith('text/event-stream')) {
          answer('');
          sent.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => answer(Buffer.concat(chunks).toString()));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

describe.each(PLATFORMS)('a thousand headers on %s', (_, adapter) => {
  it.each(['events', 'me'])('are refused, streams of events included (%s)', async (path) => {
    const module = appModule(optionsFor(pool), { controllers: [Http] });
    const app = await NestFactory.create(module, adapter(), { logger: false, abortOnError: false });
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    const refused = await send(`${await app.getUrl()}/${path}`, many());
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'credentials_malformed' });
    expect(reached).not.toHaveBeenCalled();
    expect((await send(`${await app.getUrl()}/${path}`, enough())).status).toBe(200);
  });
});

describe('a thousand headers at the handshake of a gateway', () => {
  const start = async (plain: boolean) => {
    const app = await createApp(optionsFor(pool), { providers: [Gateway] });
    if (plain) app.useWebSocketAdapter(new WsAdapter(app));
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  };

  it('are refused on ws', async () => {
    const url = await start(true);
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: handshake(url, many()) });
    const answer = await new Promise<{ statusCode?: number; headers: Record<string, unknown> }>((resolve) =>
      socket.once('unexpected-response', (sent, response) => {
        sent.destroy();
        resolve(response as never);
      }),
    );
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_request"');
    expect(reached).not.toHaveBeenCalled();
    const good = await plainSocket(url, handshake(url, enough()));
    closing.push(() => good.close());
    expect(await askPlain(good, 'who')).toHaveProperty('sub');
  });

  it.each<[string, object]>([
    ['', {}],
    [', whatever the auth of socket.io says', { auth: true }],
  ])('are refused on socket.io%s', async (_, { auth }: { auth?: boolean }) => {
    const url = await start(false);
    const { authorization, ...others } = many();
    const options = auth
      ? { auth: { token }, extraHeaders: handshake(url, others) }
      : { extraHeaders: handshake(url, many()) };
    await expect(socketIo(url, options)).rejects.toMatchObject({
      data: expect.objectContaining({ code: 'credentials_malformed', statusCode: 400 }),
    });
    expect(authorization).toContain(token);
    expect(reached).not.toHaveBeenCalled();
    const good = await socketIo(url, { extraHeaders: handshake(url, enough()) });
    closing.push(() => good.close());
    expect(await askSocketIo(good, 'who')).toHaveProperty('sub');
  });
});

describe.each<[string, () => AbstractHttpAdapter, object]>([
  [
    'Apollo on Express',
    () => new ExpressAdapter(),
    { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } },
  ],
  [
    'Apollo on Fastify',
    () => new FastifyAdapter() as never,
    { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } },
  ],
  [
    'Mercurius',
    () => new FastifyAdapter() as never,
    { driver: MercuriusDriver, subscription: { fullWsTransport: true } },
  ],
])('a thousand headers on GraphQL, %s', (_, adapter, driver) => {
  const malformed = { extensions: expect.objectContaining({ reason: 'credentials_malformed', status: 400 }) };
  let url: string;
  const start = async () => {
    const imports = [GraphQLModule.forRoot({ autoSchemaFile: true, graphiql: false, ...driver } as never)];
    const module = appModule(optionsFor(pool), { imports, providers: [Api] });
    const app = await NestFactory.create(module, adapter(), { logger: false, abortOnError: false });
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/graphql`;
  };

  it('are refused over HTTP', async () => {
    await start();
    const { errors } = JSON.parse((await send(url, many(), { query: '{ me }' })).text) as {
      errors: unknown[];
    };
    expect(errors).toEqual([expect.objectContaining(malformed)]);
    expect(reached).not.toHaveBeenCalled();
    expect(JSON.parse((await send(url, enough(), { query: '{ me }' })).text)).toHaveProperty('data.me');
  });

  it.each(['subscription { mine }', '{ me }'])('are refused over WebSockets: %s', async (query) => {
    await start();
    const subscribe = async (headers: object, connectionParams: Record<string, string> = {}) => {
      class WithHeaders extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers: handshake(address, headers, 'Sec-WebSocket-Protocol') });
        }
      }
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WithHeaders,
        retryAttempts: 0,
        connectionParams,
      });
      closing.push(() => client.dispose());
      return client.iterate({ query }).next();
    };
    const { authorization, ...others } = many();
    for (const [headers, params] of [[many()], [others, { authorization }]] as const) {
      const answer = await subscribe(headers, params).catch((errors: unknown) => ({ value: { errors } }));
      expect(answer.value).toMatchObject({ errors: [malformed] });
    }
    expect(reached).not.toHaveBeenCalled();
    const { value } = await subscribe(enough());
    expect(value?.errors).toBeUndefined();
    expect(reached).toHaveBeenCalledOnce();
  });
});
