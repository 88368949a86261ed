import { ApolloDriver } from '@nestjs/apollo';
import { Controller, Get, Inject, Injectable, Logger, Scope, type Type, UseGuards } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { MessagePattern } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CognitoAuthGuard, Groups, Public } from '../../src/index.js';
import { optionsFor, PLATFORMS, startApp, startModule } from '../support/app.js';
import { appModule, ask, createApp, TCP, tcpClient } from '../support/messages.js';
import { startPool, type TestPool } from '../support/pool.js';

const reached = vi.fn(() => 'in');

@Injectable({ scope: Scope.REQUEST })
class PerRequest {}

/** Binds its handlers, as many do for fear of `this`, and lives for one request because of what is injected. */
@Controller()
class Bound {
  constructor(@Inject(PerRequest) readonly injected: PerRequest) {
    this.x = this.x.bind(this);
  }
  @Get('x')
  @Groups('admin')
  x() {
    return reached();
  }
}

@Controller({ scope: Scope.REQUEST })
class Arrow {
  constructor() {
    this.x = () => reached();
  }
  @Get('x')
  @Groups('admin')
  x() {
    return reached();
  }
}

class Base {
  @Get('x')
  @Groups('admin')
  x(): string {
    return reached();
  }
}

@Controller({ scope: Scope.REQUEST })
class Field extends Base {
  override x = () => reached();
}

@Controller({ scope: Scope.TRANSIENT })
class Transient extends Base {
  constructor() {
    super();
    this.x = this.x.bind(this);
  }
}

/** Its other handler would be open, and the one is bound. */
@Controller({ scope: Scope.REQUEST })
class BesidePublic {
  constructor() {
    this.x = this.x.bind(this);
  }
  @Get('x')
  x() {
    return reached();
  }
  @Get('health')
  @Public()
  health() {
    return 'ok';
  }
}

@Controller({ scope: Scope.REQUEST })
class LocalGuard {
  constructor() {
    this.x = this.x.bind(this);
  }
  @Get('x')
  @UseGuards(CognitoAuthGuard)
  x() {
    return reached();
  }
}

let pool: TestPool;
let logged: ReturnType<typeof vi.spyOn>;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  pool = await startPool();
});
beforeEach(() => {
  reached.mockClear();
  logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => pool.close());

const MODES = ['all', 'decorated'] as const;

describe.each(PLATFORMS)('an instance of one request that replaces a method, on %s', (_, adapter) => {
  const start = async (controller: Type, options: object = {}) => {
    const app = await startApp(
      optionsFor(pool, options),
      [controller],
      { providers: [PerRequest] },
      undefined,
      adapter(),
    );
    closing.push(() => app.close());
    return app;
  };

  describe.each(MODES)("with protect: '%s'", (protect) => {
    it.each([Bound, Arrow, Field, BesidePublic, LocalGuard])('%o lets nobody in', async (controller) => {
      const app = await start(controller, { protect });
      const admin = await pool.access({ 'cognito:groups': ['admin'] });
      for (const token of [undefined, await pool.access(), admin]) {
        const response = await app.get('/x', token);
        expect(response.status).toBe(500);
        expect(await response.text()).not.toContain('instance');
      }
      expect(reached).not.toHaveBeenCalled();
    });
  });

  it('says in the log which method it is, and what to do, and says it once', async () => {
    const app = await start(Bound, { audit: 'enforce' });
    for (let i = 0; i < 5; i++) await app.get('/x');
    expect(logged).toHaveBeenCalledOnce();
    const said = logged.mock.calls.map(([first]: unknown[]) => String(first)).join();
    expect(said).toContain('Bound.x: the instance replaces the method');
  });

  it('is judged by the class where no method has a rule of its own, at each request anew', async () => {
    @Controller({ scope: Scope.REQUEST })
    @Groups('admin')
    class ByClass {
      constructor() {
        this.x = this.x.bind(this);
      }
      @Get('x')
      x() {
        return reached();
      }
    }
    const app = await start(ByClass);
    const admin = await pool.access({ 'cognito:groups': ['admin'] });
    for (let i = 0; i < 2; i++) {
      expect((await app.get('/x')).status).toBe(401);
      expect((await app.get('/x', await pool.access())).status).toBe(403);
      expect((await app.get('/x', admin)).status).toBe(200);
    }
  });

  it('is no matter where the method is left as it is, or the boot has seen that it has no rule', async () => {
    @Controller({ scope: Scope.REQUEST })
    class Untouched extends Base {}
    @Controller()
    class Singleton {
      constructor() {
        this.x = this.x.bind(this);
      }
      @Get('x')
      x() {
        return reached();
      }
      @Get('y')
      @Groups('admin')
      y() {
        return reached();
      }
    }
    const admin = await pool.access({ 'cognito:groups': ['admin'] });
    const untouched = await start(Untouched);
    expect((await untouched.get('/x', await pool.access())).status).toBe(403);
    expect((await untouched.get('/x', admin)).status).toBe(200);
    const singleton = await start(Singleton);
    expect((await singleton.get('/x')).status).toBe(401);
    expect((await singleton.get('/x', await pool.access())).status).toBe(200);
    expect((await singleton.get('/y', await pool.access())).status).toBe(403);
  });

  it('has no effect, on the rule either, where Nest has read the method before, or reads it elsewhere', async () => {
    @Controller()
    class Later extends Base {
      onModuleInit() {
        this.x = () => reached();
      }
    }
    for (const controller of [Later, Transient]) {
      const app = await start(controller, { protect: 'decorated' });
      expect((await app.get('/x')).status).toBe(401);
      expect((await app.get('/x', await pool.access())).status).toBe(403);
      expect(reached).not.toHaveBeenCalled();
    }
  });

  it('stops the boot where it is one for all requests, and takes a guard away', async () => {
    @Controller()
    class Singleton {
      constructor() {
        this.x = this.x.bind(this);
      }
      @Get('x')
      @UseGuards(CognitoAuthGuard)
      x() {
        return reached();
      }
    }
    await expect(start(Singleton)).rejects.toThrow(
      'Singleton.x: @UseGuards() has no effect, because the instance',
    );
  });
});

describe.each([
  ['Apollo on Express', PLATFORMS[0], ApolloDriver],
  ['Mercurius on Fastify', PLATFORMS[1], MercuriusDriver],
] as const)('a resolver of one request that replaces a method, with %s', (_, platform, driver) => {
  @Resolver()
  class Api {
    constructor(@Inject(PerRequest) readonly injected: PerRequest) {
      this.x = this.x.bind(this);
    }
    @Query(() => String)
    @Groups('admin')
    x() {
      return reached();
    }
  }

  it.each(MODES)("lets nobody in, with protect: '%s'", async (protect) => {
    const graphql = GraphQLModule.forRoot({ autoSchemaFile: true, driver } as never);
    const module = appModule(optionsFor(pool, { protect }), {
      imports: [graphql],
      providers: [Api, PerRequest],
    });
    const app = await startModule(module, undefined, platform?.[1]());
    closing.push(() => app.close());
    for (const token of [undefined, await pool.access()]) {
      const response = await app.post('/graphql', { query: '{ x }' }, token);
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown[] };
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
    }
    expect(reached).not.toHaveBeenCalled();
  });
});

describe('a microservice whose controller of one request replaces a method', () => {
  @Controller()
  class Messages {
    constructor(@Inject(PerRequest) readonly injected: PerRequest) {
      this.x = this.x.bind(this);
    }
    @MessagePattern('x')
    @Groups('admin')
    x() {
      return reached();
    }
  }

  it.each(MODES)("lets nobody in, with protect: '%s'", async (protect) => {
    const options = optionsFor(pool, {
      protect,
      messageToken: ({ data }) => (data as { token?: string }).token,
    });
    const app = await createApp(options, { controllers: [Messages], providers: [PerRequest] });
    closing.push(() => app.close());
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    for (const data of [{}, { token: await pool.access() }]) {
      expect(await ask(client, 'x', data)).toEqual({ error: expect.objectContaining({ status: 'error' }) });
    }
    expect(reached).not.toHaveBeenCalled();
  });

  it('answers a client on whose message messageToken throws likewise, and logs that once', async () => {
    @Controller()
    class Plain {
      @MessagePattern('plain')
      plain() {
        return reached();
      }
    }
    const options = optionsFor(pool, {
      messageToken: ({ data }) => JSON.parse((data as { session: string }).session).token,
    });
    const app = await createApp(options, { controllers: [Plain] });
    closing.push(() => app.close());
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    for (const data of ['x', {}, { session: 'secret-of-mine' }, { session: 'null' }, { session: '{"a":' }]) {
      expect(await ask(client, 'plain', data)).toEqual({
        error: expect.objectContaining({ statusCode: 400, code: 'credentials_malformed' }),
      });
    }
    expect(reached).not.toHaveBeenCalled();
    expect(logged).toHaveBeenCalledOnce();
    const said = String(logged.mock.calls[0]);
    expect(said).toContain('"messageToken" threw (SyntaxError)');
    expect(said).not.toContain('secret');
    expect(await ask(client, 'plain', { session: JSON.stringify({ token: await pool.access() }) })).toBe(
      'in',
    );
  });

  it('answers a client whose token is no text as it answers any bad credential, and logs nothing', async () => {
    @Controller()
    class Plain {
      @MessagePattern('plain')
      plain() {
        return reached();
      }
    }
    const options = optionsFor(pool, { messageToken: ({ data }) => (data as { token?: string }).token });
    const app = await createApp(options, { controllers: [Plain] });
    closing.push(() => app.close());
    const service = app.connectMicroservice(TCP);
    await app.startAllMicroservices();
    const client = tcpClient(service);
    closing.push(() => client.close());
    for (const token of [1, null, ['a'], { text: 'a' }, true, '']) {
      expect(await ask(client, 'plain', { token })).toEqual({
        error: expect.objectContaining({ statusCode: 400, code: 'credentials_malformed' }),
      });
    }
    expect(logged).not.toHaveBeenCalled();
    expect(await ask(client, 'plain', { token: await pool.access() })).toBe('in');
  });
});
