import { EventEmitter, on } from 'node:events';
import { ApolloDriver } from '@nestjs/apollo';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  type CognitoModuleOptions,
  CurrentUser,
  createRevocations,
  Groups,
  OptionalAuth,
  Public,
} from '../../src/index.js';
import { TokenLifetimes } from '../../src/transports/token-lifetimes.js';
import { optionsFor } from '../support/app.js';
import { appModule } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const ticker = new EventEmitter();

/** Says something at once, and again at each tick. */
function ticking(field: string, value: string) {
  const ticks = on(ticker, 'tick');
  let said = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const { done } = said ? await ticks.next() : { done: false };
      said = true;
      return done ? { done, value: undefined } : { done: false, value: { [field]: value } };
    },
    return: () => ticks.return?.(),
  };
}

@Resolver()
class Api {
  @Query(() => String)
  me(@CurrentUser('sub') sub: string) {
    return sub;
  }

  @Mutation(() => String)
  @Groups('admin')
  change() {
    return 'changed';
  }

  @Subscription(() => String)
  mine(@CurrentUser('sub') sub: string) {
    return ticking('mine', sub);
  }

  @Subscription(() => String)
  @Groups('admin')
  secret() {
    return ticking('secret', 'secret');
  }

  @Subscription(() => String)
  @OptionalAuth()
  maybe(@CurrentUser('sub') sub: string | undefined) {
    return ticking('maybe', sub ?? 'nobody');
  }

  @Subscription(() => String)
  @Public()
  open() {
    return ticking('open', 'open');
  }
}

const apollo = { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } };
const mercurius = { driver: MercuriusDriver, subscription: { fullWsTransport: true } };
const SERVERS: [string, () => AbstractHttpAdapter, object, number][] = [
  ['Apollo on Express', () => new ExpressAdapter(), apollo, 4401],
  ['Apollo on Fastify', () => new FastifyAdapter() as never, apollo, 4401],
  ['Mercurius', () => new FastifyAdapter() as never, mercurius, 1006],
];

interface Failure {
  readonly extensions?: { readonly code?: string; readonly reason?: string };
}

let pool: TestPool;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  pool = await startPool();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

async function start(adapter: AbstractHttpAdapter, graphql: object, options: CognitoModuleOptions = {}) {
  const imports = [GraphQLModule.forRoot({ autoSchemaFile: true, graphiql: false, ...graphql } as never)];
  const module = appModule(optionsFor(pool, options), { imports, providers: [Api] });
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  closing.push(() => app.close());
  await app.listen(0, '127.0.0.1');
  return `${await app.getUrl()}/graphql`.replace(/^http/, 'ws');
}

/** A client with one socket, and how that ended. */
function connect(url: string, connectionParams: Record<string, unknown> = {}, headers: object = {}) {
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { headers: { ...headers } });
    }
  }
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const client = createClient({
    url,
    webSocketImpl: Socket,
    connectionParams,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    on: { closed: (event) => end((event as { code: number }).code) },
  });
  closing.push(() => client.dispose());
  return {
    ended,
    /** The first answer to an operation: its data, or the code and the reason of the error. */
    first: (query: string) =>
      new Promise<unknown>((resolve) => {
        const failed = (errors: unknown) => {
          const [{ extensions = {} } = {}] = (Array.isArray(errors) ? errors : []) as Failure[];
          resolve(`${extensions.code} ${extensions.reason}`);
        };
        client.subscribe(
          { query },
          {
            next: ({ data, errors }) => (errors === undefined ? resolve(data) : failed(errors)),
            error: failed,
            complete: () => {},
          },
        );
      }),
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.each(SERVERS)('%s', (_, adapter, graphql, endCode) => {
  it('looks at the connectionParams when somebody subscribes', async () => {
    const url = await start(adapter(), graphql);
    const nobody = connect(url);
    expect(await nobody.first('subscription { mine }')).toBe('UNAUTHENTICATED credentials_missing');
    expect(await nobody.first('subscription { secret }')).toBe('UNAUTHENTICATED credentials_missing');
    expect(await nobody.first('subscription { maybe }')).toEqual({ maybe: 'nobody' });
    expect(await nobody.first('subscription { open }')).toEqual({ open: 'open' });
    const forger = connect(url, bearer('e30.e30.e30'));
    expect(await forger.first('subscription { mine }')).toBe('UNAUTHENTICATED token_invalid');
    expect(await forger.first('subscription { maybe }')).toBe('UNAUTHENTICATED token_invalid');
    const odd = connect(url, { authorization: 7 });
    expect(await odd.first('subscription { mine }')).toBe('BAD_REQUEST credentials_malformed');
    const user = connect(url, { Authorization: `Bearer ${await pool.access({ sub: 'ada' })}` });
    expect(await user.first('subscription { mine }')).toEqual({ mine: 'ada' });
    expect(await user.first('subscription { maybe }')).toEqual({ maybe: 'ada' });
    expect(await user.first('subscription { secret }')).toBe('FORBIDDEN groups_insufficient');
    const admin = connect(url, bearer(await pool.access({ 'cognito:groups': ['admin'] })));
    expect(await admin.first('subscription { secret }')).toEqual({ secret: 'secret' });
  });

  it('guards queries and mutations over the socket alike', async () => {
    const url = await start(adapter(), graphql);
    const nobody = connect(url);
    expect(await nobody.first('mutation { change }')).toContain('credentials_missing');
    const user = connect(url, bearer(await pool.access({ sub: 'ada' })));
    expect(await user.first('{ me }')).toEqual({ me: 'ada' });
    expect(await user.first('mutation { change }')).toContain('groups_insufficient');
  });

  it('takes the credential of the handshake, too, but one only', async () => {
    const url = await start(adapter(), graphql, { tokenSources: ['header', { cookie: 'session' }] });
    const token = await pool.access({ sub: 'ada' });
    const query = 'subscription { mine }';
    expect(await connect(url, {}, bearer(token)).first(query)).toEqual({ mine: 'ada' });
    expect(await connect(url, bearer(token), bearer(token)).first(query)).toBe(
      'BAD_REQUEST credentials_malformed',
    );
    const cookie = { cookie: `session=${token}` };
    expect(await connect(url, {}, cookie).first(query)).toEqual({ mine: 'ada' });
    const elsewhere = connect(url, {}, { ...cookie, origin: 'https://evil.example' });
    expect(await elsewhere.first(query)).toBe('UNAUTHENTICATED credentials_missing');
    // What a client says about its connection is no header, whatever Mercurius makes of it.
    expect(await connect(url, cookie).first(query)).toBe('UNAUTHENTICATED credentials_missing');
    const nested = connect(url, { headers: bearer(token) });
    expect(await nested.first(query)).toBe('UNAUTHENTICATED credentials_missing');
  });

  it('ends with its token when that expires', async () => {
    let nowMs = Date.now();
    const url = await start(adapter(), graphql, { verifier: { now: () => nowMs } });
    const watch = vi.spyOn(TokenLifetimes.prototype, 'watch');
    const { first, ended } = connect(url, bearer(await pool.access()));
    for (let i = 0; i < 3; i++) expect(await first('subscription { mine }')).toBeTypeOf('object');
    // Once for the socket, however often it subscribes.
    expect(watch).toHaveBeenCalledTimes(1);
    watch.mockRestore();
    nowMs += 2 * 3_600_000;
    expect(await ended).toBe(endCode);
  });

  it('ends with its token when that is revoked', async () => {
    const revocations = createRevocations();
    const url = await start(adapter(), graphql, { revocations });
    const { first, ended } = connect(url, bearer(await pool.access({ jti: 'this-one' })));
    const other = connect(url, bearer(await pool.access({ jti: 'another' })));
    expect(await first('subscription { mine }')).toBeTypeOf('object');
    expect(await other.first('subscription { mine }')).toBeTypeOf('object');
    revocations.revokeToken('this-one');
    expect(await ended).toBe(endCode);
    expect(await other.first('subscription { mine }')).toBeTypeOf('object');
  });
});

it('refuses a subscription that it could not end', async () => {
  const context = ({ connectionParams }: { connectionParams?: Record<string, string> }) => ({
    req: { headers: { authorization: connectionParams?.['authorization'] } },
  });
  const url = await start(new ExpressAdapter(), { ...apollo, context });
  const { first } = connect(url, bearer(await pool.access()));
  expect(await first('subscription { mine }')).toBe('misconfigured undefined');
  expect(await first('subscription { open }')).toEqual({ open: 'open' });
});
