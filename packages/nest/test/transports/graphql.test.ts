import { ApolloDriver, ApolloFederationDriver } from '@nestjs/apollo';
import { Logger, UseGuards } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { NestFactory } from '@nestjs/core';
import {
  Directive,
  Field,
  GraphQLModule,
  ID,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import {
  GRAPHQL_MODULE_OPTIONS,
  RESOLVER_PROPERTY_METADATA,
  RESOLVER_REFERENCE_METADATA,
  RESOLVER_TYPE_METADATA,
} from '@nestjs/graphql/dist/graphql.constants.js';
import { MercuriusDriver, MercuriusFederationDriver } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AccessToken,
  Authorize,
  CognitoAuthGuard,
  type CognitoModuleOptions,
  CognitoRouteAudit,
  CurrentUser,
  Groups,
  OptionalAuth,
  Public,
} from '../../src/index.js';
import { optionsFor } from '../support/app.js';
import { appModule } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

@ObjectType()
@Directive('@key(fields: "id")')
class Report {
  @Field(() => ID)
  id!: string;
}

@Resolver()
class Api {
  @Query(() => String)
  me(@CurrentUser('sub') sub: string) {
    return sub;
  }

  @Query(() => Boolean)
  token(@AccessToken() token: string) {
    return token.split('.').length === 3;
  }

  @Query(() => String)
  @Groups('admin')
  secret() {
    return 'secret';
  }

  @Mutation(() => String)
  @Groups('admin')
  change() {
    return 'changed';
  }

  @Query(() => String)
  @Authorize({ check: (user) => user.username === 'ada' })
  checked() {
    return 'checked';
  }

  @Query(() => String)
  @Public()
  open() {
    return 'open';
  }

  @Query(() => String)
  @OptionalAuth()
  maybe(@CurrentUser('sub') sub: string | undefined) {
    return sub ?? 'nobody';
  }

  @Query(() => [Report])
  @Public()
  reports() {
    return [{ id: '1' }, { id: '2' }];
  }

  @Subscription(() => String)
  ticks() {
    return (async function* () {})();
  }
}

/** Fields with rules of their own. */
@Resolver(() => Report)
class Fields {
  @ResolveField(() => String)
  @Groups('admin')
  salary(@CurrentUser('sub') sub: string) {
    return `salary for ${sub}`;
  }

  @ResolveField(() => String)
  @Public()
  title() {
    return 'title';
  }

  @ResolveField(() => String)
  undecided() {
    return 'undecided';
  }
}

const apollo = { driver: ApolloDriver };
const mercurius = { driver: MercuriusDriver };
const SERVERS: [string, () => AbstractHttpAdapter, object][] = [
  ['Apollo on Express', () => new ExpressAdapter(), apollo],
  ['Apollo on Fastify', () => new FastifyAdapter() as never, apollo],
  ['Mercurius on Fastify', () => new FastifyAdapter() as never, mercurius],
  ['Mercurius with compiled queries', () => new FastifyAdapter() as never, { ...mercurius, jit: 1 }],
];

interface Answer {
  data?: unknown;
  errors?: { message: string; path?: unknown; extensions: { code: string; reason: string } }[];
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

async function start(
  adapter: AbstractHttpAdapter,
  graphql: object,
  providers: (new () => unknown)[],
  options: CognitoModuleOptions = {},
) {
  const imports = [GraphQLModule.forRoot({ autoSchemaFile: true, graphiql: false, ...graphql } as never)];
  const module = appModule(optionsFor(pool, options), { imports, providers });
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  closing.push(() => app.close());
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/graphql`;
  const answer = async (
    query: string,
    headers: Record<string, string> = {},
    variables: object = {},
  ): Promise<Answer> => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return (await response.json()) as Answer;
  };
  return {
    app,
    url,
    answer,
    /** The data of an operation, or the code and the reason of its first error. */
    async run(query: string, token?: string, variables: object = {}) {
      const { data, errors } = await answer(
        query,
        token === undefined ? {} : { authorization: `Bearer ${token}` },
        variables,
      );
      const [first] = errors ?? [];
      return first === undefined ? data : `${first.extensions.code} ${first.extensions.reason}`;
    },
  };
}

const GUARDS = { fieldResolverEnhancers: ['guards'] };

describe.each(SERVERS)('%s', (_, adapter, graphql) => {
  it('lets nobody in without a token, but where it says so', async () => {
    const { run } = await start(adapter(), graphql, [Api]);
    expect(await run('{ me }')).toBe('UNAUTHENTICATED credentials_missing');
    expect(await run('{ me }', 'e30.e30.e30')).toBe('UNAUTHENTICATED token_invalid');
    expect(await run('{ me }', 'a b')).toBe('BAD_REQUEST credentials_malformed');
    expect(await run('mutation { change }')).toBe('UNAUTHENTICATED credentials_missing');
    expect(await run('{ maybe }', 'e30.e30.e30')).toBe('UNAUTHENTICATED token_invalid');
    expect(await run('{ open }', 'e30.e30.e30')).toEqual({ open: 'open' });
    expect(await run('{ open maybe }')).toEqual({ open: 'open', maybe: 'nobody' });
  });

  it('asks each field of an operation for its own policy', async () => {
    const { run } = await start(adapter(), graphql, [Api]);
    const token = await pool.access({ sub: 'ada' });
    const query = '{ me maybe open token checked }';
    const all = { me: 'ada', maybe: 'ada', open: 'open', token: true, checked: 'checked' };
    for (let i = 0; i < 3; i++) expect(await run(query, token)).toEqual(all);
    expect(await run('{ me secret }', token)).toBe('FORBIDDEN groups_insufficient');
    expect(await run('{ a: open b: secret }', token)).toBe('FORBIDDEN groups_insufficient');
    expect(await run('mutation { change }', token)).toBe('FORBIDDEN groups_insufficient');
    const admin = await pool.access({ sub: 'ada', 'cognito:groups': ['admin'] });
    expect(await run('{ me secret }', admin)).toEqual({ me: 'ada', secret: 'secret' });
    expect(await run('mutation { change }', admin)).toEqual({ change: 'changed' });
    expect(await run('{ checked }', await pool.access({ username: 'eve' }))).toBe('FORBIDDEN check_refused');
  });

  it('tells the client neither a stack nor a cause, and fills no log', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error');
    const { answer } = await start(adapter(), graphql, [Api]);
    const { errors } = await answer('{ me }', { authorization: 'Bearer e30.e30.e30' });
    const [error] = errors ?? [];
    expect(error).toMatchObject({ message: 'The token is not valid here.', path: ['me'] });
    const { stacktrace, ...extensions } = { ...error?.extensions } as Record<string, unknown>;
    expect(extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'token_invalid', status: 401 });
    // Apollo, while it is not in production.
    expect(stacktrace ?? []).toHaveLength(stacktrace === undefined ? 0 : 1);
    expect(logged).not.toHaveBeenCalled();
    logged.mockRestore();
  });

  it('takes the token from the configured sources, and from one only', async () => {
    const { answer } = await start(adapter(), graphql, [Api], {
      tokenSources: ['header', { cookie: 'session' }],
    });
    const token = await pool.access({ sub: 'ada' });
    expect(await answer('{ me }', { cookie: `session=${token}` })).toEqual({ data: { me: 'ada' } });
    const { errors } = await answer('{ me }', {
      cookie: `session=${token}`,
      authorization: `Bearer ${token}`,
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', reason: 'credentials_malformed' });
  });

  it('says that it is out of order when the keys cannot be had', async () => {
    const { answer } = await start(adapter(), graphql, [Api], { endpoint: 'http://127.0.0.1:1' });
    const claims = { iss: `http://127.0.0.1:1/${pool.userPoolId}` };
    const { errors } = await answer('{ me }', { authorization: `Bearer ${await pool.access(claims)}` });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      reason: 'keys_unavailable',
      retryAfterS: expect.any(Number),
    });
  });

  it('guards fields once Nest calls guards there', async () => {
    const { app, run } = await start(adapter(), { ...graphql, ...GUARDS }, [Api, Fields]);
    const token = await pool.access({ sub: 'ada' });
    const admin = await pool.access({ sub: 'ada', 'cognito:groups': ['admin'] });
    expect(await run('{ reports { id title } }')).toEqual({
      reports: [
        { id: '1', title: 'title' },
        { id: '2', title: 'title' },
      ],
    });
    expect(await run('{ reports { undecided } }')).toBe('UNAUTHENTICATED credentials_missing');
    expect(await run('{ reports { salary } }', token)).toBe('FORBIDDEN groups_insufficient');
    const salaries = { reports: [{ salary: 'salary for ada' }, { salary: 'salary for ada' }] };
    for (let i = 0; i < 3; i++) expect(await run('{ reports { salary } }', admin)).toEqual(salaries);
    const audited = app.get(CognitoRouteAudit).handlers.map(({ address, access }) => [address, access]);
    expect(audited).toContainEqual(['field Report.salary', 'guarded']);
    expect(audited).toContainEqual(['field Report.title', 'public']);
  });

  it("leaves alone what is not decided, with protect: 'decorated'", async () => {
    const { run } = await start(adapter(), { ...graphql, ...GUARDS }, [Api, Fields], {
      protect: 'decorated',
    });
    expect(await run('{ reports { undecided } }')).toEqual({
      reports: [{ undecided: 'undecided' }, { undecided: 'undecided' }],
    });
    expect(await run('{ secret }')).toBe('UNAUTHENTICATED credentials_missing');
  });
});

const FEDERATIONS: [string, () => AbstractHttpAdapter, object][] = [
  ['Apollo', () => new ExpressAdapter(), { driver: ApolloFederationDriver }],
  ['Mercurius', () => new FastifyAdapter() as never, { driver: MercuriusFederationDriver }],
];

describe.each(FEDERATIONS)('a federation on %s', (_, adapter, driver) => {
  /** How often each reference was resolved. */
  const resolved: string[] = [];

  @Resolver(() => Report)
  class References {
    @ResolveReference()
    @Authorize({ check: (_, context) => context.getArgByIndex<{ id: string }>(0).id !== 'hers' })
    byId({ id }: { id: string }) {
      resolved.push(id);
      return { id };
    }
  }

  const federation = { ...driver, autoSchemaFile: { federation: 2 } };
  const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Report { id } } }`;
  const of = (...ids: string[]) => ({ of: ids.map((id) => ({ __typename: 'Report', id })) });

  it('has its references guarded, each by itself', async () => {
    resolved.length = 0;
    const { app, run } = await start(adapter(), { ...federation, ...GUARDS }, [Api, References]);
    expect(await run(ENTITIES, undefined, of('1', '2'))).toBe('UNAUTHENTICATED credentials_missing');
    expect(await run(ENTITIES, 'e30.e30.e30', of('1'))).toBe('UNAUTHENTICATED token_invalid');
    expect(resolved).toEqual([]);
    const token = await pool.access();
    expect(await run(ENTITIES, token, of('1', '2'))).toEqual({ _entities: [{ id: '1' }, { id: '2' }] });
    expect(await run(ENTITIES, token, of('1', 'hers'))).toBe('FORBIDDEN check_refused');
    expect(resolved).not.toContain('hers');
    expect(app.get(CognitoRouteAudit).handlers).toContainEqual(
      expect.objectContaining({ address: 'reference Report.byId', access: 'guarded' }),
    );
  });

  it('does not boot with references that would be open', async () => {
    @Resolver(() => Report)
    class Silent {
      @ResolveReference()
      byId({ id }: { id: string }) {
        return { id };
      }
    }
    await expect(start(adapter(), federation, [Api, Silent])).rejects.toThrow(
      'Silent.byId would be open to everybody by _entities, because Nest calls no guard for @ResolveReference(); ' +
        "add fieldResolverEnhancers: ['guards'] to GraphQLModule.forRoot(), or put @Public() on the method",
    );
    const { run } = await start(adapter(), { ...federation, ...GUARDS }, [Api, Silent]);
    expect(await run(ENTITIES, undefined, of('1'))).toBe('UNAUTHENTICATED credentials_missing');
  });

  it('has open references where they are said to be', async () => {
    @Resolver(() => Report)
    class Open {
      @ResolveReference()
      @Public()
      byId({ id }: { id: string }) {
        return { id };
      }
    }
    const { run } = await start(adapter(), federation, [Api, Open]);
    expect(await run(ENTITIES, undefined, of('1'))).toEqual({ _entities: [{ id: '1' }] });
  });
});

describe('where Nest calls no guards for fields, the boot is refused', () => {
  const boot = (cls: new () => unknown, options: CognitoModuleOptions = {}) =>
    start(new ExpressAdapter(), apollo, [Api, cls], options);

  it('for a rule on one', async () => {
    await expect(boot(Fields)).rejects.toThrow(
      'Fields.salary: @Groups() has no effect there, because Nest calls no guard for @ResolveField(); ' +
        "add fieldResolverEnhancers: ['guards'] to GraphQLModule.forRoot()",
    );
    await expect(boot(Fields, { protect: 'decorated' })).rejects.toThrow('Fields.salary: @Groups()');
  });

  it('for a rule on their class', async () => {
    @Resolver(() => Report)
    @Authorize()
    class OfClass {
      @ResolveField(() => String)
      title() {
        return 'title';
      }
    }
    await expect(boot(OfClass)).rejects.toThrow('OfClass.title: @Authorize() has no effect there');
  });

  it('for the guard itself', async () => {
    @Resolver(() => Report)
    class WithGuard {
      @ResolveField(() => String)
      @UseGuards(CognitoAuthGuard)
      title() {
        return 'title';
      }
    }
    await expect(boot(WithGuard, { protect: 'decorated' })).rejects.toThrow(
      'WithGuard.title: the guard of @UseGuards() is not called there',
    );
  });

  it('for a user whom nobody would know', async () => {
    @Resolver(() => Report)
    class WithUser {
      @ResolveField(() => String)
      title(@CurrentUser('sub') sub: string) {
        return sub;
      }
    }
    await expect(boot(WithUser)).rejects.toThrow('WithUser.title has a parameter with @CurrentUser()');
  });

  it('and not for a field that says nothing, or that it is open', async () => {
    @Resolver(() => Report)
    class Quiet {
      @ResolveField(() => String)
      title() {
        return 'title';
      }

      @ResolveField(() => String)
      @Public()
      subtitle() {
        return 'subtitle';
      }
    }
    const { run } = await boot(Quiet);
    expect(await run('{ reports { title subtitle } }')).toEqual({
      reports: [
        { title: 'title', subtitle: 'subtitle' },
        { title: 'title', subtitle: 'subtitle' },
      ],
    });
  });
});

it("knows the names of Nest's metadata", () => {
  expect([
    GRAPHQL_MODULE_OPTIONS,
    RESOLVER_TYPE_METADATA,
    RESOLVER_PROPERTY_METADATA,
    RESOLVER_REFERENCE_METADATA,
  ]).toEqual([
    'GqlModuleOptions',
    'graphql:resolver_type',
    'graphql:resolve_property',
    'graphql:resolve_reference',
  ]);
});
