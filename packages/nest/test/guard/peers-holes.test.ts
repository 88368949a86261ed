import { Controller, Get, UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authorize,
  CognitoAuthGuard,
  CognitoAuthService,
  CognitoGroupsService,
  CognitoUsersService,
  CurrentUser,
  Groups,
  OptionalAuth,
  Public,
  Scopes,
  type Tokens,
} from '../../src/index.js';
import { optionsFor, PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';
import { startPool, type TestPool } from '../support/pool.js';

// Through which holes other guards for Cognito let in, or keep out, whom they should not. Tokens are those of the
// embedded Cognito, a machine's excepted.

@Controller('open')
class OfHandlers {
  @Get('any-and-all')
  @Groups({ all: ['finance'], any: ['admin', 'editor'] })
  anyAndAll() {
    return [];
  }

  @Get('any')
  @Groups({ any: ['admin'] })
  any() {
    return [];
  }

  @Get('id')
  @Authorize({ tokenUse: 'id' })
  id() {
    return [];
  }

  @Get('access')
  @Authorize()
  access() {
    return [];
  }

  @Get('twice')
  @Groups('admin')
  @UseGuards(CognitoAuthGuard, CognitoAuthGuard)
  twice(@CurrentUser('username') username: string) {
    return { username };
  }

  @Get('machine')
  @Scopes('api/read')
  machine(@CurrentUser() user: { isMachine: boolean; username?: string }) {
    return { isMachine: user.isMachine, username: user.username ?? null };
  }

  @Get('not-suspended')
  @Groups({ none: ['suspended'] })
  notSuspended() {
    return [];
  }

  @Get('public')
  @Public()
  public() {
    return [];
  }
}

@Controller('admins')
@Groups('admin')
class OfClass {
  @Get('inherits')
  inherits() {
    return [];
  }

  @Get('editors')
  @Groups('editor')
  editors() {
    return [];
  }

  @Get('anyone')
  @Authorize()
  anyone() {
    return [];
  }

  @Get('maybe')
  @OptionalAuth()
  maybe() {
    return [];
  }

  @Get('public')
  @Public()
  public() {
    return [];
  }
}

@Controller('public')
@Public()
class OpenClass {
  @Get('open')
  open() {
    return [];
  }

  @Get('admins')
  @Groups('admin')
  admins() {
    return [];
  }

  @Get('maybe')
  @OptionalAuth()
  maybe() {
    return [];
  }
}

let test: TestCognito;
const tokens = new Map<string, Tokens>();
beforeAll(async () => {
  test = await startTestCognito();
  const app = await startApp(test.options(), []);
  const groups = app.nest.get(CognitoGroupsService);
  for (const groupName of ['Admin', 'finance', 'editor', 'suspended']) await groups.create({ groupName });
  for (const [username, ...memberships] of [
    ['nobody'],
    ['admin', 'admin'],
    ['capital', 'Admin'],
    ['finance', 'finance'],
    ['both', 'finance', 'editor'],
    ['editor', 'editor'],
    ['suspended', 'suspended', 'admin'],
  ] as const) {
    await app.nest.get(CognitoUsersService).create({
      username,
      userAttributes: { email: `${username}@example.com` },
      messageAction: 'SUPPRESS',
    });
    await app.nest.get(CognitoUsersService).setPassword({ username, password: PASSWORD, permanent: true });
    for (const groupName of memberships) await groups.addUser({ username, groupName });
    const result = await app.nest.get(CognitoAuthService).signIn({ username, password: PASSWORD });
    if (result.status === 'signed-in') tokens.set(username, result.tokens);
  }
  await app.close();
});
afterAll(() => test.cognito.close());

const of = (username: string): Tokens => {
  const found = tokens.get(username);
  if (found === undefined) throw new Error(`${username} has not signed in`);
  return found;
};

describe.each(PLATFORMS)('holes of others, on %s', (_, adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(test.options(), [OfHandlers, OfClass, OpenClass], {}, undefined, adapter());
  });
  afterAll(() => app.close());

  /** Cold and warm: the first request with a token and the next must end alike. */
  const statusOf = async (path: string, token: string | undefined) => {
    const [first, second] = [await app.get(path, token), await app.get(path, token)];
    expect(second.status).toBe(first.status);
    return first.status;
  };

  it.each([
    ['finance', 403],
    ['editor', 403],
    ['admin', 403],
    ['both', 200],
  ] as const)(
    'required and allowed groups together: neither makes the other moot (%s is %i)',
    async (who, status) => {
      expect(await statusOf('/open/any-and-all', of(who).accessToken)).toBe(status);
    },
  );

  it('an empty list of required groups beside allowed ones is no rule at all: it does not compile into an app', () => {
    expect(() => Groups({ all: [], any: ['admin'] })).toThrow(
      '@Groups(): groups.all must be one or more names',
    );
    expect(() => Groups({ any: [] })).toThrow('@Groups(): groups.any must be one or more names');
  });

  it.each([
    ['admin', 200],
    ['capital', 403],
  ] as const)('names of groups differ by case (%s is %i)', async (who, status) => {
    expect(await statusOf('/open/any', of(who).accessToken)).toBe(status);
  });

  it.each([
    // class, handler            nobody signed in, no group, editor, admin
    ['/admins/inherits', 401, 403, 403, 200],
    ['/admins/editors', 401, 403, 200, 403],
    ['/admins/anyone', 401, 200, 200, 200],
    ['/admins/maybe', 200, 200, 200, 200],
    ['/admins/public', 200, 200, 200, 200],
    ['/public/open', 200, 200, 200, 200],
    ['/public/admins', 401, 403, 403, 200],
    ['/public/maybe', 200, 200, 200, 200],
  ] as const)('a handler’s decorators replace its class’s: %s', async (path, none, nobody, editor, admin) => {
    expect([
      await statusOf(path, undefined),
      await statusOf(path, of('nobody').accessToken),
      await statusOf(path, of('editor').accessToken),
      await statusOf(path, of('admin').accessToken),
    ]).toEqual([none, nobody, editor, admin]);
  });

  it('global and local guard together, the local one twice, work as one', async () => {
    const response = await app.get('/open/twice', of('admin').accessToken);
    expect([response.status, await response.json()]).toEqual([200, { username: 'admin' }]);
    expect(await statusOf('/open/twice', of('editor').accessToken)).toBe(403);
    expect(await statusOf('/open/twice', undefined)).toBe(401);
  });

  it('an ID token is no access token, nor the other way round', async () => {
    const { accessToken, idToken = '' } = of('admin');
    expect(await statusOf('/open/access', idToken)).toBe(401);
    expect(await statusOf('/open/id', accessToken)).toBe(401);
    expect(await statusOf('/open/access', accessToken)).toBe(200);
    expect(await statusOf('/open/id', idToken)).toBe(200);
  });

  it('a refresh token is no token for a guard', async () => {
    expect(await statusOf('/open/access', of('admin').refreshToken)).toBe(401);
  });

  it('whoever is in a group that is kept out is kept out, whatever else they are', async () => {
    expect(await statusOf('/open/not-suspended', of('suspended').accessToken)).toBe(403);
    expect(await statusOf('/open/not-suspended', of('nobody').accessToken)).toBe(200);
  });

  it('a bad token does not close what is public, nor open what is optional', async () => {
    for (const bad of ['rubbish', `${of('admin').accessToken}x`, of('admin').idToken]) {
      expect(await statusOf('/open/public', bad)).toBe(200);
      expect(await statusOf('/admins/maybe', bad)).toBe(401);
    }
  });
});

describe.each(PLATFORMS)('a machine’s token, on %s', (_, adapter) => {
  let pool: TestPool;
  let app: TestApp;
  beforeAll(async () => {
    pool = await startPool();
    app = await startApp(optionsFor(pool), [OfHandlers], {}, undefined, adapter());
  });
  afterAll(async () => {
    await app.close();
    await pool.close();
  });

  it('gets in by its scopes, without a user name or groups', async () => {
    const response = await app.get('/open/machine', await pool.machine());
    expect([response.status, await response.json()]).toEqual([200, { isMachine: true, username: null }]);
    expect((await app.get('/open/machine', await pool.machine({ scope: 'api/write' }))).status).toBe(403);
    expect((await app.get('/open/any', await pool.machine())).status).toBe(403);
    expect((await app.get('/open/access', await pool.machine())).status).toBe(200);
  });
});
