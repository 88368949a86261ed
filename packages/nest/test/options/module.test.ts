import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Controller, Get, Inject, Injectable, Module, type Type } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Authorize,
  CognitoAuthService,
  CognitoGroupsService,
  CognitoModule,
  type CognitoModuleOptions,
  type CognitoOptionsFactory,
  CognitoUserPoolsService,
  CognitoUsersService,
  Groups,
  InjectCognitoClient,
  Public,
} from '../../src/index.js';
import { bootError, optionsFor, startApp, startModule, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

@Controller()
class Cats {
  @Get('cats')
  list() {
    return [];
  }

  @Get('mine')
  @Authorize()
  mine() {
    return [];
  }

  @Get('admin')
  @Groups('admin')
  admin() {
    return [];
  }

  @Get('public')
  @Public()
  public() {
    return [];
  }
}

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
  vi.unstubAllEnvs();
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => pool.close());

const statuses = async (app: TestApp, token?: string) => {
  const paths = ['/cats', '/mine', '/admin', '/public'];
  return Promise.all(paths.map(async (path) => (await app.get(path, token)).status));
};

describe('protect', () => {
  it('"all", the default, closes what is not public', async () => {
    const app = await started(startApp(optionsFor(pool), [Cats]));
    expect(await statuses(app)).toEqual([401, 401, 401, 200]);
    expect(await statuses(app, await pool.access())).toEqual([200, 200, 403, 200]);
  });

  it('"decorated" guards just what is decorated', async () => {
    const app = await started(startApp(optionsFor(pool, { protect: 'decorated' }), [Cats]));
    expect(await statuses(app)).toEqual([200, 401, 401, 200]);
    expect(await statuses(app, 'rubbish')).toEqual([200, 401, 401, 200]);
    expect(await statuses(app, await pool.access())).toEqual([200, 200, 403, 200]);
  });
});

describe('tokenUse', () => {
  it('"id" takes ID tokens, and no others', async () => {
    const app = await started(startApp(optionsFor(pool, { tokenUse: 'id' }), [Cats]));
    expect(await statuses(app, await pool.id({ 'cognito:groups': ['admin'] }))).toEqual([200, 200, 200, 200]);
    expect(await statuses(app, await pool.access())).toEqual([401, 401, 401, 200]);
  });
});

describe('clockToleranceS', () => {
  it('is handed to the verifier', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const token = await pool.access({ iat: nowS - 100, exp: nowS - 30 });
    const strict = await started(startApp(optionsFor(pool), [Cats]));
    const lenient = await started(startApp(optionsFor(pool, { clockToleranceS: 60 }), [Cats]));
    expect([(await strict.get('/cats', token)).status, (await lenient.get('/cats', token)).status]).toEqual([
      401, 200,
    ]);
  });
});

describe('forRoot()', () => {
  it('without options reads the environment', async () => {
    vi.stubEnv('COGNITO_USER_POOL_ID', pool.userPoolId);
    vi.stubEnv('COGNITO_CLIENT_ID', pool.clientId);
    vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', pool.endpoint);
    @Module({ imports: [CognitoModule.forRoot()], controllers: [Cats] })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect(await statuses(app, await pool.access())).toEqual([200, 200, 403, 200]);
  });

  it('with wrong options stops the boot', async () => {
    @Module({ imports: [CognitoModule.forRoot({ userPoolId: 'eu-west-1', clientId: 'a' })] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain('"userPoolId" must be like <region>_<id>');
  });

  it('with options that the verifier refuses stops the boot', async () => {
    const options = optionsFor(pool, { verifier: { keys: { timeoutMs: 0 } } });
    @Module({ imports: [CognitoModule.forRoot(options)] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain('keys.timeoutMs');
  });

  it.each([
    ['forRoot()', () => CognitoModule.forRoot(null as never), 'the options must be an object, got null'],
    [
      'forRoot()',
      () => CognitoModule.forRoot({ exceptionFilter: 'false' } as never),
      '"exceptionFilter" of CognitoModule.forRoot() must be true or false, got "false"',
    ],
    [
      'forRoot()',
      () => CognitoModule.forRoot(new Map() as never),
      'the options must be an object, got a Map',
    ],
    ['forRoot()', () => CognitoModule.forRoot('x' as never), 'the options must be an object, got a string'],
    [
      'forRootAsync()',
      () => (CognitoModule.forRootAsync as (options?: unknown) => unknown)(),
      'must be an object with useFactory, useClass or useExisting, got undefined',
    ],
  ])('%s with what is no object says so', (_, call, message) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('left out, with the module imported as it is, stops the boot', async () => {
    @Module({ imports: [CognitoModule] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain('import CognitoModule.forRoot()');
  });

  it('twice stops the boot', async () => {
    @Module({ imports: [CognitoModule.forRoot({ ...optionsFor(pool), tokenUse: 'id' })] })
    class FeatureModule {}
    @Module({ imports: [CognitoModule.forRoot(optionsFor(pool)), FeatureModule] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain(
      'CognitoModule.forRoot() is called more than once',
    );
  });
});

describe('forRootAsync()', () => {
  const OPTIONS = Symbol('options');
  @Module({ providers: [{ provide: OPTIONS, useFactory: () => optionsFor(pool) }], exports: [OPTIONS] })
  class ConfigModule {}

  @Injectable()
  class CognitoConfig implements CognitoOptionsFactory {
    constructor(@Inject(OPTIONS) private readonly options: CognitoModuleOptions) {}
    async createCognitoOptions(): Promise<CognitoModuleOptions> {
      return this.options;
    }
  }

  @Module({ imports: [ConfigModule], providers: [CognitoConfig], exports: [CognitoConfig] })
  class CognitoConfigModule {}

  it.each([
    [
      'useFactory',
      () =>
        CognitoModule.forRootAsync({
          imports: [ConfigModule],
          inject: [OPTIONS],
          useFactory: async (options: CognitoModuleOptions) => options,
        }),
    ],
    ['useClass', () => CognitoModule.forRootAsync({ imports: [ConfigModule], useClass: CognitoConfig })],
    [
      'useExisting',
      () => CognitoModule.forRootAsync({ imports: [CognitoConfigModule], useExisting: CognitoConfig }),
    ],
  ] as const)('with %s', async (_, dynamicModule) => {
    @Module({ imports: [dynamicModule()], controllers: [Cats] })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect(await statuses(app, await pool.access())).toEqual([200, 200, 403, 200]);
  });

  it('stops the boot for wrong options', async () => {
    @Module({ imports: [CognitoModule.forRootAsync({ useFactory: () => ({ userPoolId: 'x' }) })] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain('"userPoolId" must be like <region>_<id>');
  });

  it('lets a missing option come from the environment', async () => {
    vi.stubEnv('COGNITO_CLIENT_ID', pool.clientId);
    const { userPoolId, endpoint } = optionsFor(pool);
    @Module({
      imports: [CognitoModule.forRootAsync({ useFactory: () => ({ userPoolId, endpoint }) })],
      controllers: [Cats],
    })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect((await app.get('/cats', await pool.access())).status).toBe(200);
  });
});

describe('forRootAsync() that gives no options', () => {
  const SECRET = 'hush-hush';
  class Without {
    createOptions() {
      return {};
    }
  }
  class Property {
    readonly createCognitoOptions = optionsFor(pool);
  }
  class Gives implements CognitoOptionsFactory {
    createCognitoOptions() {
      return undefined as never;
    }
  }
  class Promises implements CognitoOptionsFactory {
    async createCognitoOptions() {
      return [SECRET] as never;
    }
  }
  const TOKEN = Symbol('settings');
  const METHOD = 'which has no method createCognitoOptions(): let it implement CognitoOptionsFactory';
  const RETURNED =
    'must be the options, or a promise of them ({} takes all of them from the environment), got';
  type Async = Parameters<typeof CognitoModule.forRootAsync>[0];
  const existing = (provide: string | symbol | Type, useValue: unknown): Async => {
    @Module({ providers: [{ provide, useValue }], exports: [provide] })
    class Settings {}
    return { imports: [Settings], useExisting: provide as never };
  };

  it.each<[what: string, options: () => Async, message: string]>([
    [
      'a class without the method',
      () => ({ useClass: Without as never }),
      `"useClass" is Without, ${METHOD}`,
    ],
    ['a class with a member of that name', () => ({ useClass: Property as never }), `is Property, ${METHOD}`],
    [
      'a class without a name',
      () => ({ useClass: (() => class {})() as never }),
      `a class without a name, ${METHOD}`,
    ],
    [
      'a provider without the method',
      () => existing(Without, new Without()),
      `"useExisting" is Without, ${METHOD}`,
    ],
    ['a symbol’s provider', () => existing(TOKEN, {}), `"useExisting" is Symbol(settings), ${METHOD}`],
    ['a text’s provider', () => existing('settings', null), `"useExisting" is "settings", ${METHOD}`],
    ['a method that returns nothing', () => ({ useClass: Gives }), `of Gives returns ${RETURNED} undefined`],
    [
      'a method that promises a list',
      () => ({ useClass: Promises }),
      `of Promises returns ${RETURNED} a list`,
    ],
    ...[undefined, null, SECRET, 5, [SECRET], () => SECRET].flatMap(
      (given): [string, () => Async, string][] => {
        const sort = Array.isArray(given)
          ? 'a list'
          : given === undefined || given === null
            ? String(given)
            : 'a ';
        const message = `what "useFactory" returns ${RETURNED} ${sort}`;
        return [
          [`a factory that returns ${String(given)}`, () => ({ useFactory: () => given as never }), message],
          [
            `a factory that promises ${String(given)}`,
            () => ({ useFactory: async () => given as never }),
            message,
          ],
        ];
      },
    ),
  ])('stops the boot: %s', async (_, options, message) => {
    @Module({ imports: [CognitoModule.forRootAsync(options())] })
    class AppModule {}
    const error = await bootError(AppModule);
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(message) });
    expect(error.message).not.toContain(SECRET);
  });

  it.each([
    [
      { useFactory: { userPoolId: SECRET } },
      '"useFactory" must be a function that returns the options, got a value of',
    ],
    [
      { useClass: 'Settings' },
      '"useClass" must be a class with the method createCognitoOptions(), got a value of type',
    ],
    [
      { useExisting: { clientSecret: SECRET } },
      '"useExisting" must be a class, or a token, of a provider with',
    ],
    [{ useClass: null }, 'got null'],
    [
      { useFactory: () => ({}), injects: [] },
      'what it takes has no member "injects"; there are useFactory, useClass,',
    ],
    [{ useFactory: () => ({}), poolName: ['a'] }, 'what it takes has no member "poolName"'],
    [{ useFactory: () => ({}), userPoolId: SECRET }, 'what it takes has no member "userPoolId"'],
    [
      { useFactory: () => ({}), inject: 'x' },
      '"inject" of CognitoModule.forRootAsync() must be a list of what',
    ],
    [
      { useFactory: () => ({}), imports: {} },
      '"imports" of CognitoModule.forRootAsync() must be a list of modules',
    ],
    [
      { useFactory: () => ({}), isGlobal: 'no' },
      '"isGlobal" of CognitoModule.forRootAsync() must be true or false',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => CognitoModule.forRootAsync(options as never)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }),
    );
    expect(() => CognitoModule.forRootAsync(options as never)).not.toThrow(SECRET);
  });

  it('passes on what the factory throws', async () => {
    const useFactory = () => Promise.reject(new Error('no configuration service'));
    @Module({ imports: [CognitoModule.forRootAsync({ useFactory })] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toBe('no configuration service');
  });

  it('takes a method that is a property, or inherited', async () => {
    class Arrow implements CognitoOptionsFactory {
      readonly createCognitoOptions = () => optionsFor(pool);
    }
    class Heir extends Arrow {}
    @Module({ imports: [CognitoModule.forRootAsync({ useClass: Heir })], controllers: [Cats] })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect((await app.get('/cats', await pool.access())).status).toBe(200);
  });
});

describe('what can be injected', () => {
  @Injectable()
  class Everything {
    constructor(
      @Inject(CognitoAuthService) readonly auth: CognitoAuthService,
      @Inject(CognitoUsersService) readonly users: CognitoUsersService,
      @Inject(CognitoGroupsService) readonly groups: CognitoGroupsService,
      @Inject(CognitoUserPoolsService) readonly pools: CognitoUserPoolsService,
      @InjectCognitoClient() readonly client: CognitoIdentityProviderClient,
      @Inject(CognitoIdentityProviderClient) readonly byClass: CognitoIdentityProviderClient,
    ) {}
  }

  @Module({ providers: [Everything] })
  class FeatureModule {}

  const everything = async (options: CognitoModuleOptions, imports: Type[] = [FeatureModule]) => {
    const app = await started(startApp(options, [], { imports }));
    return app.nest.get(Everything, { strict: false });
  };

  it('the services and the SDK’s client, in any module', async () => {
    const injected = await everything(optionsFor(pool));
    expect(injected.auth).toBeInstanceOf(CognitoAuthService);
    expect(injected.users).toBeInstanceOf(CognitoUsersService);
    expect(injected.groups).toBeInstanceOf(CognitoGroupsService);
    expect(injected.pools).toBeInstanceOf(CognitoUserPoolsService);
    expect(injected.client).toBeInstanceOf(CognitoIdentityProviderClient);
    expect(injected.byClass).toBe(injected.client);
  });

  it('a client that calls the right place, in the pool’s region', async () => {
    const { client } = await everything(optionsFor(pool));
    expect(await client.config.region()).toBe('eu-central-1');
    expect(await client.config.endpoint?.()).toMatchObject({
      hostname: '127.0.0.1',
      port: Number(new URL(pool.endpoint).port),
    });
  });

  it('a client that was handed in, which is not destroyed with the app', async () => {
    const client = new CognitoIdentityProviderClient({ region: 'eu-central-1' });
    const destroy = vi.spyOn(client, 'destroy');
    expect((await everything(optionsFor(pool, { client }))).client).toBe(client);
    await apps.pop()?.close();
    expect(destroy).not.toHaveBeenCalled();
  });

  it('the module’s own client is destroyed with the app', async () => {
    const { client } = await everything(optionsFor(pool));
    const destroy = vi.spyOn(client, 'destroy');
    await apps.pop()?.close();
    expect(destroy).toHaveBeenCalledOnce();
  });

  it('a client with further configuration', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' };
    const { client } = await everything(optionsFor(pool, { client: { credentials, maxAttempts: 1 } }));
    expect((await client.config.credentials()).accessKeyId).toBe('AKIDEXAMPLE');
    expect(await client.config.maxAttempts()).toBe(1);
    await expect(client.send(new ListUserPoolsCommand({ MaxResults: 1 }))).rejects.toThrow();
  });
});
