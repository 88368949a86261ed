import {
  applyDecorators,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Inject,
  Injectable,
  Logger,
  Module,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AccessToken,
  Authorize,
  CognitoAuthGuard,
  CognitoModule,
  type CognitoPolicyCheck,
  type CognitoUser,
  CurrentUser,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
} from '../../src/index.js';
import { bootError, optionsFor, PLATFORMS, rawGet, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

const FinanceAdmin = () =>
  applyDecorators(Groups({ all: ['finance', 'admin'] }), Header('X-Area', 'finance'));

@Injectable()
class Accounts {
  readonly open = new Set(['open']);
}

/** A check with a dependency, that needs the request. */
@Injectable()
class AccountIsOpen implements CognitoPolicyCheck {
  readonly asked = vi.fn();
  constructor(@Inject(Accounts) private readonly accounts: Accounts) {}

  async check(user: CognitoUser, context: ExecutionContext): Promise<boolean> {
    const { params } = context.switchToHttp().getRequest<{ params: { id: string } }>();
    this.asked(user.username, params.id);
    await Promise.resolve();
    if (params.id === 'broken') throw new Error('connect ECONNREFUSED db.internal:5432');
    return this.accounts.open.has(params.id);
  }
}

const answers: Record<string, () => unknown> = {
  true: () => true,
  later: () => Promise.resolve(true),
  false: () => false,
  truthy: () => 'yes',
  one: () => 1,
  nothing: () => undefined,
  'later-nothing': () => Promise.resolve(),
  object: () => ({ allowed: true }),
  throws: () => {
    throw new Error('secret detail');
  },
  rejects: () => Promise.reject('secret detail'),
};
const answer = (_: CognitoUser, context: ExecutionContext) =>
  answers[context.switchToHttp().getRequest<{ params: { how: string } }>().params.how]?.() as boolean;

@Controller()
class Handlers {
  @Get('scopes-any')
  @Scopes('api/read', 'api/admin')
  any() {
    return [];
  }

  @Get('scopes-all')
  @Scopes({ all: ['api/read', 'api/admin'] })
  all() {
    return [];
  }

  @Get('both')
  @Scopes('api/read')
  @Groups('admin')
  both() {
    return [];
  }

  @Get('finance')
  @FinanceAdmin()
  finance() {
    return [];
  }

  @Get('pool')
  @Authorize({ pool: 'default' })
  pool(@CurrentUser('pool') pool: string) {
    return { pool };
  }

  @Get('optional')
  @OptionalAuth()
  optional(@CurrentUser() user?: CognitoUser, @AccessToken() token?: string) {
    return { username: user?.username ?? null, token: token?.length ?? null };
  }

  @Get('optional-name')
  @OptionalAuth()
  @UseGuards(CognitoAuthGuard)
  optionalName(@CurrentUser('username') username?: string) {
    return { username: username ?? null };
  }

  @Get('optional-id')
  @OptionalAuth({ tokenUse: 'id' })
  optionalId() {
    return [];
  }

  @Get('accounts/:id')
  @Authorize({ groups: 'customer', check: AccountIsOpen })
  @UseGuards(CognitoAuthGuard)
  account() {
    return [];
  }

  @Get('answers/:how')
  @Authorize({ check: answer })
  answers() {
    return [];
  }
}

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.close());

describe.each(PLATFORMS)('policies on %s', (_, adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(
      optionsFor(pool),
      [Handlers],
      { providers: [Accounts, AccountIsOpen] },
      undefined,
      adapter(),
    );
  });
  afterAll(() => app.close());
  afterEach(() => vi.restoreAllMocks());

  /** The status, cold and warm: once through Passport, once from what is remembered. */
  const status = async (path: string, token: string) => {
    const [cold, warm] = [await app.get(path, token), await app.get(path, token)];
    expect(warm.status).toBe(cold.status);
    expect(warm.headers.get('www-authenticate')).toBe(cold.headers.get('www-authenticate'));
    return cold.status;
  };

  it.each([
    ['/scopes-any', 'api/read', 200],
    ['/scopes-any', 'api/admin x', 200],
    ['/scopes-any', 'api/readers', 403],
    ['/scopes-any', 'API/read', 403],
    ['/scopes-any', undefined, 403],
    ['/scopes-all', 'api/read', 403],
    ['/scopes-all', 'api/admin api/read', 200],
  ] as const)('@Scopes(): %s with %j is %i', async (path, scope, expected) => {
    expect(await status(path, await pool.access({ scope }))).toBe(expected);
    if (scope !== undefined) expect(await status(path, await pool.machine({ scope }))).toBe(expected);
  });

  it('@Scopes() and @Groups() hold together', async () => {
    const of = async (scope: string, ...groups: string[]) =>
      status('/both', await pool.access({ scope, 'cognito:groups': groups }));
    expect(await of('api/read', 'admin')).toBe(200);
    expect(await of('api/read')).toBe(403);
    expect(await of('api/write', 'admin')).toBe(403);
    expect(await status('/both', await pool.machine())).toBe(403);
  });

  it('decorators compose with applyDecorators', async () => {
    const good = await app.get('/finance', await pool.access({ 'cognito:groups': ['admin', 'finance'] }));
    expect([good.status, good.headers.get('x-area')]).toEqual([200, 'finance']);
    expect(await status('/finance', await pool.access({ 'cognito:groups': ['admin'] }))).toBe(403);
  });

  it('a policy names the pool, and the user knows it', async () => {
    const response = await app.get('/pool', await pool.access());
    expect(await response.json()).toEqual({ pool: 'default' });
  });

  describe('@OptionalAuth()', () => {
    it('lets in nobody in particular, and a user as themselves', async () => {
      expect(await (await app.get('/optional')).json()).toEqual({ username: null, token: null });
      const token = await pool.access();
      const known = await app.get('/optional', token);
      expect(await known.json()).toEqual({ username: 'ada', token: token.length });
      expect(await (await app.get('/optional-name')).json()).toEqual({ username: null });
      expect(await (await app.get('/optional-name', token)).json()).toEqual({ username: 'ada' });
    });

    it('takes another scheme for no credential', async () => {
      const headers = { authorization: 'Basic YWRhOmFkYQ==' };
      const response = await fetch(`${app.address}/optional`, { headers });
      expect([response.status, await response.json()]).toEqual([200, { username: null, token: null }]);
    });

    it.each(['a.b.c', 'Bearer', 'Bearera.b.c', 'Basic YTpi, Bearer a.b.c'])(
      'lets nobody in as nobody who sends something like a credential: %s',
      async (authorization) => {
        const response = await fetch(`${app.address}/optional`, { headers: { authorization } });
        expect([response.status, await response.json()]).toEqual([
          400,
          expect.objectContaining({ code: 'credentials_malformed' }),
        ]);
      },
    );

    it('refuses a credential that is bad', async () => {
      const nowS = Math.floor(Date.now() / 1000);
      expect(await status('/optional', 'rubbish')).toBe(401);
      expect(await status('/optional', await pool.access({ exp: nowS - 60 }))).toBe(401);
      expect(await status('/optional', await pool.id())).toBe(401);
      expect(await status('/optional', '')).toBe(400);
      expect(await status('/optional-id', await pool.access())).toBe(401);
      expect(await status('/optional-id', await pool.id())).toBe(200);
    });
  });

  describe('a check of the app’s own', () => {
    it('is waited for no longer than ten seconds', async () => {
      const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      const token = await pool.access();
      expect(await status('/answers/true', token)).toBe(200);
      answers['never'] = () => new Promise(() => {});
      const real = setTimeout;
      const hurried = vi
        .spyOn(globalThis, 'setTimeout')
        .mockImplementation(((then: () => void, ms?: number, ...args: []) =>
          real(then, ms === 10_000 ? 0 : ms, ...args)) as typeof setTimeout);
      const { status: answered } = await rawGet(`${app.address}/answers/never`, [
        ['Authorization', `Bearer ${token}`],
      ]);
      hurried.mockRestore();
      expect(answered).toBe(503);
      expect(logged.mock.calls.flat().join()).toContain('it has not answered within 10 s');
    });

    it('is asked last, of users who meet the rest, once for two guards', async () => {
      const { asked } = app.nest.get(AccountIsOpen);
      asked.mockClear();
      expect(await status('/accounts/open', await pool.access())).toBe(403);
      expect(asked).not.toHaveBeenCalled();
      const token = await pool.access({ 'cognito:groups': ['customer'] });
      expect(await status('/accounts/open', token)).toBe(200);
      expect(asked.mock.calls).toEqual([
        ['ada', 'open'],
        ['ada', 'open'],
      ]);
      const response = await app.get('/accounts/closed', token);
      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
      expect(await response.json()).toMatchObject({ code: 'check_refused' });
    });

    it('that fails is a 503 which tells nothing, and is logged', async () => {
      const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      const response = await app.get(
        '/accounts/broken',
        await pool.access({ 'cognito:groups': ['customer'] }),
      );
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      expect(response.headers.get('www-authenticate')).toBeNull();
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ code: 'check_failed' });
      expect(text).not.toContain('db.internal');
      expect(error).toHaveBeenCalledWith(
        expect.stringMatching(/^The check AccountIsOpen of Handlers\.account failed: .*ECONNREFUSED/),
        expect.any(String),
      );
      // Who may ask for it may do so as often as they like: the log tells of it once.
      const token = await pool.access({ 'cognito:groups': ['customer'] });
      for (let i = 0; i < 5; i++) expect((await app.get('/accounts/broken', token)).status).toBe(503);
      expect(error).toHaveBeenCalledOnce();
    });

    it.each([
      ['true', 200],
      ['later', 200],
      ['false', 403],
      ['truthy', 403],
      ['one', 403],
      ['nothing', 403],
      ['later-nothing', 403],
      ['object', 403],
      ['throws', 503],
      ['rejects', 503],
    ] as const)('answering %s is %i: only true lets in', async (how, expected) => {
      vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      expect(await status(`/answers/${how}`, await pool.access())).toBe(expected);
    });
  });
});

describe('what cannot work stops the boot', () => {
  const refused = async (controller: new (...args: never[]) => object, providers: never[] = []) => {
    @Module({
      imports: [CognitoModule.forRoot(optionsFor(pool))],
      controllers: [controller],
      providers,
    })
    class App {}
    return (await bootError(App)).message;
  };

  it('a check that no module provides', async () => {
    @Controller()
    class Unprovided {
      @Get()
      @Authorize({ check: AccountIsOpen })
      handler() {}
    }
    expect(await refused(Unprovided)).toBe(
      'Unprovided.handler: the check AccountIsOpen must be a provider of a module; ' +
        'add it to some "providers"',
    );
  });

  it('a check that is made anew for every request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest implements CognitoPolicyCheck {
      check() {
        return true;
      }
    }
    @Controller()
    class Scoped {
      @Get()
      @Authorize({ check: PerRequest })
      handler() {}
    }
    expect(await refused(Scoped, [PerRequest as never])).toMatch(
      /^Scoped\.handler: the check PerRequest must be of the default scope, and it, or something that is injected/,
    );
  });

  it('conditions on a subclass whose base class has opened the handler', async () => {
    class Base {
      @Get('open')
      @Public()
      open() {}
      @Get('optional')
      @OptionalAuth()
      optional() {}
    }
    @Controller()
    @Groups('admin')
    class Admin extends Base {
      override optional() {}
    }
    expect(await refused(Admin)).toBe(
      'Admin.open: the base class opens it with @Public(), and Admin says @Groups(); override open there, and ' +
        'decorate it with the one that is to hold',
    );
    @Controller()
    class Further extends Admin {}
    expect(await refused(Further)).toContain(
      'Further.open: the base class opens it with @Public(), and Admin says',
    );
    @Controller('decided')
    @Groups('admin')
    class Decided extends Base {
      @Get('open')
      @Public()
      override open() {}
      @Get('optional')
      @Authorize()
      override optional() {}
    }
    @Controller('same')
    @Public()
    class Same extends Base {}
    const nest = await startApp(optionsFor(pool), [Decided, Same]);
    expect((await nest.get('/decided/open')).status).toBe(200);
    expect((await nest.get('/decided/optional')).status).toBe(401);
    expect((await nest.get('/same/open')).status).toBe(200);
    await nest.close();
  });

  it('a pool that is not configured', async () => {
    @Controller()
    class Stranger {
      @Get()
      @Authorize({ pool: ['default', 'partners'] })
      handler() {}
    }
    expect(await refused(Stranger)).toBe('Stranger.handler: there is no pool partners; there is default');
  });

  it('@OptionalAuth() of a base class, which is not inherited', async () => {
    @OptionalAuth()
    class Base {}
    @Controller()
    class Derived extends Base {
      @Get()
      handler() {}
    }
    expect(await refused(Derived)).toMatch(
      /^Derived\.handler: @OptionalAuth\(\) on a base class is not inherited/,
    );
  });

  it.each([
    ['@Groups()', Groups('a')],
    ['@Scopes()', Scopes('a')],
    ['@Authorize()', Authorize()],
    ['@OptionalAuth()', OptionalAuth()],
    ['@Public()', Public()],
  ])('@OptionalAuth() beside %s, in either order', (name, other) => {
    expect(() => {
      @OptionalAuth()
      @other
      class Above {}
      return Above;
    }).toThrow(`Above has @OptionalAuth() beside ${name}: `);
    expect(() => {
      @other
      @OptionalAuth()
      class Below {}
      return Below;
    }).toThrow(`Below has ${name} beside @OptionalAuth(): `);
  });

  it.each([
    [() => OptionalAuth({ groups: 'a' } as never), '@OptionalAuth(): the policy has no member "groups"'],
    [() => OptionalAuth({ maxAuthAgeS: 5 } as never), 'there are tokenUse, clientId, pool'],
    [() => Scopes([] as never), '@Scopes(): scopes'],
    [() => (Scopes as () => unknown)(), '@Scopes(): scopes must be one or more names without spaces, got []'],
    [() => Scopes({ none: ['a'] } as never), '@Scopes(): scopes has no member "none"'],
  ])('wrong arguments %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
