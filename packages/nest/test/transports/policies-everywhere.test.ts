import { ApolloDriver } from '@nestjs/apollo';
import { Controller, Get, UseGuards } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver, Scalar } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { MessagePattern } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  AccessToken,
  Authorize,
  type CognitoModuleOptions,
  type CognitoUser,
  CurrentUser,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
} from '../../src/index.js';
import { optionsFor, PLATFORMS } from '../support/app.js';
import {
  appModule,
  ask,
  askPlain,
  askSocketIo,
  plainSocket,
  socketIo,
  TCP,
  tcpClient,
} from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

class Json {}

/** Whatever a handler returns. */
@Scalar('Json', () => Json)
class JsonScalar {
  readonly serialize = (value: unknown) => value;
  readonly parseValue = (value: unknown) => value;
  readonly parseLiteral = () => null;
}

/** GraphQL has no hyphens in its names. */
const fieldOf = (name: string) => name.replaceAll('-', '_');

/** A handler that is a route, a query, a gateway's message and a message pattern at once. */
function On(name: string): MethodDecorator {
  return (target, key, descriptor) => {
    Query(() => Json, { name: fieldOf(name) })(target, key, descriptor);
    Get(name)(target, key, descriptor);
    SubscribeMessage(name)(target, key, descriptor);
    MessagePattern(name)(target, key, descriptor as never);
  };
}

/** A guard of the app's own, which may authenticate: where it does not, the call shows. Without it the boot stops. */
class Elsewhere {
  canActivate() {
    return true;
  }
}

@Resolver({ isAbstract: true })
class Handlers {
  @On('any')
  any(@CurrentUser('sub') sub: string, @AccessToken() token: string) {
    return { sub, token: typeof token };
  }

  @On('frozen')
  frozen(@CurrentUser() user: CognitoUser) {
    return { frozen: Object.isFrozen(user), machine: user.isMachine };
  }

  @On('groups')
  @Groups('admin', 'editor')
  groups() {
    return { in: true };
  }

  @On('all-none')
  @Groups({ all: ['admin', 'finance'], none: ['suspended'] })
  allNone() {
    return { in: true };
  }

  @On('scopes')
  @Scopes('api/read')
  scopes() {
    return { in: true };
  }

  @On('id')
  @Authorize({ tokenUse: 'id' })
  id() {
    return { in: true };
  }

  @On('client')
  @Authorize({ clientId: 'client2' })
  client() {
    return { in: true };
  }

  @On('fresh')
  @Authorize({ maxAuthAgeS: 60 })
  fresh() {
    return { in: true };
  }

  @On('check')
  @Authorize({ check: (user) => user.sub.startsWith('1f') })
  check() {
    return { in: true };
  }

  @On('optional')
  @OptionalAuth()
  optional(@CurrentUser() user: CognitoUser | undefined) {
    return { user: user === undefined ? 'nobody' : user.sub };
  }

  @On('public')
  @Public()
  public() {
    return { in: true };
  }

  @On('public-user')
  @Public()
  @UseGuards(Elsewhere)
  publicUser(@CurrentUser() user: CognitoUser) {
    return user;
  }
}

@Controller()
class Http extends Handlers {}
@WebSocketGateway()
class Gateway extends Handlers {}
@Resolver()
class Api extends Handlers {}

const SUB = '1f2e3d4c-0000-70de-04fc-be20af92f810';
const nowS = () => Math.floor(Date.now() / 1000);

/** Who asks, and what each handler says: what it returns, or the code of the refusal. */
type Row = [
  who: string,
  token: (pool: TestPool) => Promise<string | undefined>,
  answers: Record<string, unknown>,
];
const IN = { in: true };
const all = (code: string) =>
  Object.fromEntries(
    ['any', 'groups', 'all-none', 'scopes', 'id', 'client', 'fresh', 'check'].map((name) => [name, code]),
  );
const ROWS: Row[] = [
  [
    'nobody',
    async () => undefined,
    { ...all('credentials_missing'), optional: { user: 'nobody' }, public: IN },
  ],
  [
    'a forged token',
    async () => 'e30.e30.e30',
    { ...all('token_invalid'), optional: 'token_invalid', public: IN },
  ],
  [
    'no token at all',
    async () => 'a b',
    { ...all('credentials_malformed'), optional: 'credentials_malformed', public: IN },
  ],
  [
    'an expired token',
    (pool) => pool.access({ iat: nowS() - 7200, exp: nowS() - 3600 }),
    { ...all('token_expired'), optional: 'token_expired', public: IN },
  ],
  [
    'a user',
    (pool) => pool.access(),
    {
      any: { sub: SUB, token: 'string' },
      frozen: { frozen: true, machine: false },
      groups: 'groups_insufficient',
      'all-none': 'groups_insufficient',
      scopes: 'scopes_insufficient',
      id: 'token_invalid',
      client: 'client_not_allowed',
      fresh: IN,
      check: IN,
      optional: { user: SUB },
      public: IN,
      'public-user': 'misconfigured',
    },
  ],
  [
    'a user of groups, one in the wrong case',
    (pool) => pool.access({ 'cognito:groups': ['Admin', 'finance'] }),
    { groups: 'groups_insufficient', 'all-none': 'groups_insufficient' },
  ],
  [
    'a user of all groups',
    (pool) => pool.access({ 'cognito:groups': ['admin', 'finance'] }),
    { groups: IN, 'all-none': IN },
  ],
  [
    'a user who is suspended as well',
    (pool) => pool.access({ 'cognito:groups': ['admin', 'finance', 'suspended'] }),
    { groups: IN, 'all-none': 'groups_insufficient' },
  ],
  [
    'a user whom the check refuses',
    (pool) => pool.access({ sub: 'other' }),
    { check: 'check_refused', any: { sub: 'other', token: 'string' } },
  ],
  ['a user of long ago', (pool) => pool.access({ auth_time: nowS() - 600 }), { fresh: 'auth_too_old' }],
  ['an ID token', (pool) => pool.id(), { any: 'token_invalid', id: IN }],
  [
    'a machine',
    (pool) => pool.machine(),
    { scopes: IN, frozen: { frozen: true, machine: true }, groups: 'groups_insufficient' },
  ],
  ['another client', (pool) => pool.access({ client_id: 'client2' }), { client: IN }],
];

interface Running {
  ask(name: string, token: string | undefined): Promise<unknown>;
  close(): Promise<void>;
}

type Start = (options: CognitoModuleOptions) => Promise<Running>;

/** The code of a refusal; the answer otherwise. */
const codeOf = (answer: unknown, error: unknown): unknown => {
  if (error === undefined) return answer;
  // A user who is not there is a fault of the app's. Where Nest has no filter for that, the answer has no code.
  const { code = 'misconfigured' } = error as { code?: string };
  return code;
};

const http =
  (adapter: () => AbstractHttpAdapter): Start =>
  async (options) => {
    const app = await NestFactory.create(appModule(options, { controllers: [Http] }), adapter(), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    return {
      ask: async (name, token) => {
        const response = await fetch(`${url}/${name}`, {
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        });
        const body = (await response.json()) as { code?: string };
        return response.ok ? body : codeOf(undefined, body);
      },
      close: () => app.close(),
    };
  };

const tcp =
  (hybrid: boolean): Start =>
  async (options) => {
    const module = appModule(
      { ...options, messageToken: ({ data }) => (data as { token?: string } | null)?.token },
      { controllers: [Http] },
    );
    const app = hybrid
      ? await NestFactory.create(module, { logger: false })
      : await NestFactory.createMicroservice(module, { ...TCP, logger: false });
    const service = 'connectMicroservice' in app ? app.connectMicroservice(TCP) : app;
    if ('startAllMicroservices' in app) await app.startAllMicroservices();
    else await app.listen();
    const client = tcpClient(service as never);
    return {
      ask: async (name, token) => {
        const answer = (await ask(client, name, token === undefined ? {} : { token })) as { error?: unknown };
        return codeOf(answer, answer?.error);
      },
      close: async () => {
        await client.close();
        await app.close();
      },
    };
  };

const sockets =
  (adapter: () => AbstractHttpAdapter, plain: boolean): Start =>
  async (options) => {
    const app = await NestFactory.create(appModule(options, { providers: [Gateway] }), adapter(), {
      logger: false,
    });
    if (plain) app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    return {
      ask: async (name, token) => {
        if (plain) {
          const headers: Record<string, string> =
            token === undefined ? {} : { authorization: `Bearer ${token}` };
          const socket = await plainSocket(url, headers);
          const answer = (await askPlain(socket, name)) as { event?: string; data?: unknown };
          socket.close();
          return answer.event === 'exception' ? codeOf(undefined, answer.data) : answer;
        }
        const socket = await socketIo(url, token === undefined ? {} : { auth: { token } });
        const answer = (await askSocketIo(socket, name)) as { exception?: unknown };
        socket.close();
        return codeOf(answer, answer.exception);
      },
      close: () => app.close(),
    };
  };

interface GraphqlError {
  readonly extensions: { readonly code?: string; readonly reason?: string };
}

const graphql =
  (adapter: () => AbstractHttpAdapter, driver: object, overSocket: boolean): Start =>
  async (options) => {
    const imports = [GraphQLModule.forRoot({ autoSchemaFile: true, graphiql: false, ...driver } as never)];
    const app = await NestFactory.create(
      appModule(options, { imports, providers: [Api, JsonScalar] }),
      adapter(),
      {
        logger: false,
      },
    );
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/graphql`;
    const outcome = (data: Record<string, unknown> | null | undefined, errors: unknown, field: string) => {
      const [first] = (errors ?? []) as GraphqlError[];
      return first === undefined
        ? data?.[field]
        : codeOf(undefined, { code: first.extensions.reason ?? first.extensions.code });
    };
    return {
      ask: async (name, token) => {
        const field = fieldOf(name);
        const query = `{ ${field} }`;
        const authorization = token === undefined ? undefined : `Bearer ${token}`;
        if (!overSocket) {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
            body: JSON.stringify({ query }),
          });
          const { data, errors } = (await response.json()) as {
            data?: Record<string, unknown>;
            errors?: unknown;
          };
          return outcome(data, errors, field);
        }
        const client = createClient({
          url: url.replace(/^http/, 'ws'),
          webSocketImpl: WebSocket,
          retryAttempts: 0,
          ...(authorization && { connectionParams: { authorization } }),
        });
        try {
          for await (const { data, errors } of client.iterate({ query })) return outcome(data, errors, field);
          throw new Error('no answer');
        } catch (errors) {
          if (errors instanceof Error) throw errors;
          return outcome(undefined, errors, field);
        } finally {
          await client.dispose();
        }
      },
      close: () => app.close(),
    };
  };

const apollo = { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } };
const mercurius = { driver: MercuriusDriver, subscription: { fullWsTransport: true } };
const express = () => new ExpressAdapter();
const fastify = () => new FastifyAdapter() as unknown as AbstractHttpAdapter;

const TRANSPORTS: [name: string, start: Start][] = [
  ...PLATFORMS.map(([name, adapter]): [string, Start] => [`HTTP on ${name}`, http(adapter)]),
  ...PLATFORMS.map(([name, adapter]): [string, Start] => [`socket.io on ${name}`, sockets(adapter, false)]),
  ...PLATFORMS.map(([name, adapter]): [string, Start] => [`ws on ${name}`, sockets(adapter, true)]),
  ['GraphQL on Apollo and Express', graphql(express, apollo, false)],
  ['GraphQL on Apollo and Fastify', graphql(fastify, apollo, false)],
  ['GraphQL on Mercurius', graphql(fastify, mercurius, false)],
  ['GraphQL over a WebSocket, on Apollo and Express', graphql(express, apollo, true)],
  ['GraphQL over a WebSocket, on Mercurius', graphql(fastify, mercurius, true)],
  ['a hybrid app over TCP', tcp(true)],
  ['a microservice over TCP', tcp(false)],
];

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.close());

describe.each(TRANSPORTS)('%s', (_, start) => {
  let running: Running;
  beforeAll(async () => {
    running = await start(optionsFor(pool, { trustedClientIds: ['client2'] }));
  });
  afterAll(() => running.close());

  it.each(ROWS)('says to %s what every policy says', async (_who, token, answers) => {
    const given = await token(pool);
    const said: Record<string, unknown> = {};
    const asked = Object.entries(answers);
    for (const [name] of asked) said[name] = await running.ask(name, given);
    expect(said).toEqual(Object.fromEntries(asked));
  });
});
