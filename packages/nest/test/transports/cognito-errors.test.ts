import { createServer } from 'node:http';
import { ApolloDriver, ApolloFederationDriver } from '@nestjs/apollo';
import {
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  HttpCode,
  Inject,
  Injectable,
  Logger,
  Module,
  Post,
  UseFilters,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import {
  Args,
  Directive,
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { MercuriusDriver, MercuriusFederationDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { createClient } from 'graphql-ws';
import { from, mergeMap } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  CognestError,
  CognitoAuthService,
  CognitoExceptionFilter,
  type CognitoModuleExtras,
  type CognitoModuleOptions,
  CognitoUsersService,
  OptionalAuth,
  Public,
} from '../../src/index.js';
import { PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';
import { appModule, askPlain, askSocketIo, plainSocket, socketIo } from '../support/messages.js';
import { closeServer, listen } from '../support/pool.js';

/** What every transport offers. */
@Injectable()
class Calls {
  constructor(
    @Inject(CognitoAuthService) private readonly auth: CognitoAuthService,
    @Inject(CognitoUsersService) private readonly users: CognitoUsersService,
  ) {}

  async lookup(username: string) {
    return (await this.users.get({ username })).username;
  }

  async signIn(username: string) {
    return (await this.auth.signIn({ username, password: 'Wrong-horse-9' })).status;
  }

  async confirm(username: string) {
    await this.auth.confirmSignUp({ username, confirmationCode: '000000' });
    return 'confirmed';
  }
}

@Controller()
class Http {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @Post('lookup')
  @HttpCode(200)
  lookup(@Body('username') username: string) {
    return this.calls.lookup(username);
  }

  @Post('optionalLookup')
  @HttpCode(200)
  @OptionalAuth()
  optionalLookup(@Body('username') username: string) {
    return this.calls.lookup(username);
  }

  @Post('publicLookup')
  @HttpCode(200)
  @Public()
  publicLookup(@Body('username') username: string) {
    return this.calls.lookup(username);
  }

  @Post('signIn')
  @HttpCode(200)
  @Public()
  signIn(@Body('username') username: string) {
    return this.calls.signIn(username);
  }

  @Post('confirm')
  @HttpCode(200)
  @Public()
  confirm(@Body('username') username: string) {
    return this.calls.confirm(username);
  }
}

async function* never() {}

@ObjectType()
@Directive('@key(fields: "username")')
class Account {
  @Field(() => String)
  username!: string;
}

@Resolver()
class Api {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @Query(() => String)
  lookup(@Args('username') username: string) {
    return this.calls.lookup(username);
  }

  @Query(() => String)
  @OptionalAuth()
  optionalLookup(@Args('username') username: string) {
    return this.calls.lookup(username);
  }

  @Query(() => String)
  @Public()
  publicLookup(@Args('username') username: string) {
    return this.calls.lookup(username);
  }

  @Query(() => Account)
  @Public()
  account(@Args('username') username: string) {
    return { username };
  }

  @Mutation(() => String)
  @Public()
  signIn(@Args('username') username: string) {
    return this.calls.signIn(username);
  }

  @Mutation(() => String)
  @Public()
  confirm(@Args('username') username: string) {
    return this.calls.confirm(username);
  }

  @Query(() => String)
  @Public()
  misused(): string {
    throw new CognestError('user_absent', 'there is no user where @CurrentUser() stands');
  }

  @Subscription(() => String)
  async lookups(@Args('username') username: string) {
    await this.calls.lookup(username);
    return never();
  }

  @Subscription(() => String)
  @Public()
  async publicLookups(@Args('username') username: string) {
    await this.calls.lookup(username);
    return never();
  }
}

/** Streams that go wrong after they have begun. */
@Resolver()
class Streams {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @Subscription(() => String)
  @OptionalAuth()
  async *begun(@Args('username') username: string) {
    yield { begun: 'begun' };
    yield { begun: await this.calls.lookup(username) };
  }

  @Subscription(() => String)
  async *broken(@Args('username') username: string) {
    yield { broken: 'begun' };
    throw new Error(`broken for ${username}`);
  }

  @Subscription(() => String)
  iterable() {
    const iterator = {
      next: () =>
        new Promise((resolve) => {
          setImmediate(resolve, { done: false, value: { iterable: 'again' } });
        }),
      return: async () => {
        returned.push('returned');
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }
}
const returned: string[] = [];

@Resolver(() => Account)
class AccountFields {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @ResolveField(() => String)
  @OptionalAuth()
  state(@Args('of') of: string) {
    return this.calls.lookup(of);
  }
}

@WebSocketGateway()
class Gateway {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @SubscribeMessage('lookup')
  lookup(@MessageBody('username') username: string) {
    return this.calls.lookup(username);
  }

  @SubscribeMessage('streamed')
  streamed(@MessageBody('username') username: string) {
    return from([username]).pipe(mergeMap((name) => this.calls.lookup(name)));
  }

  @SubscribeMessage('optionalLookup')
  @OptionalAuth()
  optionalLookup(@MessageBody('username') username: string) {
    return this.calls.lookup(username);
  }

  @SubscribeMessage('publicLookup')
  @Public()
  publicLookup(@MessageBody('username') username: string) {
    return this.calls.lookup(username);
  }

  @SubscribeMessage('signIn')
  @Public()
  signIn(@MessageBody('username') username: string) {
    return this.calls.signIn(username);
  }

  @SubscribeMessage('confirm')
  @Public()
  confirm(@MessageBody('username') username: string) {
    return this.calls.confirm(username);
  }

  @SubscribeMessage('misused')
  @Public()
  misused(): string {
    throw new CognestError('user_absent', 'there is no user where @CurrentUser() stands');
  }

  @SubscribeMessage('plain')
  @Public()
  plain() {
    throw new Error('secret inside');
  }
}

const apollo = { driver: ApolloDriver, subscriptions: { 'graphql-ws': true } };
const mercurius = { driver: MercuriusDriver, subscription: { fullWsTransport: true } };
const express = () => new ExpressAdapter();
const fastify = () => new FastifyAdapter() as unknown as AbstractHttpAdapter;
const SERVERS: [string, () => AbstractHttpAdapter, object][] = [
  ['Apollo on Express', express, apollo],
  ['Apollo on Fastify', fastify, apollo],
  ['Mercurius', fastify, mercurius],
  ['Mercurius with compiled queries', fastify, { ...mercurius, jit: 1 }],
];

interface Failed {
  readonly message: string;
  readonly path?: unknown;
  readonly extensions: Record<string, unknown>;
}

let test: TestCognito;
let token: string;
let logged: string[];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  test = await startTestCognito();
  const { app } = await start(express(), {}, []);
  const auth = app.get(CognitoAuthService);
  const signedIn = await auth.signIn({ username: 'ada', password: PASSWORD });
  if (signedIn.status !== 'signed-in') throw new Error(`ada is not signed in: ${signedIn.status}`);
  token = signedIn.tokens.accessToken;
  const userAttributes = { email: 'unconfirmed@example.com' };
  await auth.signUp({ username: 'unconfirmed', password: PASSWORD, userAttributes });
  await app.close();
});
beforeEach(() => {
  logged = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((...parts: unknown[]) => {
    logged.push(parts.map(String).join(' '));
  });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  vi.restoreAllMocks();
});
afterAll(() => test.cognito.close());

async function start(
  adapter: AbstractHttpAdapter,
  graphql: object,
  providers: (new (...args: never[]) => unknown)[],
  options: CognitoModuleOptions & CognitoModuleExtras = {},
  prepare: (app: Awaited<ReturnType<typeof NestFactory.create>>) => void = () => {},
) {
  const imports =
    'driver' in graphql
      ? [GraphQLModule.forRoot({ autoSchemaFile: true, graphiql: false, ...graphql } as never)]
      : [];
  const given = test.options({ preventUserExistenceErrors: undefined, ...options });
  const module = appModule(given, { imports, controllers: [Http], providers: [Calls, ...providers] });
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  closing.push(() => app.close());
  prepare(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const post = async (path: string, body: object, bearer: string | undefined) => {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { text, retryAfter: response.headers.get('retry-after') };
  };
  return {
    app,
    url,
    /** What HTTP says of a failure, and every other transport is to say. */
    async http(name: string, username: string, bearer?: string) {
      const { text, retryAfter } = await post(name, { username }, bearer);
      const { status, code, detail } = JSON.parse(text);
      return { status, code, detail, ...(retryAfter !== null && { retryAfterS: Number(retryAfter) }) };
    },
    async graphql(query: string, bearer?: string) {
      const { text } = await post('graphql', { query }, bearer);
      return { text, ...(JSON.parse(text) as { data?: unknown; errors?: Failed[] }) };
    },
  };
}

/** A failure in GraphQL as HTTP would have it, and nothing beside. */
function ofGraphql({ message, extensions }: Failed) {
  const { stacktrace, code, status, retryAfterS, ...more } = extensions;
  // Apollo, while it is not in production.
  expect(stacktrace ?? []).toHaveLength(stacktrace === undefined ? 0 : 1);
  expect(more).toEqual({});
  return { status, code, detail: message, ...(retryAfterS !== undefined && { retryAfterS }) };
}

/** The same of a gateway. */
function ofGateway(exception: Record<string, unknown>) {
  const { status: error, statusCode, code, message, retryAfterS, ...more } = exception;
  expect([error, more]).toEqual(['error', {}]);
  return { status: statusCode, code, detail: message, ...(retryAfterS !== undefined && { retryAfterS }) };
}

/** The operations of {@link Calls}, of whom, and whether a token is sent along. */
const CALLS = ['publicLookup', 'optionalLookup', 'signIn', 'confirm'].flatMap((name) =>
  ['nobody', 'unconfirmed', 'ada', 'with space'].flatMap((username) =>
    [false, true].map((withToken) => [name, username, withToken] as const),
  ),
);
/** What Cognito and the SDK say, and no answer does. */
const THEIRS = /Exception|aws|amazon|smithy|node_modules|\$metadata|secret|UserPoolId|stack":\["(?!Graphql)/i;

describe.each(SERVERS)('%s', (_, adapter, graphql) => {
  const operation = (name: string, username: string) =>
    `${['signIn', 'confirm'].includes(name) ? 'mutation' : 'query'} { ${name}(username: "${username}") }`;

  it('says what HTTP says, and tells nobody who exists', async () => {
    const app = await start(adapter(), graphql, [Api]);
    let failures = 0;
    for (const [name, username, withToken] of CALLS) {
      const bearer = withToken ? token : undefined;
      const { text, errors } = await app.graphql(operation(name, username), bearer);
      expect(text).not.toMatch(THEIRS);
      if (errors === undefined) continue;
      failures += 1;
      const [failed] = errors as [Failed];
      expect(failed.path).toEqual([name]);
      expect(ofGraphql(failed), `${name} ${username} ${withToken}`).toEqual(
        await app.http(name, username, bearer),
      );
    }
    expect(failures).toBeGreaterThan(20);
    // Wrong passwords and unknown users fill no log.
    expect(logged).toEqual([]);
  });

  it('answers strangers alike, and those whom the guard has let in truly', async () => {
    const app = await start(adapter(), graphql, [Api]);
    const of = async (query: string, bearer?: string) => {
      const { errors, data } = await app.graphql(query, bearer);
      return errors === undefined ? data : ofGraphql(errors[0] as Failed);
    };
    const uniform = { status: 401, code: 'not_authorized', detail: expect.any(String) };
    const truth = { status: 404, code: 'user_not_found', detail: expect.any(String) };
    expect(await of(operation('lookup', 'nobody'), token)).toEqual(truth);
    expect(await of(operation('optionalLookup', 'nobody'), token)).toEqual(truth);
    expect(await of(operation('optionalLookup', 'nobody'))).toEqual(uniform);
    // As on a public route of HTTP, where nobody looks at the token.
    expect(await of(operation('publicLookup', 'nobody'), token)).toEqual(uniform);
    // Each field for itself.
    const both = `{ lookup(username: "ada") publicLookup(username: "nobody") }`;
    expect(await of(both, token)).toEqual(uniform);
    const { text: wrong } = await app.graphql(operation('signIn', 'ada'));
    const { text: unknown } = await app.graphql(operation('signIn', 'nobody'));
    const { text: unconfirmed } = await app.graphql(operation('signIn', 'unconfirmed'));
    expect([unknown, unconfirmed]).toEqual([wrong, wrong]);
  });

  it("tells as Cognito does where the pool's option says so", async () => {
    const app = await start(adapter(), graphql, [Api], { preventUserExistenceErrors: 'LEGACY' });
    const { errors } = await app.graphql(operation('publicLookup', 'nobody'));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'user_not_found', status: 404 });
  });

  it("goes by the app's own table", async () => {
    const errors = { NotAuthorizedException: { status: 418, code: 'nope', detail: 'No.', retryAfterS: 7 } };
    const app = await start(adapter(), graphql, [Api], { errors });
    const answer = await app.graphql(operation('signIn', 'ada'));
    expect(ofGraphql(answer.errors?.[0] as Failed)).toEqual({
      status: 418,
      code: 'nope',
      detail: 'No.',
      retryAfterS: 7,
    });
  });

  it('says when to come again if Cognito cannot be reached, and logs it', async () => {
    const gone = createServer();
    const endpoint = await listen(gone);
    await closeServer(gone);
    const app = await start(adapter(), graphql, [Api], {
      endpoint,
      client: { maxAttempts: 1, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } },
    });
    const { errors, text } = await app.graphql(operation('signIn', 'ada'));
    expect(ofGraphql(errors?.[0] as Failed)).toEqual({
      status: 503,
      code: 'cognito_unavailable',
      detail: expect.any(String),
      retryAfterS: 5,
    });
    expect(text).not.toContain(new URL(endpoint).port);
    expect(logged).toHaveLength(1);
  });

  it('keeps to itself what is wrong with the app', async () => {
    const app = await start(adapter(), graphql, [Api]);
    const { errors, text } = await app.graphql('{ misused }');
    expect(ofGraphql(errors?.[0] as Failed)).toMatchObject({ status: 500, code: 'misconfigured' });
    expect(text).not.toContain('@CurrentUser');
    expect(logged.join()).toContain('@CurrentUser');
  });

  it('answers fields too, once Nest calls filters there', async () => {
    const fields = { ...graphql, fieldResolverEnhancers: ['guards', 'filters'] };
    const app = await start(adapter(), fields, [Api, AccountFields]);
    const query = '{ account(username: "ada") { state(of: "nobody") } }';
    const codeOf = async (bearer?: string) =>
      (await app.graphql(query, bearer)).errors?.[0]?.extensions['code'];
    expect(await codeOf()).toBe('not_authorized');
    expect(await codeOf(token)).toBe('user_not_found');
  });

  /** What comes of a subscription: its data, then the error, if any. */
  async function subscribed(url: string, query: string, { bearer, stopAfter }: Subscribing = {}) {
    const client = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(bearer !== undefined && { connectionParams: { authorization: `Bearer ${bearer}` } }),
    });
    closing.push(() => client.dispose());
    const heard: unknown[] = [];
    try {
      for await (const { data, errors } of client.iterate({ query: `subscription { ${query} }` })) {
        heard.push(errors?.[0] ?? data);
        if (heard.length === stopAfter) break;
      }
    } catch (errors) {
      heard.push((errors as [Failed])[0]);
    }
    return heard;
  }

  it('answers who subscribes', async () => {
    const { url } = await start(adapter(), graphql, [Api]);
    const failure = async (field: string, bearer?: string) => {
      const heard = await subscribed(url, `${field}(username: "nobody")`, { bearer });
      expect(heard).toHaveLength(1);
      expect(JSON.stringify(heard)).not.toMatch(THEIRS);
      return ofGraphql(heard[0] as Failed);
    };
    const uniform = await failure('publicLookups');
    expect(uniform).toMatchObject({ status: 401, code: 'not_authorized' });
    expect(await failure('publicLookups', token)).toEqual(uniform);
    expect(await failure('lookups', token)).toMatchObject({ status: 404, code: 'user_not_found' });
  });

  it('answers what a subscription fails with later on', async () => {
    const { url } = await start(adapter(), graphql, [Api, Streams]);
    const [first, failure, ...more] = await subscribed(url, 'begun(username: "nobody")');
    expect([first, more]).toEqual([{ begun: 'begun' }, []]);
    expect(ofGraphql(failure as Failed)).toMatchObject({ status: 401, code: 'not_authorized' });
    expect(JSON.stringify(failure)).not.toMatch(THEIRS);
    const [, known] = await subscribed(url, 'begun(username: "nobody")', { bearer: token });
    expect(ofGraphql(known as Failed)).toMatchObject({ status: 404, code: 'user_not_found' });
    const [, other] = await subscribed(url, 'broken(username: "ada")', { bearer: token });
    expect(other).toMatchObject({ message: 'broken for ada' });
  });

  it('ends the stream of who leaves', async () => {
    returned.length = 0;
    const { url } = await start(adapter(), graphql, [Api, Streams]);
    expect(await subscribed(url, 'iterable', { bearer: token, stopAfter: 2 })).toHaveLength(2);
    await vi.waitFor(() => expect(returned).toEqual(['returned']));
  });

  it('leaves streams alone where the app wants no filter', async () => {
    @Resolver()
    class Bare {
      @Subscription(() => String)
      @Public()
      async *bare() {
        yield { bare: 'begun' };
        throw new CognestError('pool_unknown', 'there is no pool x');
      }
    }
    const { url } = await start(adapter(), graphql, [Api, Bare], { exceptionFilter: false });
    expect((await subscribed(url, 'bare'))[1]).toMatchObject({ message: 'there is no pool x' });
  });
});

interface Subscribing {
  readonly bearer?: string | undefined;
  readonly stopAfter?: number;
}

const FEDERATIONS: [string, () => AbstractHttpAdapter, object][] = [
  ['Apollo', express, ApolloFederationDriver],
  ['Mercurius', fastify, MercuriusFederationDriver],
];

describe.each(FEDERATIONS)('a federation on %s', (_, adapter, driver) => {
  const entities = (username: string) =>
    `{ _entities(representations: [{ __typename: "Account", username: "${username}" }]) ` +
    '{ ... on Account { username } } }';

  async function codes(cls: new (...args: never[]) => unknown) {
    const federation = {
      driver,
      autoSchemaFile: { federation: 2 },
      fieldResolverEnhancers: ['guards', 'filters'],
    };
    const app = await start(adapter(), federation, [Api, cls]);
    const of = async (bearer?: string) => {
      const { errors, text } = await app.graphql(entities('nobody'), bearer);
      expect(text).not.toMatch(THEIRS);
      return errors?.[0]?.extensions['code'];
    };
    expect((await app.graphql(entities('ada'), token)).data).toEqual({ _entities: [{ username: 'ada' }] });
    return [await of(), await of(token)];
  }

  it('answers what its references fail with', async () => {
    @Resolver(() => Account)
    class Guarded {
      constructor(@Inject(Calls) private readonly calls: Calls) {}

      @ResolveReference()
      @OptionalAuth()
      async byName({ username }: { username: string }) {
        return { username: await this.calls.lookup(username) };
      }
    }
    expect(await codes(Guarded)).toEqual(['not_authorized', 'user_not_found']);
  });

  it('tells nobody who exists by a public one', async () => {
    @Resolver(() => Account)
    class Open {
      constructor(@Inject(Calls) private readonly calls: Calls) {}

      @ResolveReference()
      @Public()
      async byName({ username }: { username: string }) {
        return { username: await this.calls.lookup(username) };
      }
    }
    expect(await codes(Open)).toEqual(['not_authorized', 'not_authorized']);
  });
});

const SOCKETS: [string, () => AbstractHttpAdapter, plain: boolean][] = [
  ['socket.io on Express', express, false],
  ['socket.io on Fastify', fastify, false],
  ['ws on Express', express, true],
  ['ws on Fastify', fastify, true],
];

describe.each(SOCKETS)('gateways on %s', (_, adapter, plain) => {
  async function gateway(
    cls: new (...args: never[]) => unknown,
    options: CognitoModuleOptions & CognitoModuleExtras = {},
  ) {
    const app = await start(adapter(), {}, [cls], options, (nest) => {
      if (plain) nest.useWebSocketAdapter(new WsAdapter(nest));
    });
    return {
      ...app,
      async ask(name: string, username: string, bearer?: string): Promise<Record<string, unknown>> {
        if (plain) {
          const headers: Record<string, string> =
            bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
          const socket = await plainSocket(app.url, headers);
          const answer = (await askPlain(socket, name, { username })) as { data: Record<string, unknown> };
          socket.close();
          return answer.data;
        }
        const socket = await socketIo(app.url, bearer === undefined ? {} : { auth: { token: bearer } });
        const answer = (await askSocketIo(socket, name, { username })) as {
          exception: Record<string, unknown>;
        };
        socket.close();
        return answer.exception;
      },
    };
  }

  it('say what HTTP says, and tell nobody who exists', async () => {
    const app = await gateway(Gateway);
    for (const [name, username, withToken] of CALLS) {
      if (name.endsWith('ookup') && username !== 'nobody' && username !== 'with space') continue;
      const bearer = withToken ? token : undefined;
      const exception = await app.ask(name, username, bearer);
      expect(JSON.stringify(exception)).not.toMatch(THEIRS);
      expect(ofGateway(exception), `${name} ${username} ${withToken}`).toEqual(
        await app.http(name, username, bearer),
      );
    }
    expect(logged).toEqual([]);
  });

  it('answer truly whom the guard has let in, and for that message alone', async () => {
    const { ask } = await gateway(Gateway);
    const code = async (name: string, bearer?: string) => (await ask(name, 'nobody', bearer))['code'];
    expect(await code('lookup', token)).toBe('user_not_found');
    expect(await code('streamed', token)).toBe('user_not_found');
    expect(await code('lookup')).toBe('credentials_missing');
    expect(await code('optionalLookup')).toBe('not_authorized');
    expect(await code('publicLookup', token)).toBe('not_authorized');
  });

  it('leave every other error to Nest', async () => {
    const { ask } = await gateway(Gateway);
    expect(await ask('plain', 'ada')).toMatchObject({ status: 'error', message: 'Internal server error' });
    expect(await ask('misused', 'ada')).toMatchObject({ statusCode: 500, code: 'misconfigured' });
  });

  it("leave their own filters' errors to them", async () => {
    @Catch()
    class Own implements ExceptionFilter {
      catch(_exception: unknown, host: Parameters<ExceptionFilter['catch']>[1]) {
        const client = host.switchToWs().getClient();
        const { message } = new WsException('mine');
        if (plain) client.send(JSON.stringify({ event: 'exception', data: { mine: message } }));
        else client.emit('exception', { mine: message });
      }
    }
    @WebSocketGateway()
    @UseFilters(Own)
    class WithFilter extends Gateway {}
    const { ask } = await gateway(WithFilter);
    expect(await ask('lookup', 'nobody', token)).toEqual({ mine: 'mine' });
  });

  it('have no filter where the app wants none, or have it where it says', async () => {
    @WebSocketGateway()
    class Bare extends Gateway {}
    const bare = await gateway(Bare, { exceptionFilter: false });
    expect(await bare.ask('signIn', 'ada')).toMatchObject({ message: 'Internal server error' });
    @WebSocketGateway()
    @UseFilters(CognitoExceptionFilter)
    class Chosen extends Gateway {}
    const chosen = await gateway(Chosen, { exceptionFilter: false });
    expect(await chosen.ask('signIn', 'ada')).toMatchObject({ statusCode: 401, code: 'not_authorized' });
    expect(await chosen.ask('lookup', 'nobody', token)).toMatchObject({ code: 'user_not_found' });
  });
});

describe('a gateway’s class', () => {
  const ask = async (url: string, name: string) => {
    const socket = await socketIo(url);
    const answer = await askSocketIo(socket, name, { username: 'ada' });
    socket.close();
    return answer;
  };

  it('in two apps has the filter of each', async () => {
    const first = await start(express(), {}, [Gateway]);
    const second = await start(express(), {}, [Gateway], {
      errors: { NotAuthorizedException: { status: 418, code: 'second' } },
    });
    expect(await ask(first.url, 'signIn')).toMatchObject({ exception: { code: 'not_authorized' } });
    expect(await ask(second.url, 'signIn')).toMatchObject({ exception: { code: 'second' } });
  });

  it('has none in an app without the module, whatever another app has', async () => {
    @WebSocketGateway()
    class Shared {
      @SubscribeMessage('say')
      @Public()
      say() {
        throw new CognestError('pool_unknown', 'there is no pool x');
      }
    }
    const withModule = await start(express(), {}, [Shared]);
    @Module({ providers: [Shared] })
    class Without {}
    const app = await NestFactory.create(Without, { logger: false });
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    expect(await ask(withModule.url, 'say')).toMatchObject({ exception: { code: 'pool_unknown' } });
    expect(await ask(await app.getUrl(), 'say')).toMatchObject({
      exception: { message: 'Internal server error' },
    });
  });
});
