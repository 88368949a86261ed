import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  Module,
  Post,
  RequestMethod,
  Scope,
  Sse,
  UseGuards,
  Version,
  VersioningType,
  type WebSocketAdapter,
} from '@nestjs/common';
import { NestFactory, RouterModule } from '@nestjs/core';
import { Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { EMPTY } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  Authorize,
  CognitoAuthGuard,
  CognitoModule,
  type CognitoModuleOptions,
  CognitoRouteAudit,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
} from '../../src/index.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { PLATFORMS } from '../support/app.js';

const IDS = { userPoolId: 'eu-central-1_Audit1234', clientId: 'client1' };
const isOpen = () => true;

@Injectable()
class ApiKeyGuard {
  canActivate() {
    return true;
  }
}

@Injectable()
class MyGuard extends CognitoAuthGuard {}

@Controller(['reports', 'old/reports/'])
@Groups('analyst')
class Reports {
  @Get()
  list() {}

  @Post(':id')
  @Groups({ all: ['admin', 'finance'], none: ['suspended'] })
  @Authorize({ maxAuthAgeS: 300, check: isOpen })
  publish() {}

  @Sse('live')
  @Scopes('reports/read')
  live(_request: unknown) {
    return EMPTY;
  }

  @Get('front-page')
  @OptionalAuth()
  frontPage() {}

  @Get('health')
  @Public()
  health() {}

  notAHandler() {}
}

@Controller()
class Plain {
  @Get('plain')
  plain() {}

  @Get('with-key')
  @UseGuards(ApiKeyGuard)
  withKey() {}

  @Get('guarded')
  @UseGuards(MyGuard)
  guarded() {}
}

@Controller()
class Messages {
  @MessagePattern({ cmd: 'sum' })
  @Groups('admin')
  sum() {}

  @EventPattern('created')
  created(_data: unknown) {}
}

@WebSocketGateway({ namespace: 'chat' })
class Chat {
  @SubscribeMessage('say')
  @Groups('member')
  say() {}

  @SubscribeMessage('ping')
  @Public()
  ping() {}
}

@Resolver()
class Reader {
  @Query(() => String, { name: 'report' })
  read() {}

  @Mutation(() => String)
  @Authorize({ groups: 'editor', tokenUse: 'id' })
  write() {}

  @Subscription(() => String)
  @OptionalAuth()
  written() {}
}

/** Made by a factory: there is no class to look at but the instance's. */
@WebSocketGateway()
class Made {
  @SubscribeMessage({ cmd: 'made' })
  made() {}
}

@Module({ controllers: [Reports], providers: [Reader, Chat] })
class ReportsModule {}

const appWith = (options: CognitoModuleOptions, controllers: (new () => object)[] = [Plain]) => {
  @Module({
    imports: [
      CognitoModule.forRoot({ ...IDS, ...options }),
      ReportsModule,
      RouterModule.register([{ path: 'v2', module: ReportsModule }]),
    ],
    controllers,
    providers: [{ provide: 'made', useFactory: () => new Made() }],
  })
  class App {}
  return App;
};

/** Gateways are listed here, not run. */
const NO_SOCKETS = {
  create: () => ({ on: () => {}, use: () => {} }),
  bindClientConnect: () => {},
  bindMessageHandlers: () => {},
  close: () => {},
  dispose: () => {},
} as unknown as WebSocketAdapter;

const boot = async (
  options: CognitoModuleOptions,
  [, adapter] = PLATFORMS[0] as (typeof PLATFORMS)[number],
  prepare: (app: Awaited<ReturnType<typeof NestFactory.create>>) => unknown = () => {},
  controllers: (new () => object)[] = [Plain, Messages],
) => {
  const app = await NestFactory.create(appWith(options, controllers), adapter(), {
    logger: false,
    abortOnError: false,
  });
  app.useWebSocketAdapter(NO_SOCKETS);
  await prepare(app as never);
  await app.init();
  return app;
};
type Row = { address: string; access: string; from: string[] };
const parsed = (audit: CognitoRouteAudit) => JSON.parse(JSON.stringify(audit)) as Row[];

afterEach(() => vi.restoreAllMocks());

describe('CognitoRouteAudit', () => {
  it.each(PLATFORMS)('lists every way in with what holds there, on %s', async (...platform) => {
    const app = await boot({}, platform);
    const list = parsed(app.get(CognitoRouteAudit));
    await app.close();
    const any = { tokenUse: 'access' };
    const publish = {
      handler: 'Reports.publish',
      transport: 'http',
      access: 'guarded',
      policy: {
        ...any,
        groups: { all: ['admin', 'finance'], none: ['suspended'] },
        maxAuthAgeS: 300,
        check: 'isOpen',
      },
      from: ['@Authorize()', '@Groups()'],
      guards: [],
    };
    expect(list).toContainEqual({ address: 'POST /v2/reports/:id', ...publish });
    expect(list).toContainEqual({ address: 'POST /v2/old/reports/:id', ...publish });

    const short = list.map(({ address, access, from }) => [address, access, from.join(' ')]);
    expect(short).toEqual(
      expect.arrayContaining([
        ['GET /v2/reports', 'guarded', '@Groups()'],
        ['SSE /v2/reports/live', 'guarded', '@Scopes()'],
        ['GET /v2/reports/front-page', 'optional', '@OptionalAuth()'],
        ['GET /v2/reports/health', 'public', '@Public()'],
        ['GET /plain', 'guarded', 'protect: "all"'],
        ['GET /with-key', 'guarded', 'protect: "all"'],
        ['GET /guarded', 'guarded', 'protect: "all"'],
        ['pattern {"cmd":"sum"}', 'guarded', '@Groups()'],
        ['event "created"', 'guarded', 'protect: "all"'],
        ['message "say" in chat', 'guarded', '@Groups()'],
        ['message "ping" in chat', 'public', '@Public()'],
        ['message {"cmd":"made"}', 'guarded', 'protect: "all"'],
        ['query report', 'guarded', 'protect: "all"'],
        ['mutation write', 'guarded', '@Authorize()'],
        ['subscription written', 'optional', '@OptionalAuth()'],
      ]),
    );
    expect(list).toHaveLength(15 + 5 + 1);
  });

  it('knows what protect: "decorated" leaves alone, and a guard that is put on a handler', async () => {
    const app = await boot({ protect: 'decorated' });
    const list = parsed(app.get(CognitoRouteAudit));
    await app.close();
    const of = (address: string) => list.find((row) => row.address === address);
    expect(of('GET /plain')).toMatchObject({ access: 'undecided', from: [], guards: [] });
    expect(of('GET /with-key')).toMatchObject({ access: 'undecided', guards: ['ApiKeyGuard'] });
    expect(of('GET /guarded')).toMatchObject({ access: 'guarded', from: ['@UseGuards(MyGuard)'] });
    expect(of('event "created"')).toMatchObject({ access: 'undecided' });
    expect(of('GET /v2/reports')).toMatchObject({ access: 'guarded', from: ['@Groups()'] });
  });

  it('names paths as clients do: with the global prefix, its exceptions, and versions', async () => {
    @Controller({ path: 'cats', version: ['1', '2'] })
    class Cats {
      @Get()
      all() {}

      @Get('new')
      @Version('3')
      fresh() {}
    }
    const app = await boot(
      {},
      undefined,
      (nest) => {
        nest.setGlobalPrefix('api', { exclude: [{ path: 'plain', method: RequestMethod.GET }] });
        nest.enableVersioning({ type: VersioningType.URI });
      },
      [Plain, Cats],
    );
    await app.listen(0, '127.0.0.1');
    const address = await app.getUrl();
    const paths = parsed(app.get(CognitoRouteAudit)).map((row) => row.address);
    expect(paths).toEqual(
      expect.arrayContaining([
        'GET /plain',
        'GET /api/guarded',
        'GET /api/v2/reports',
        'GET /api/v1/cats',
        'GET /api/v2/cats',
        'GET /api/v3/cats/new',
      ]),
    );
    // And they are there: refused for want of a token, not unknown.
    for (const path of ['/plain', '/api/guarded', '/api/v1/cats', '/api/v3/cats/new', '/api/v2/reports']) {
      expect((await fetch(`${address}${path}`)).status, path).toBe(401);
    }
    expect((await fetch(`${address}/api/plain`)).status).toBe(404);
    await app.close();
  });

  it('is a table for people, logged at boot', async () => {
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    const app = await boot({ protect: 'decorated' });
    const table = String(app.get(CognitoRouteAudit));
    await app.close();
    expect(log.mock.calls.filter(([message]) => message === table)).toHaveLength(1);
    const lines = table.split('\n');
    expect(lines[0]).toBe('21 handlers: 10 guarded, 3 optional, 3 public, 5 undecided');
    expect(lines).toHaveLength(22);
    expect(table).toMatch(
      /^guarded +POST \/v2\/reports\/:id +Reports\.publish +tokenUse=access maxAuthAgeS=300 groups\.all=admin,finance groups\.none=suspended check=isOpen +@Authorize\(\) @Groups\(\)$/m,
    );
    expect(table).toMatch(/^undecided +GET \/plain +Plain\.plain$/m);
  });

  it.each(PLATFORMS)('says of whose instances the boot has seen none, on %s', async (...platform) => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {}
    @Controller('scoped')
    class Scoped {
      constructor(@Inject(PerRequest) readonly injected: PerRequest) {
        this.list = this.list.bind(this);
      }
      @Get()
      @Groups('admin')
      list() {}
    }
    @Module({
      imports: [CognitoModule.forRoot(IDS)],
      controllers: [Scoped, Plain],
      providers: [PerRequest],
    })
    class App {}
    const app = await NestFactory.create(App, platform[1](), { logger: false, abortOnError: false });
    await app.init();
    const audit = app.get(CognitoRouteAudit);
    const marked = audit.handlers.map(({ address, perRequest }) => [address, perRequest]);
    expect(marked).toEqual([
      ['GET /scoped', true],
      ['GET /plain', undefined],
      ['GET /with-key', undefined],
      ['GET /guarded', undefined],
    ]);
    expect(JSON.parse(JSON.stringify(audit))[0]).toMatchObject({ access: 'guarded', perRequest: true });
    expect(String(audit).match(/^guarded .* @Groups\(\) \(instance per request\)$/gm)).toHaveLength(1);
    await app.close();
  });

  it('audit: false keeps quiet, and lists all the same', async () => {
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    const app = await boot({ audit: false });
    expect(String(log.mock.calls)).not.toContain('handlers:');
    expect(app.get(CognitoRouteAudit).handlers).toHaveLength(21);
    await app.close();
  });
});

describe('audit: "enforce"', () => {
  it('refuses to start on undecided handlers, and names them', async () => {
    await expect(boot({ audit: 'enforce', protect: 'decorated' })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(
        /GET \/plain \(Plain\.plain\), GET \/with-key \(Plain\.withKey\), .*event "created" \(Messages\.created\).* are not: say @Public/,
      ),
    });
  });

  it('does not vouch for a guard with hooks of its own, where nothing else is said', async () => {
    class Lenient extends CognitoAuthGuard {
      override handleRequest<User>() {
        return { name: 'anybody' } as User;
      }
    }
    @Controller()
    class Handlers {
      @Get('custom')
      @UseGuards(Lenient)
      custom() {}
      @Get('said')
      @UseGuards(Lenient)
      @Authorize()
      said() {}
      @Get('both')
      @UseGuards(Lenient, CognitoAuthGuard)
      both() {}
    }
    for (const [, adapter] of PLATFORMS) {
      const make = (audit: 'log' | 'enforce', protect: 'all' | 'decorated') => {
        @Module({
          imports: [CognitoModule.forRoot({ ...IDS, audit, protect })],
          controllers: [Handlers],
        })
        class App {}
        return NestFactory.create(App, adapter(), { logger: false, abortOnError: false });
      };
      const accesses = async (protect: 'all' | 'decorated') => {
        const app = await make('log', protect);
        await app.init();
        const audit = app.get(CognitoRouteAudit);
        await app.close();
        return { table: String(audit), list: audit.handlers.map(({ access, from }) => [access, ...from]) };
      };
      const { table, list } = await accesses('decorated');
      expect(list).toEqual([
        ['custom', '@UseGuards(Lenient)'],
        ['guarded', '@Authorize()'],
        ['guarded', '@UseGuards(CognitoAuthGuard)'],
      ]);
      expect(table).toContain('3 handlers: 2 guarded, 0 optional, 0 public, 1 custom, 0 undecided');
      expect((await accesses('all')).list[0]).toEqual(['guarded', 'protect: "all"']);
      const app = await make('enforce', 'decorated');
      await expect(app.init()).rejects.toThrow('GET /custom (Handlers.custom) is not: say');
      await app.close().catch(() => {});
    }
  });

  it('starts when every handler is decided: by decorators, or by protect: "all"', async () => {
    await (await boot({ audit: 'enforce' })).close();
    @Module({
      imports: [CognitoModule.forRoot({ ...IDS, audit: 'enforce', protect: 'decorated' })],
      controllers: [Reports],
    })
    class Decided {}
    const app = await NestFactory.create(Decided, { logger: false, abortOnError: false });
    await app.init();
    await app.close();
  });

  it.each([['all'], [true], [null], ['Enforce']])('refuses the option %j', (audit) => {
    expect(() => resolveOptions({ ...IDS, audit: audit as never }, {})).toThrow(
      '"audit" must be "log", "enforce" or false, got ',
    );
  });
});

describe('rules on resolvers and gateways', () => {
  it('are checked at boot as those of controllers are', async () => {
    @WebSocketGateway()
    class Strange {
      @SubscribeMessage('x')
      @Authorize({ pool: 'nowhere' })
      x() {}
    }
    @Module({ imports: [CognitoModule.forRoot(IDS)], providers: [Strange] })
    class App {}
    const app = await NestFactory.create(App, { logger: false, abortOnError: false });
    app.useWebSocketAdapter(NO_SOCKETS);
    await expect(app.init()).rejects.toThrow('Strange.x: there is no pool nowhere; there is default');
  });
});

describe('the recipe for CI', () => {
  const scratch = mkdtempSync(join(import.meta.dirname, '..', '..', 'node_modules', '.audit-'));
  it('prints the list as JSON, as the guide has it', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guards.md'), 'utf8');
    const recipe = /```js\n(\/\/ audit\.mjs[\s\S]*?)```/.exec(guide)?.[1] ?? '';
    writeFileSync(join(scratch, 'audit.mjs'), recipe);
    // As `tsc` leaves a user's app behind: decorators are functions by then.
    writeFileSync(
      join(scratch, 'app.module.js'),
      `import 'reflect-metadata';
import { CognitoModule, Groups } from '@cognest/nest';
import { Controller, Get, Module } from '@nestjs/common';
class Cats { list() {} }
const of = (decorator) => decorator(Cats.prototype, 'list', Object.getOwnPropertyDescriptor(Cats.prototype, 'list'));
of(Groups('keeper'));
of(Get('cats'));
Controller()(Cats);
export class AppModule {}
Module({ imports: [CognitoModule.forRoot()], controllers: [Cats] })(AppModule);
`,
    );
    writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }');
    const { stdout } = await promisify(execFile)(process.execPath, [join(scratch, 'audit.mjs')], {
      env: { ...process.env, COGNITO_USER_POOL_ID: IDS.userPoolId, COGNITO_CLIENT_ID: IDS.clientId },
    });
    rmSync(scratch, { recursive: true });
    expect(JSON.parse(stdout)).toEqual([
      {
        transport: 'http',
        address: 'GET /cats',
        handler: 'Cats.list',
        guards: [],
        access: 'guarded',
        policy: { tokenUse: 'access', groups: { any: ['keeper'] } },
        from: ['@Groups()'],
      },
    ]);
  });
});
