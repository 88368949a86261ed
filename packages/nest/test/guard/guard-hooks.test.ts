import { createServer } from 'node:http';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  Logger,
  Module,
  type ModuleMetadata,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CognitoStrategy } from '../../src/guard/cognito.strategy.js';
import {
  Authorize,
  CognitoAuthException,
  CognitoAuthGuard,
  CognitoExceptionFilter,
  type CognitoUser,
  CurrentUser,
  Groups,
  type HttpAnswer,
  Public,
} from '../../src/index.js';
import { optionsFor, startApp, type TestApp } from '../support/app.js';
import { closeServer, listen, startPool, type TestPool } from '../support/pool.js';

let pool: TestPool;
const apps: TestApp[] = [];
const started = async (starting: Promise<TestApp>) => {
  const app = await starting;
  apps.push(app);
  return app;
};
beforeAll(async () => {
  pool = await startPool();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => pool.close());

type Request = Record<string, unknown>;
/** Once with a token that is new, once with the same from what is remembered. */
const coldAndWarm = async <T>(ask: () => Promise<T>): Promise<[T, T]> => [await ask(), await ask()];

describe('the guard put on a handler', () => {
  @Controller()
  class Cats {
    @Get('local')
    @UseGuards(CognitoAuthGuard)
    local(@CurrentUser('username') username: string) {
      return { username };
    }

    @Get('local-groups')
    @Groups('admin')
    @UseGuards(CognitoAuthGuard, CognitoAuthGuard)
    groups() {
      return [];
    }

    @Get('local-public')
    @Public()
    @UseGuards(CognitoAuthGuard)
    public() {
      return [];
    }

    @Get('free')
    free() {
      return [];
    }
  }

  it.each(['all', 'decorated'] as const)('works beside the global one (%s)', async (protect) => {
    const app = await started(startApp(optionsFor(pool, { protect }), [Cats]));
    const token = await pool.access();
    const admin = await pool.access({ 'cognito:groups': ['admin'] });
    expect((await app.get('/local')).status).toBe(401);
    expect((await app.get('/local-groups', token)).status).toBe(403);
    for (const response of await coldAndWarm(() => app.get('/local', token)))
      expect(response.status).toBe(200);
    for (const response of await coldAndWarm(() => app.get('/local-groups', admin)))
      expect(response.status).toBe(200);
    expect((await app.get('/local-public')).status).toBe(200);
    expect((await app.get('/free')).status).toBe(protect === 'all' ? 401 : 200);
  });

  it('decides about a cold token once however often it runs', async () => {
    const isRevoked = vi.fn(() => false);
    const revocations = { isRevoked };
    const app = await started(startApp(optionsFor(pool, { revocations }), [Cats]));
    await app.get('/local-groups', await pool.access({ 'cognito:groups': ['admin'] }));
    expect(isRevoked).toHaveBeenCalledTimes(1);
  });
});

describe('Passport’s strategy "cognito"', () => {
  @Controller()
  class Dogs {
    @Get('dogs')
    list() {
      return [];
    }
  }

  it('verifies a token that is new; one that was verified before needs no strategy', async () => {
    const validate = vi.spyOn(CognitoStrategy.prototype, 'validate');
    const app = await started(startApp(optionsFor(pool), [Dogs]));
    const token = await pool.access();
    for (const response of await coldAndWarm(() => app.get('/dogs', token)))
      expect(response.status).toBe(200);
    expect(validate).toHaveBeenCalledTimes(1);
  });

  it('need not be run while it is the module’s own: it would have come to the same', async () => {
    const heard: unknown[] = [];
    @Injectable()
    class ListeningGuard extends CognitoAuthGuard {
      // biome-ignore lint/suspicious/noExplicitAny: AuthGuard's own signature
      override handleRequest<TUser = any>(err: any, user: any, info: any, context: ExecutionContext): TUser {
        heard.push([err?.message ?? null, user?.username, info?.code ?? null]);
        return super.handleRequest(err, user, info, context);
      }
    }

    @Controller()
    class Wolves {
      @Get('wolves')
      @UseGuards(ListeningGuard)
      list(@Req() request: Request, @CurrentUser('username') username: string) {
        return { user: (request['user'] as CognitoUser).username, username };
      }

      @Get('pack')
      @Groups('alpha')
      @UseGuards(ListeningGuard)
      pack() {
        return [];
      }

      @Get('checked')
      @Authorize({ check: async (user) => user.groups.includes('beta') })
      @UseGuards(ListeningGuard)
      checked() {
        return [];
      }
    }

    const isRevoked = ({ jti }: { jti?: string }) => {
      if (jti === 'fault') throw new Error('boom');
      return jti === 'revoked';
    };
    const options = optionsFor(pool, { protect: 'decorated', revocations: { isRevoked } });
    const app = await started(startApp(options, [Wolves]));
    const answers = async () => {
      heard.length = 0;
      const given: [string, string | undefined][] = [
        ['wolves', `Bearer ${await pool.access()}`],
        ['wolves', `bearer   ${await pool.access()}`],
        ['wolves', undefined],
        ['wolves', 'Basic YTpi'],
        ['wolves', 'Bearer rubbish'],
        ['wolves', 'Bearer not/good!'],
        ['wolves', `Bearer ${await pool.access()}, Bearer ${await pool.access()}`],
        ['wolves', `Bearer ${await pool.access()}!`],
        ['wolves', `Bearer ${await pool.access({ exp: 1_000_000_000 })}`],
        ['wolves', `Bearer ${await pool.access({ jti: 'revoked' })}`],
        ['wolves', `Bearer ${await pool.access({ jti: 'fault' })}`],
        ['wolves', `Bearer ${await pool.id()}`],
        ['pack', `Bearer ${await pool.access()}`],
        ['pack', `Bearer ${await pool.access({ 'cognito:groups': ['alpha'] })}`],
        ['checked', `Bearer ${await pool.access({ 'cognito:groups': ['beta'] })}`],
        ['checked', `Bearer ${await pool.access()}`],
      ];
      const all: unknown[] = [];
      for (const [path, authorization] of given) {
        const headers = authorization === undefined ? {} : { authorization };
        const response = await fetch(`${app.address}/${path}`, { headers });
        const challenge = response.headers.get('www-authenticate');
        all.push([path, response.status, challenge, await response.json()]);
      }
      return { all, heard: [...heard] };
    };

    const without = await answers();
    const validate = vi.spyOn(CognitoStrategy.prototype, 'validate');
    const through = await answers();
    // All but the two without a Bearer credential.
    expect(validate).toHaveBeenCalledTimes(14);
    expect(without).toEqual(through);
    expect(without.all.map((answer) => (answer as unknown[])[1])).toEqual([
      200, 200, 401, 401, 401, 400, 400, 400, 401, 401, 500, 401, 403, 200, 200, 403,
    ]);
  });

  it('that somebody else has put in its place lets nobody in by itself', async () => {
    const app = await started(startApp(optionsFor(pool), [Dogs]));
    const ours = (passport as unknown as { _strategy(name: string): passport.Strategy })._strategy('cognito');
    try {
      for (const verify of [
        (_: unknown, done: (error: unknown, user?: unknown) => void) => done(null, { sub: 'anybody' }),
        (_: unknown, done: (error: unknown, user?: unknown) => void) => done(null, false),
      ]) {
        passport.use('cognito', new Strategy(verify as never));
        expect((await app.get('/dogs', await pool.access())).status).toBe(401);
      }
      passport.use('cognito', new Strategy((_, done) => done(new Error('broken'))));
      expect((await app.get('/dogs', await pool.access())).status).toBe(500);
    } finally {
      passport.use('cognito', ours);
    }
  });
});

describe('AuthGuard’s hooks', () => {
  const calls: unknown[][] = [];

  @Injectable()
  class MappingGuard extends CognitoAuthGuard {
    // biome-ignore lint/suspicious/noExplicitAny: AuthGuard's own signature
    override handleRequest<TUser = any>(err: any, user: any, info: any, context: ExecutionContext): TUser {
      calls.push([err, user, info, context.getHandler().name]);
      return { mapped: super.handleRequest<CognitoUser>(err, user, info, context).sub } as TUser;
    }
  }

  @Injectable()
  class PropertyGuard extends CognitoAuthGuard {
    override getAuthenticateOptions() {
      return { property: 'cognitoUser' };
    }
  }

  @Injectable()
  class AsyncPropertyGuard extends CognitoAuthGuard {
    override async getAuthenticateOptions() {
      return { property: 'cognitoUser' };
    }
  }

  @Injectable()
  class LenientGuard extends CognitoAuthGuard {
    // biome-ignore lint/suspicious/noExplicitAny: AuthGuard's own signature
    override handleRequest<TUser = any>(_err: any, user: any): TUser {
      return (user || { anonymous: true }) as TUser;
    }
  }

  @Injectable()
  class TeapotGuard extends CognitoAuthGuard {
    // biome-ignore lint/suspicious/noExplicitAny: AuthGuard's own signature
    override handleRequest<TUser = any>(err: any, user: any): TUser {
      if (err || !user) throw new HttpException('teapot', 418);
      return user;
    }
  }

  @Controller()
  class Cats {
    @Get('mapped')
    @UseGuards(MappingGuard)
    mapped(@Req() request: Request, @CurrentUser('username') username: string) {
      return { user: request['user'], username };
    }

    @Get('property')
    @UseGuards(PropertyGuard)
    property(@Req() request: Request) {
      return { user: request['user'] ?? null, cognitoUser: (request['cognitoUser'] as CognitoUser).username };
    }

    @Get('async-property')
    @UseGuards(AsyncPropertyGuard)
    asyncProperty(@Req() request: Request) {
      return { user: request['user'] ?? null, cognitoUser: (request['cognitoUser'] as CognitoUser).username };
    }

    @Get('lenient')
    @UseGuards(LenientGuard)
    lenient(@Req() request: Request) {
      return request['user'];
    }

    @Get('lenient-groups')
    @UseGuards(LenientGuard)
    @Groups('admin')
    lenientGroups() {
      return 'let in';
    }

    @Get('teapot')
    @UseGuards(TeapotGuard)
    teapot() {
      return [];
    }
  }

  // Only the guards on the handlers: the global one has its own say about decorated handlers.
  const start = () => started(startApp(optionsFor(pool, { protect: 'decorated' }), [Cats]));

  it('handleRequest shapes request.user, cold and warm alike', async () => {
    calls.length = 0;
    const app = await start();
    const token = await pool.access();
    const [cold, warm] = await coldAndWarm(async () => (await app.get('/mapped', token)).json());
    expect(cold).toEqual({ user: { mapped: '1f2e3d4c-0000-70de-04fc-be20af92f810' }, username: 'ada' });
    expect(warm).toEqual(cold);
    expect(calls).toEqual([
      [null, expect.objectContaining({ username: 'ada' }), undefined, 'mapped'],
      [null, expect.objectContaining({ username: 'ada' }), undefined, 'mapped'],
    ]);
  });

  it('handleRequest hears of failures as Passport tells them: no token, a bad one, a malformed request', async () => {
    calls.length = 0;
    const app = await start();
    await app.get('/mapped');
    await app.get('/mapped', 'rubbish');
    await fetch(`${app.address}/mapped`, { headers: { authorization: 'Bearer' } });
    expect(calls).toEqual([
      [null, false, expect.objectContaining({ code: 'credentials_missing' }), 'mapped'],
      [null, false, expect.objectContaining({ code: 'token_invalid' }), 'mapped'],
      [expect.objectContaining({ code: 'credentials_malformed' }), false, undefined, 'mapped'],
    ]);
  });

  it('handleRequest may choose another answer', async () => {
    const app = await start();
    expect((await app.get('/teapot')).status).toBe(418);
    expect((await app.get('/teapot', 'rubbish')).status).toBe(418);
  });

  it.each(['/property', '/async-property'])(
    'getAuthenticateOptions names the property (%s)',
    async (path) => {
      const app = await start();
      const token = await pool.access();
      for (const response of await coldAndWarm(() => app.get(path, token))) {
        expect(await response.json()).toEqual({ user: null, cognitoUser: 'ada' });
      }
    },
  );

  it('a handleRequest that swallows refusals makes the token optional, but lifts no condition', async () => {
    const app = await start();
    expect(await (await app.get('/lenient')).json()).toEqual({ anonymous: true });
    expect(await (await app.get('/lenient', 'rubbish')).json()).toEqual({ anonymous: true });
    const token = await pool.access();
    for (const response of await coldAndWarm(() => app.get('/lenient', token))) {
      expect(await response.json()).toMatchObject({ username: 'ada' });
    }
    const groups = await pool.access();
    for (const response of await coldAndWarm(() => app.get('/lenient-groups', groups))) {
      expect(response.status).toBe(403);
    }
    expect((await app.get('/lenient-groups')).status).toBe(401);
    expect((await app.get('/lenient-groups', 'rubbish')).status).toBe(401);
  });
});

describe('a guard by itself, where no global one has looked before', () => {
  class Cats {
    any() {}

    @Groups('admin')
    admin() {}
  }

  class LenientGuard extends CognitoAuthGuard {
    // biome-ignore lint/suspicious/noExplicitAny: AuthGuard's own signature
    override handleRequest<TUser = any>(_err: any, user: any): TUser {
      return (user || { anonymous: true }) as TUser;
    }
  }

  const requestWith = (token?: string) => ({
    headers: {},
    rawHeaders: token === undefined ? [] : ['Authorization', `Bearer ${token}`],
    user: undefined as unknown,
  });

  const contextOf = (handler: keyof Cats, request: object): ExecutionContext =>
    ({
      getType: () => 'http',
      getClass: () => Cats,
      getHandler: () => Cats.prototype[handler],
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ setHeader() {}, set() {} }) }),
    }) as unknown as ExecutionContext;

  const guards = async () => {
    const app = await started(startApp(optionsFor(pool), [], { providers: [LenientGuard] }));
    return { guard: app.nest.get(CognitoAuthGuard), lenient: app.nest.get(LenientGuard) };
  };

  it('enforces conditions although its hook swallows refusals, cold and warm', async () => {
    const { lenient } = await guards();
    const token = await pool.access();
    const enter = async (handler: keyof Cats, given?: string) => {
      const request = requestWith(given);
      await lenient.canActivate(contextOf(handler, request));
      return request.user;
    };
    expect(await enter('any')).toEqual({ anonymous: true });
    expect(await enter('any', 'rubbish')).toEqual({ anonymous: true });
    for (const given of [token, token, 'rubbish', undefined]) {
      await expect(enter('admin', given)).rejects.toBeInstanceOf(CognitoAuthException);
    }
    const admin = await pool.access({ 'cognito:groups': ['admin'] });
    expect(await enter('admin', admin)).toMatchObject({ groups: ['admin'] });
  });

  it('evaluates its own policy on a request that was let in for another one', async () => {
    const { guard } = await guards();
    const request = requestWith(await pool.access());
    expect(await guard.canActivate(contextOf('any', request))).toBe(true);
    await expect((async () => guard.canActivate(contextOf('admin', request)))()).rejects.toMatchObject({
      code: 'groups_insufficient',
    });
    expect(await guard.canActivate(contextOf('any', request))).toBe(true);
  });

  it('takes a request without a raw list of headers, as serverless adapters make them', async () => {
    const { guard } = await guards();
    const authorization = `Bearer ${await pool.access()}`;
    const enter = async (headers: object) => guard.canActivate(contextOf('any', { headers }));
    expect(await enter({ authorization })).toBe(true);
    expect(await enter({ authorization: [authorization] })).toBe(true);
    await expect(enter({ authorization: [authorization, authorization] })).rejects.toMatchObject({
      code: 'credentials_malformed',
    });
    await expect(enter({})).rejects.toMatchObject({ code: 'credentials_missing' });
  });
});

describe('a plain AuthGuard', () => {
  @Controller()
  class Cats {
    @Get('plain')
    @UseGuards(AuthGuard('cognito'))
    plain(@Req() request: Request, @CurrentUser('username') username: string) {
      return { user: (request['user'] as CognitoUser).sub, username };
    }

    @Get('either')
    @UseGuards(AuthGuard(['cognito', 'api-key']))
    either(@Req() request: Request) {
      return request['user'];
    }
  }

  beforeAll(() => {
    passport.use(
      'api-key',
      new Strategy((request, done) => {
        const key = request.headers['x-api-key'];
        done(null, key === 'good' ? { key } : false);
      }),
    );
  });

  it('finds the strategy "cognito"', async () => {
    const app = await started(startApp(optionsFor(pool, { protect: 'decorated' }), [Cats]));
    expect((await app.get('/plain')).status).toBe(401);
    expect((await app.get('/plain', 'rubbish')).status).toBe(401);
    expect((await app.get('/plain', await pool.id())).status).toBe(401);
    expect((await fetch(`${app.address}/plain`, { headers: { authorization: 'Bearer' } })).status).toBe(400);
    expect(await (await app.get('/plain', await pool.access())).json()).toEqual({
      user: '1f2e3d4c-0000-70de-04fc-be20af92f810',
      username: 'ada',
    });
  });

  it('tries the next strategy when there is no token for this one', async () => {
    const app = await started(startApp(optionsFor(pool, { protect: 'decorated' }), [Cats]));
    const withKey = (headers: Record<string, string>) => fetch(`${app.address}/either`, { headers });
    expect(await (await withKey({ 'x-api-key': 'good' })).json()).toEqual({ key: 'good' });
    expect((await withKey({ 'x-api-key': 'bad' })).status).toBe(401);
    const token = await pool.access();
    expect(await (await withKey({ authorization: `Bearer ${token}` })).json()).toMatchObject({
      username: 'ada',
    });
  });
});

describe('two apps in one process', () => {
  @Controller()
  class Cats {
    @Get()
    list(@CurrentUser('userPoolId') userPoolId: string) {
      return { userPoolId };
    }
  }

  it('judge by their own pools, though Passport has one strategy of a name', async () => {
    const other = await startPool({ userPoolId: 'us-east-1_Other12345' });
    const first = await started(startApp(optionsFor(pool), [Cats]));
    const second = await started(startApp(optionsFor(other), [Cats]));
    const mine = await pool.access();
    const theirs = await other.access();
    expect((await first.get('/', theirs)).status).toBe(401);
    expect((await second.get('/', mine)).status).toBe(401);
    expect(await (await first.get('/', mine)).json()).toEqual({ userPoolId: pool.userPoolId });
    expect(await (await second.get('/', theirs)).json()).toEqual({ userPoolId: other.userPoolId });
    await other.close();
  });
});

describe('a transport that is not known', () => {
  @Controller()
  class Cats {
    closed() {}

    @Public()
    open() {}

    @Authorize()
    decided() {}
  }

  const contextOf = (type: string, handler: keyof Cats): ExecutionContext =>
    ({
      getType: () => type,
      getClass: () => Cats,
      getHandler: () => Cats.prototype[handler],
      switchToHttp: () => {
        throw new Error('no request here');
      },
    }) as unknown as ExecutionContext;

  it.each(['something', ''])('%s is refused unless the handler is public', async (type) => {
    const app = await started(startApp(optionsFor(pool), [Cats]));
    const guard = app.nest.get(CognitoAuthGuard);
    expect(await guard.canActivate(contextOf(type, 'closed'))).toBe(false);
    expect(await guard.canActivate(contextOf(type, 'decided'))).toBe(false);
    expect(await guard.canActivate(contextOf(type, 'open'))).toBe(true);
  });
});

it('bad tokens are logged once for each thing that is wrong with them, and never themselves', async () => {
  @Controller()
  class Doors {
    @Get('door')
    door() {}
  }
  const lines: string[] = [];
  vi.spyOn(Logger.prototype, 'debug').mockImplementation((line: unknown) => void lines.push(String(line)));
  const app = await started(startApp(optionsFor(pool), [Doors]));
  const bad = Array.from({ length: 30 }, (_, n) => `rubbish-${n}`);
  for (const token of bad) expect((await app.get('/door', token)).status).toBe(401);
  expect((await app.get('/door', await pool.access({ exp: 1 }))).status).toBe(401);
  expect(lines.map((line) => /\(([a-z_]+)\)/.exec(line)?.[1])).toEqual(['token_malformed', 'token_expired']);
  expect(lines.join()).not.toContain('rubbish');
});

describe('an outage of the key endpoint', () => {
  @Controller()
  class Cats {
    @Get()
    list() {
      return [];
    }
  }

  it('is a 503 with Retry-After and no challenge, and ends with the outage', async () => {
    let down = true;
    const keys = createServer((_request, response) => response.writeHead(500).end());
    const endpoint = await listen(keys);
    const app = await started(
      startApp(
        optionsFor(pool, {
          endpoint,
          verifier: {
            keys: { minFetchIntervalMs: 0 },
            // The same address answers again later.
            fetch: (url, init) => fetch(down ? url : url.replace(endpoint, pool.endpoint), init),
          },
        }),
        [Cats],
      ),
    );
    const token = await pool.access({ iss: `${endpoint}/${pool.userPoolId}` });
    const response = await app.get('/', token);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toMatchObject({ status: 503, code: 'keys_unavailable' });
    down = false;
    expect((await app.get('/', token)).status).toBe(200);
    await closeServer(keys);
  });

  it('is not what a fault of the app’s own hook is: that is a 500', async () => {
    const revocations = {
      isRevoked: (): boolean => {
        throw new Error('boom');
      },
    };
    const app = await started(startApp(optionsFor(pool, { revocations }), [Cats]));
    expect((await app.get('/', await pool.access())).status).toBe(500);
  });

  it('a revoked token is refused, remembered or not', async () => {
    const revoked = new Set<string>();
    const revocations = { isRevoked: ({ jti }: { jti?: string }) => revoked.has(jti ?? '') };
    const app = await started(startApp(optionsFor(pool, { revocations }), [Cats]));
    const token = await pool.access({ jti: 'one' });
    expect((await app.get('/', token)).status).toBe(200);
    revoked.add('one');
    expect((await app.get('/', token)).status).toBe(401);
  });
});

describe('the app’s own exception filters', () => {
  @Controller()
  class Cats {
    @Get()
    list() {
      return [];
    }

    @Get('own')
    @Public()
    own() {
      throw new UnauthorizedException('own');
    }
  }

  @Catch(HttpException)
  class OwnFilter implements ExceptionFilter<HttpException> {
    catch(exception: HttpException, host: ArgumentsHost) {
      const response = host
        .switchToHttp()
        .getResponse<{ status(n: number): { json(body: unknown): void } }>();
      response.status(exception.getStatus()).json({ own: exception.getStatus() });
    }
  }

  it('are left what is not Cognito’s', async () => {
    const app = await started(startApp(optionsFor(pool), [Cats]));
    const response = await app.get('/own');
    expect(await response.json()).toEqual({ message: 'own', error: 'Unauthorized', statusCode: 401 });
  });

  const own = { own: 401 };
  const ours = expect.objectContaining({ code: 'credentials_missing' });
  @Module({ providers: [{ provide: APP_FILTER, useClass: OwnFilter }] })
  class FilterModule {}

  // Nest tries the filter first that was registered last, and the root module's come before those of its imports.
  it.each([
    ['useGlobalFilters()', {}, {}, true, own],
    ['APP_FILTER of a module that is imported later', { imports: [FilterModule] }, {}, false, own],
    [
      'APP_FILTER of the root module',
      { providers: [{ provide: APP_FILTER, useClass: OwnFilter }] },
      {},
      false,
      ours,
    ],
    [
      'APP_FILTER of the root module, and exceptionFilter: false',
      { providers: [{ provide: APP_FILTER, useClass: OwnFilter }] },
      { exceptionFilter: false },
      false,
      own,
    ],
  ] as const)('%s: who answers is as documented, and the headers of a refusal stay', async (...row) => {
    const [, metadata, options, use, expected] = row;
    const given = { ...optionsFor(pool), ...options };
    const app = await started(
      startApp(given, [Cats], metadata as ModuleMetadata, (nest) => {
        if (use) nest.useGlobalFilters(new OwnFilter());
      }),
    );
    const response = await app.get('/');
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(expected);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    // A token that has to be verified first goes another way, to the same end.
    const bad = await app.get('/', 'rubbish');
    expect(bad.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('may be ours with other words', async () => {
    @Catch(CognitoAuthException)
    class GermanFilter extends CognitoExceptionFilter {
      protected override answer(exception: CognitoAuthException, authenticated: boolean): HttpAnswer {
        const { problem, headers } = super.answer(exception, authenticated);
        return { problem: { ...problem, detail: 'Bitte anmelden.' }, headers };
      }
    }
    const providers = [{ provide: APP_FILTER, useClass: GermanFilter }];
    const options = { ...optionsFor(pool), exceptionFilter: false };
    const app = await started(startApp(options, [Cats], { providers }));
    expect(await (await app.get('/')).json()).toMatchObject({ status: 401, detail: 'Bitte anmelden.' });
  });

  it('without any of ours, Nest’s own gives the problem too', async () => {
    const app = await started(startApp({ ...optionsFor(pool), exceptionFilter: false }, [Cats]));
    const response = await app.get('/');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual(ours);
  });
});
