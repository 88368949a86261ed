import {
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Cognito, startCognito } from '@cognest/local';
import { Body, Controller, Get, Inject, Injectable, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Authorize,
  COGNITO_OPTIONS,
  CognitoAuthController,
  CognitoAuthModule,
  CognitoAuthService,
  CognitoGroupsService,
  CognitoModule,
  type CognitoModuleOptions,
  type CognitoPool,
  CognitoPools,
  CognitoRouteAudit,
  type CognitoUser,
  CognitoUserPoolsService,
  CognitoUsersService,
  CurrentUser,
  Groups,
  getCognitoToken,
  InjectCognito,
  Public,
  Scopes,
} from '../../src/index.js';
import { bootError, startApp, startModule, type TestApp } from '../support/app.js';
import { startPool } from '../support/pool.js';

const CUSTOMERS = 'eu-central-1_Customers';
const PARTNERS = 'eu-central-1_Partners';
const SECRET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PASSWORD = 'Correct-horse-9';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

let cognito: Cognito;
const apps: TestApp[] = [];
const started = async (starting: Promise<TestApp>) => {
  const app = await starting;
  apps.push(app);
  return app;
};

beforeAll(async () => {
  const settings = {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH' as const, 'ALLOW_REFRESH_TOKEN_AUTH' as const],
  };
  const users = [{ username: 'ada', password: PASSWORD }];
  cognito = await startCognito({
    port: 0,
    memory: true,
    seed: {
      pools: [
        { id: CUSTOMERS, name: 'customers', clients: [{ id: 'web', name: 'web', settings }], users },
        {
          id: PARTNERS,
          name: 'partners',
          clients: [
            { id: 'portal', name: 'portal', secret: SECRET, settings },
            { id: 'phone', name: 'phone', settings },
          ],
          users,
        },
      ],
    },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => cognito.close());

const customers = () => ({
  userPoolId: CUSTOMERS,
  clientId: 'web',
  endpoint: cognito.endpoint,
  client: { credentials },
});
const partners = () => ({
  userPoolId: PARTNERS,
  clientId: 'portal',
  clientSecret: SECRET,
  endpoint: cognito.endpoint,
  client: { credentials },
});
/** A default pool and a named one. */
const both = (): CognitoModuleOptions => ({ ...customers(), pools: { partners: partners() } });

@Controller()
class Front {
  constructor(
    @Inject(CognitoAuthService) private readonly auth: CognitoAuthService,
    @InjectCognito('partners') private readonly partners: CognitoPool,
    @Inject(CognitoPools) private readonly pools: CognitoPools,
  ) {}

  @Public()
  @Post('sign-in')
  signIn(@Body() { username, password }: Record<'username' | 'password', string>) {
    return this.auth.signIn({ username, password });
  }

  @Public()
  @Post('partners/sign-in')
  partnersSignIn(@Body() { username, password }: Record<'username' | 'password', string>) {
    return this.partners.auth.signIn({ username, password });
  }

  @Get('me')
  me(@CurrentUser() { pool, userPoolId, clientId }: CognitoUser) {
    return { pool, userPoolId, clientId };
  }

  @Get('partners/me')
  @Authorize({ pool: 'partners' })
  partner(@CurrentUser('pool') pool: string) {
    return { pool };
  }

  @Public()
  @Get('tenant')
  async tenant(@Req() request: object) {
    const { name, userPoolId } = await this.pools.forRequest(request);
    return { name, userPoolId };
  }
}

const tokenFrom = async (app: TestApp, path: string) => {
  const response = await app.post(path, { username: 'ada', password: PASSWORD });
  return ((await response.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
};
const json = async (response: Response) => ({ status: response.status, body: await response.json() });

describe('ready-made endpoints with two pools', () => {
  it.each([
    ['the named one', { pool: 'partners' }, 'partners', '/partners/sign-in', '/sign-in'],
    ['the default one', {}, 'default', '/sign-in', '/partners/sign-in'],
  ])('are for the users of %s alone', async (_, options, pool, signIn, elsewhere) => {
    class Account extends CognitoAuthController {
      @Get('bare')
      bare() {
        return 'bare';
      }

      @Get('admins')
      @Groups('admin')
      admins() {
        return 'admins';
      }
    }
    const app = await started(
      startApp(both(), [Front], {
        imports: [CognitoAuthModule.forRoot({ ...options, throttle: false, controller: Account })],
      }),
    );
    const own = await tokenFrom(app, signIn);
    const foreign = await tokenFrom(app, elsewhere);
    expect(await json(await app.get('/auth/profile', own))).toMatchObject({ body: { username: 'ada' } });
    expect((await app.get('/auth/bare', own)).status).toBe(200);
    for (const path of ['profile', 'bare', 'admins']) {
      expect((await json(await app.get(`/auth/${path}`, foreign))).body, path).toMatchObject({
        status: 403,
        code: 'pool_not_allowed',
      });
    }
    expect((await json(await app.post('/auth/password', {}, foreign))).status).toBe(403);
    // Elsewhere the pools are as they were.
    expect((await app.get('/me', foreign)).status).toBe(200);
    const rows = JSON.parse(JSON.stringify(app.nest.get(CognitoRouteAudit))) as Record<string, unknown>[];
    const guarded = rows.filter(
      (row) => JSON.stringify(row).includes('/auth/') && row['access'] === 'guarded',
    );
    expect(guarded.length).toBeGreaterThan(10);
    for (const row of guarded) expect(row).toMatchObject({ policy: { pool: [pool] } });
  });
});

describe('the guard with two pools', () => {
  it.each([
    ['groups', () => Groups('admin')],
    ['scopes', () => Scopes('reports/read')],
  ])('%s without the pool whose they are stop the boot', async (said, rule) => {
    @Controller()
    class Reports {
      @Get()
      @rule()
      list() {}
    }
    await expect(startApp(both(), [Reports])).rejects.toThrow(
      `names ${said} and not the pool whose ${said} they are; there are default, partners`,
    );
    await started(startApp(customers(), [Reports]));
  });

  it('a group of the same name in another pool is no use', async () => {
    @Controller()
    class Reports {
      @Get('reports')
      @Groups('admin')
      @Authorize({ pool: 'default' })
      list() {
        return 'secret';
      }
    }
    const app = await started(startApp(both(), [Front, Reports]));
    const { groups } = app.nest.get(CognitoPools).get('partners');
    await groups.create({ groupName: 'admin' });
    await groups.addUser({ username: 'ada', groupName: 'admin' });
    const partner = await tokenFrom(app, '/partners/sign-in');
    expect((await json(await app.get('/reports', partner))).body).toMatchObject({
      status: 403,
      code: 'pool_not_allowed',
    });
    await groups.delete({ groupName: 'admin' });
  });

  it('takes the tokens of each, and knows which pool a user is of', async () => {
    const app = await started(startApp(both(), [Front]));
    const customer = await tokenFrom(app, '/sign-in');
    const partner = await tokenFrom(app, '/partners/sign-in');
    expect(await json(await app.get('/me', customer))).toEqual({
      status: 200,
      body: { pool: 'default', userPoolId: CUSTOMERS, clientId: 'web' },
    });
    expect(await json(await app.get('/me', partner))).toEqual({
      status: 200,
      body: { pool: 'partners', userPoolId: PARTNERS, clientId: 'portal' },
    });
    expect((await app.get('/partners/me', partner)).status).toBe(200);
    expect((await app.get('/partners/me', customer)).status).toBe(403);
  });

  it('takes of each pool the tokens of its own clients only', async () => {
    const first = await startPool({ userPoolId: CUSTOMERS, clientId: 'web' });
    const second = await startPool({ userPoolId: PARTNERS, clientId: 'portal' });
    const app = await started(
      startApp(
        {
          userPoolId: CUSTOMERS,
          clientId: 'web',
          endpoint: first.endpoint,
          pools: {
            partners: {
              userPoolId: PARTNERS,
              clientId: 'portal',
              trustedClientIds: ['phone'],
              endpoint: second.endpoint,
            },
          },
        },
        [Front],
      ),
    );
    const status = async (token: string) => (await app.get('/me', token)).status;
    expect(await status(await first.access())).toBe(200);
    expect(await status(await second.access())).toBe(200);
    expect(await status(await second.access({ client_id: 'phone' }))).toBe(200);
    // Another pool's client, in a token that is genuine otherwise.
    expect(await status(await first.access({ client_id: 'portal' }))).toBe(401);
    expect(await status(await first.access({ client_id: 'phone' }))).toBe(401);
    expect(await status(await second.access({ client_id: 'web' }))).toBe(401);
    // Signed with the keys of one pool in the name of the other.
    expect(await status(await first.access({ iss: `${second.endpoint}/${PARTNERS}` }))).toBe(401);
    expect(await status(await first.access({ iss: `${first.endpoint}/${PARTNERS}` }))).toBe(401);
    await first.close();
    await second.close();
  });
});

describe('what can be injected', () => {
  @Injectable()
  class Everything {
    constructor(
      @InjectCognito() readonly pool: CognitoPool,
      @InjectCognito('default') readonly byName: CognitoPool,
      @Inject(CognitoUsersService) readonly users: CognitoUsersService,
      @InjectCognito(undefined, CognitoUsersService) readonly ofDefault: CognitoUsersService,
      @InjectCognito('partners') readonly partners: CognitoPool,
      @InjectCognito('partners', CognitoAuthService) readonly auth: CognitoAuthService,
      @InjectCognito('partners', CognitoUsersService) readonly partnersUsers: CognitoUsersService,
      @InjectCognito('partners', CognitoGroupsService) readonly groups: CognitoGroupsService,
      @InjectCognito('partners', CognitoUserPoolsService) readonly userPools: CognitoUserPoolsService,
      @InjectCognito('partners', CognitoIdentityProviderClient)
      readonly client: CognitoIdentityProviderClient,
    ) {}
  }

  @Module({ providers: [Everything] })
  class FeatureModule {}

  const everything = async (options = both()) => {
    const app = await started(startApp(options, [], { imports: [FeatureModule] }));
    return { app, injected: app.nest.get(Everything, { strict: false }) };
  };

  it('a pool, or one of its services, by name; the default pool without one', async () => {
    const { app, injected } = await everything();
    const { partners } = injected;
    expect([partners.name, partners.userPoolId]).toEqual(['partners', PARTNERS]);
    expect([injected.pool.name, injected.pool.userPoolId]).toEqual(['default', CUSTOMERS]);
    expect(injected.byName).toBe(injected.pool);
    expect(injected.users).toBe(injected.pool.users);
    expect(injected.ofDefault).toBe(injected.pool.users);
    expect([
      injected.auth,
      injected.partnersUsers,
      injected.groups,
      injected.userPools,
      injected.client,
    ]).toEqual([partners.auth, partners.users, partners.groups, partners.userPools, partners.client]);
    expect(injected.partnersUsers).toBe(partners.users);
    expect(app.nest.get(getCognitoToken('partners'), { strict: false })).toBe(partners);
    expect(app.nest.get(COGNITO_OPTIONS, { strict: false })).toEqual(both());
  });

  it('services that act on their own pool, with its own client and secret, at the same time', async () => {
    const { injected } = await everything();
    const { pool, partners } = injected;
    await Promise.all(
      [pool, partners].map(async ({ name, users, groups }) => {
        await groups.create({ groupName: `of-${name}` });
        await users.create({ username: `only-${name}`, messageAction: 'SUPPRESS' });
        await groups.addUser({ username: `only-${name}`, groupName: `of-${name}` });
      }),
    );
    for (const [mine, other] of [
      [pool, partners],
      [partners, pool],
    ] as const) {
      const { groups } = await mine.groups.listForUser({ username: `only-${mine.name}` });
      expect(groups.map(({ groupName }) => groupName)).toEqual([`of-${mine.name}`]);
      await expect(other.users.get({ username: `only-${mine.name}` })).rejects.toThrow('User does not exist');
      expect((await mine.userPools.describe()).id).toBe(mine.userPoolId);
      const signIn = await mine.auth.signIn({ username: 'ada', password: PASSWORD });
      expect(signIn.status).toBe('signed-in');
    }
    const { UserPool } = await partners.client.send(new DescribeUserPoolCommand({ UserPoolId: PARTNERS }));
    expect(UserPool?.Name).toBe('partners');
  });

  it('without a pool at top level, the first under "pools"', async () => {
    @Injectable()
    class Some {
      constructor(
        @Inject(CognitoUserPoolsService) readonly plain: CognitoUserPoolsService,
        @InjectCognito('partners') readonly partners: CognitoPool,
        @InjectCognito('customers') readonly customers: CognitoPool,
      ) {}
    }
    const options = { pools: { partners: partners(), customers: customers() } };
    const app = await started(startApp(options, [], { providers: [Some] }));
    const { plain, partners: first, customers: second } = app.nest.get(Some);
    expect(plain).toBe(first.userPools);
    expect([first.userPoolId, second.userPoolId]).toEqual([PARTNERS, CUSTOMERS]);
    expect(app.nest.get(CognitoPools).names).toEqual(['partners', 'customers']);
  });

  it('each pool’s own client ends with the app, one that was handed in goes on', async () => {
    const shared = new CognitoIdentityProviderClient({ region: 'eu-central-1' });
    const { client: _, ...rest } = partners();
    const { app, injected } = await everything({
      ...customers(),
      pools: {
        partners: { ...rest, client: shared },
        third: { ...customers(), userPoolId: 'eu-west-1_Third' },
      },
    });
    const pools = app.nest.get(CognitoPools);
    expect(injected.client).toBe(shared);
    expect(await pools.get('third').client.config.region()).toBe('eu-west-1');
    expect(await pools.default.client.config.region()).toBe('eu-central-1');
    const destroyed = (['default', 'partners', 'third'] as const).map((name) =>
      vi.spyOn(pools.get(name).client, 'destroy'),
    );
    await apps.pop()?.close();
    expect(destroyed.map((spy) => spy.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('two apps of one process with pools of the same name do not meet', async () => {
    const first = await everything();
    const second = await everything({
      ...customers(),
      pools: { partners: { ...partners(), clientId: 'phone', clientSecret: undefined } },
    });
    expect(second.injected.partners).not.toBe(first.injected.partners);
    for (const { injected } of [first, second]) {
      const result = await injected.partners.auth.signIn({ username: 'ada', password: PASSWORD });
      expect(result.status).toBe('signed-in');
    }
  });
});

describe('resolvePool', () => {
  const resolvePool = (request: { headers: Record<string, string> }) =>
    request.headers['x-tenant'] ?? 'default';
  const ask = async (app: TestApp, tenant?: string) =>
    json(
      await fetch(`${app.address}/tenant`, { headers: tenant === undefined ? {} : { 'x-tenant': tenant } }),
    );

  it.each([
    ['as it is', resolvePool],
    ['as a promise', async (request: Parameters<typeof resolvePool>[0]) => resolvePool(request)],
  ])('chooses the pool of a request, %s', async (_, resolver) => {
    const app = await started(startApp({ ...both(), resolvePool: resolver }, [Front]));
    const answers = await Promise.all(
      ['partners', undefined, 'partners', 'default'].map((name) => ask(app, name)),
    );
    expect(answers.map(({ body }) => body)).toEqual([
      { name: 'partners', userPoolId: PARTNERS },
      { name: 'default', userPoolId: CUSTOMERS },
      { name: 'partners', userPoolId: PARTNERS },
      { name: 'default', userPoolId: CUSTOMERS },
    ]);
  });

  it.each(['nobody', '__proto__', 'constructor', PARTNERS, 'Partners', ''])(
    'a name that is not configured, %j, is a 404 that does not repeat it',
    async (tenant) => {
      const app = await started(startApp({ ...both(), resolvePool }, [Front]));
      const { status, body } = await ask(app, tenant);
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'pool_unknown' } });
      expect(JSON.stringify(body)).not.toMatch(/nobody|proto|constructor|artners/);
    },
  );

  it('left out, forRequest says what is missing, and no caller hears of it', async () => {
    const app = await started(startApp(both(), [Front]));
    const pools = app.nest.get(CognitoPools);
    await expect(pools.forRequest({})).rejects.toThrow(
      'needs the option "resolvePool": (request) => the name of one of default, partners',
    );
    expect(await ask(app)).toMatchObject({ status: 500, body: { code: 'misconfigured' } });
  });
});

describe('an unknown name', () => {
  @Injectable()
  class Misspelt {
    constructor(@InjectCognito('partner', CognitoUsersService) readonly users: CognitoUsersService) {}
  }

  @Injectable()
  class MisspeltProperty {
    @InjectCognito('partnerz') readonly pool!: CognitoPool;
  }

  it.each([
    ['of a parameter', Misspelt, 'partner', () => CognitoModule.forRoot(both())],
    ['of a property', MisspeltProperty, 'partnerz', () => CognitoModule.forRoot(both())],
    [
      'with forRootAsync',
      Misspelt,
      'partner',
      () => CognitoModule.forRootAsync({ poolNames: ['partners'], useFactory: () => both() }),
    ],
  ])('in @InjectCognito stops the boot: %s', async (_, provider, name, dynamicModule) => {
    @Module({ imports: [dynamicModule()], providers: [provider] })
    class AppModule {}
    expect(await bootError(AppModule)).toMatchObject({
      code: 'config_invalid',
      message: `@InjectCognito("${name}"): the option "pools" has no such name; there are default, partners`,
    });
  });

  it('of another app of the process is none of this one’s business', async () => {
    @Module({ imports: [CognitoModule.forRoot(both())] })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect(app.nest.get(CognitoPools).names).toEqual(['default', 'partners']);
  });

  it('to CognitoPools.get is refused with the names that there are', async () => {
    const app = await started(startApp(both(), [Front]));
    expect(() => app.nest.get(CognitoPools).get('x')).toThrow(
      expect.objectContaining({
        code: 'pool_unknown',
        message: 'No pool is named "x"; the option "pools" has default, partners',
      }),
    );
  });

  it('of a class that pools have none of is refused where it is written', () => {
    class Other {}
    expect(() => InjectCognito('partners', Other as unknown as typeof CognitoUsersService)).toThrow(
      '@InjectCognito(name, class) must be one of CognitoAuthService, CognitoUsersService, CognitoGroupsService, CognitoDevicesService, CognitoUserPoolsService',
    );
  });
});

describe('forRootAsync with several pools', () => {
  it('has the providers before the options are there', async () => {
    @Module({
      imports: [CognitoModule.forRootAsync({ poolNames: ['partners'], useFactory: async () => both() })],
      controllers: [Front],
    })
    class AppModule {}
    const app = await started(startModule(AppModule));
    expect((await app.get('/me', await tokenFrom(app, '/partners/sign-in'))).status).toBe(200);
    expect(app.nest.get(getCognitoToken('partners'), { strict: false }).userPoolId).toBe(PARTNERS);
  });

  it.each([
    [undefined, 'which are "partners"; got none'],
    [['partners', 'others'], 'which are "partners"; got "partners", "others"'],
  ])('poolNames %j stops the boot', async (poolNames, message) => {
    @Module({ imports: [CognitoModule.forRootAsync({ poolNames, useFactory: () => both() })] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain(message);
  });

  it('poolNames without pools stops the boot', async () => {
    @Module({ imports: [CognitoModule.forRootAsync({ poolNames: ['a'], useFactory: customers })] })
    class AppModule {}
    expect((await bootError(AppModule)).message).toContain(
      '"poolNames" of CognitoModule.forRootAsync() must be the names under "pools", which are none; got "a"',
    );
  });

  it('poolNames that is no list, or no way to the options, is refused at once', () => {
    const wrong = { poolNames: 'partners', useFactory: both } as unknown as { useFactory: typeof both };
    expect(() => CognitoModule.forRootAsync(wrong)).toThrow('"poolNames" of CognitoModule.forRootAsync()');
    expect(() =>
      CognitoModule.forRootAsync({ poolNames: ['partners', 'partners'], useFactory: () => both() }),
    ).toThrow(
      '"poolNames" of CognitoModule.forRootAsync() must be a list with each name once, got ["partners","partners"]',
    );
    expect(() => CognitoModule.forRootAsync({})).toThrow(
      'takes one of useFactory, useClass and useExisting, got none',
    );
  });
});

it('a hidden detail of a pool’s options is not shown by inspecting the pool', async () => {
  const nest = await NestFactory.createApplicationContext(CognitoModule.forRoot(both()), { logger: false });
  const { inspect } = await import('node:util');
  const pool = nest.get<CognitoPool>(getCognitoToken('partners'));
  expect(
    inspect({ auth: pool.auth, users: pool.users, pools: nest.get(CognitoPools) }, { depth: 9 }),
  ).not.toContain(SECRET);
  await nest.close();
});
