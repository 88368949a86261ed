import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import {
  Authorize,
  CognitoModule,
  type CognitoModuleOptions,
  CognitoUsersService,
  CurrentUser,
  Groups,
  Public,
} from '@cognest/nest';
import { Controller, Get, Inject, Module, Param, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestIssuer, createTestingCognito, type TestingCognito } from '../src/index.js';
import { overrideCognito } from '../src/nest/index.js';

@Controller()
class AppController {
  readonly #users: CognitoUsersService;

  constructor(@Inject(CognitoUsersService) users: CognitoUsersService) {
    this.#users = users;
  }

  @Get('me')
  me(@CurrentUser('username') username: string) {
    return { username };
  }

  @Get('reports')
  @Groups('admin')
  reports() {
    return [];
  }

  @Get('purge')
  @Authorize({ maxAuthAgeS: 300 })
  purge() {
    return 'purged';
  }

  @Get('batch')
  @Authorize({ scopes: { all: ['reports/write'] }, tokenUse: 'access' })
  batch() {
    return 'done';
  }

  @Get('health')
  @Public()
  health() {
    return 'ok';
  }

  @Get('users/:username')
  @Groups('admin')
  user(@Param('username') username: string) {
    return this.#users.get({ username });
  }
}

@Controller()
class HealthController {
  @Get('health')
  health() {
    return 'ok';
  }
}

/** Over several pools, whose groups would have to say whose they are. */
@Controller()
class PartnersController {
  @Get('me')
  me(@CurrentUser('pool') pool: string) {
    return { pool };
  }

  @Get('reports')
  @Groups('admin')
  @Authorize({ pool: 'partners' })
  reports() {
    return [];
  }
}

/** An app as users have it: its pool comes from the environment, which a test does not have. */
function appWith(module: Parameters<typeof Module>[0]['imports'], controller: Type = AppController): Type {
  @Module({ imports: module ?? [], controllers: [controller] })
  class AppModule {}
  return AppModule;
}

const issuer = createTestIssuer();

async function start(app: Type, source: Parameters<typeof overrideCognito>[1] = issuer) {
  const builder = Test.createTestingModule({ imports: [app] });
  const testing = await overrideCognito(builder, source).compile();
  const nest = testing.createNestApplication({ logger: false });
  await nest.listen(0, '127.0.0.1');
  onTestFinished(() => nest.close());
  const { port } = nest.getHttpServer().address() as AddressInfo;
  const get = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, body: await response.text() };
  };
  return { get, status: async (path: string, token?: string) => (await get(path, token)).status };
}

describe.each<[string, (options?: CognitoModuleOptions) => Type]>([
  ['forRoot', (options) => appWith([CognitoModule.forRoot(options)])],
  [
    'forRootAsync',
    (options = {}) => appWith([CognitoModule.forRootAsync({ useFactory: async () => options })]),
  ],
])('overrideCognito with an issuer, over %s', (_, app) => {
  it('takes its tokens, and keeps guard and policies in force', async () => {
    const { get, status } = await start(app());
    expect(await get('/me', issuer.accessToken({ username: 'ana' }))).toEqual({
      status: 200,
      body: '{"username":"ana"}',
    });
    expect(await status('/health')).toBe(200);
    expect(await status('/me')).toBe(401);
    expect(await status('/me', issuer.idToken())).toBe(401);
    expect(await status('/me', issuer.accessToken({ expiresInS: -60 }))).toBe(401);
    expect(await status('/me', issuer.accessToken({ clientId: 'other' }))).toBe(401);
    expect(await status('/me', issuer.accessToken({ claims: { iss: 'https://evil.example' } }))).toBe(401);
    expect(await status('/me', createTestIssuer().accessToken())).toBe(401);
    expect(await status('/reports', issuer.accessToken())).toBe(403);
    expect(await status('/reports', issuer.accessToken({ groups: ['Admin'] }))).toBe(403);
    expect(await status('/reports', issuer.accessToken({ groups: ['admin'] }))).toBe(200);
    expect(await status('/purge', issuer.accessToken({ signedInAgoS: 600 }))).toBe(401);
    expect(await status('/purge', issuer.accessToken())).toBe(200);
    expect(await status('/batch', issuer.machineToken({ scopes: ['reports/read'] }))).toBe(403);
    expect(await status('/batch', issuer.machineToken({ scopes: ['reports/write'] }))).toBe(200);
  });

  it("keeps the app's other options, and none about its own pool", async () => {
    const { status } = await start(
      app({
        userPoolId: 'eu-west-1_Production',
        clientId: 'production',
        clientSecret: 'productionsecret',
        trustedClientIds: ['mobile'],
        tokenUse: 'id',
        protect: 'decorated',
        verifier: { issuerForm: 'updated', replicaRegions: ['us-east-1'], cache: false },
      }),
    );
    expect(await status('/me', 'anything')).toBe(500);
    expect(await status('/reports')).toBe(401);
    expect(await status('/reports', issuer.accessToken({ groups: ['admin'] }))).toBe(401);
    expect(await status('/reports', issuer.idToken({ groups: ['admin'] }))).toBe(200);
    expect(await status('/reports', issuer.idToken({ groups: ['admin'], clientId: 'mobile' }))).toBe(200);
    expect(await status('/reports', issuer.idToken({ groups: ['admin'], clientId: 'production' }))).toBe(401);
  });

  it('does not look at the environment', async () => {
    vi.stubEnv('COGNITO_USER_POOL_ID', 'not a pool');
    vi.stubEnv('COGNITO_CLIENT_SECRET', '%%%');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { status } = await start(app());
    expect(await status('/me', issuer.accessToken())).toBe(200);
  });

  it('still refuses to boot with an option that is wrong', async () => {
    await expect(start(app({ protect: 'everything' as 'all' }))).rejects.toThrow('"protect" must be');
  });

  it('calls nothing on AWS, and says what to do', async () => {
    const logged: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
    const { status } = await start(app());
    expect(await status('/users/ana', issuer.accessToken({ groups: ['admin'] }))).toBeGreaterThanOrEqual(500);
    const send = issuer.moduleOptions().client.requestHandler as { handle(request: object): Promise<never> };
    await expect(send.handle({ headers: { 'x-amz-target': 'Service.AdminGetUser' } })).rejects.toThrow(
      'AdminGetUser was called, and this test has an issuer of tokens but no Cognito: start one with',
    );
  });
});

describe('overrideCognito with an embedded Cognito', () => {
  let cognito: TestingCognito;
  beforeAll(async () => {
    cognito = await createTestingCognito();
  });
  beforeEach(() => cognito.reset());
  afterAll(() => cognito.close());

  it('takes its tokens, and calls it', async () => {
    const { get, status } = await start(appWith([CognitoModule.forRoot()]), cognito);
    const ana = await cognito.createUser({ username: 'ana', groups: ['admin'] });
    const bob = await cognito.createUser({ username: 'bob' });
    expect(await get('/me', ana.accessToken)).toEqual({ status: 200, body: '{"username":"ana"}' });
    expect(await status('/reports', bob.accessToken)).toBe(403);
    expect((await get('/users/bob', ana.accessToken)).body).toContain(bob.sub);
    expect(await status('/users/cem', ana.accessToken)).toBe(404);
  });

  it('sees tokens expire when the clock is moved', async () => {
    const { status } = await start(appWith([CognitoModule.forRoot()]), cognito);
    const { accessToken } = await cognito.createUser({ username: 'ana' });
    expect(await status('/me', accessToken)).toBe(200);
    cognito.clock.advance('2h');
    expect(await status('/me', accessToken)).toBe(401);
  });
});

describe('overrideCognito over several pools', () => {
  const partners = createTestIssuer({ userPoolId: 'eu-west-1_Partners1', clientId: 'partner' });
  const app = (options: CognitoModuleOptions = {}) =>
    appWith(
      [
        CognitoModule.forRoot({
          ...options,
          pools: {
            partners: { userPoolId: 'eu-west-1_Production', clientId: 'prod', trustedClientIds: ['kiosk'] },
          },
        }),
      ],
      PartnersController,
    );

  it('takes the tokens of each source for its own pool', async () => {
    const { status } = await start(app(), { default: issuer, partners });
    expect(await status('/me', issuer.accessToken())).toBe(200);
    expect(await status('/me', partners.accessToken())).toBe(200);
    expect(await status('/me', partners.accessToken({ clientId: 'kiosk' }))).toBe(200);
    expect(await status('/me', issuer.accessToken({ clientId: 'kiosk' }))).toBe(401);
    expect(await status('/me', partners.accessToken({ claims: { iss: issuer.issuer } }))).toBe(401);
    expect(await status('/reports', partners.accessToken())).toBe(403);
    expect(await status('/reports', partners.accessToken({ groups: ['admin'] }))).toBe(200);
    expect(await status('/reports', issuer.accessToken({ groups: ['admin'] }))).toBe(403);
  });

  it('takes named pools alone', async () => {
    const { status } = await start(app(), { partners });
    expect(await status('/me', partners.accessToken())).toBe(200);
    expect(await status('/me', issuer.accessToken())).toBe(401);
  });

  it.each<[string, CognitoModuleOptions, Parameters<typeof overrideCognito>[1]]>([
    ['one for the default pool only', {}, issuer],
    ['none for the default pool', { userPoolId: 'eu-west-1_Top', clientId: 'top' }, { partners }],
    ['one too many', {}, { partners, others: issuer }],
    ['none', {}, {}],
  ])('refuses to boot with the wrong sources: %s', async (_, options, source) => {
    await expect(start(app(options), source)).rejects.toThrow(
      /^The app has the pools .*partners, and override/,
    );
  });
});

it("its options are CognitoModule's, too", async () => {
  const options: CognitoModuleOptions[] = [issuer.moduleOptions()];
  const { status } = await start(appWith(options.map((given) => CognitoModule.forRoot(given))));
  expect(await status('/me', issuer.accessToken())).toBe(200);
});

describe('a testing module without a CognitoModule', () => {
  @Module({ controllers: [HealthController] })
  class Bare {}

  it('is refused, and says what to do', async () => {
    const builder = Test.createTestingModule({ imports: [Bare] });
    await expect(overrideCognito(builder, issuer).compile()).rejects.toThrow(
      /no CognitoModule is in the testing module\. Import the module of your app/,
    );
  });

  it('is not refused when the second of two overrides is the one that counts', async () => {
    const builder = Test.createTestingModule({ imports: [appWith([CognitoModule.forRoot()])] });
    const testing = await overrideCognito(overrideCognito(builder, createTestIssuer()), issuer).compile();
    await testing.close();
  });
});
