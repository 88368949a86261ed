import { Controller, Get, UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessToken, Authorize, type CognitoUser, CurrentUser, Groups, Public } from '../../src/index.js';
import { optionsFor, rawGet, startApp, type TestApp } from '../support/app.js';
import { startPool, type TestPool } from '../support/pool.js';

@Controller('open')
class OpenController {
  @Get('any')
  any(@CurrentUser() user: CognitoUser) {
    return user;
  }

  @Get('public')
  @Public()
  public() {
    return 'public';
  }

  @Get('sub')
  sub(@CurrentUser('sub') sub: string) {
    return { sub };
  }

  @Get('token')
  token(@AccessToken() token: string) {
    return { token };
  }

  @Get('frozen')
  frozen(@CurrentUser() user: CognitoUser) {
    return [user, user.groups, user.scopes, user.claims].map((value) => Object.isFrozen(value));
  }

  @Get('public-user')
  @Public()
  // One that might see to it, for all that can be known at boot.
  @UseGuards({ canActivate: () => true })
  publicUser(@CurrentUser() user: CognitoUser) {
    return user;
  }

  @Get('id')
  @Authorize({ tokenUse: 'id' })
  id() {
    return 'id';
  }

  @Get('fresh')
  @Authorize({ maxAuthAgeS: 60 })
  fresh() {
    return 'fresh';
  }

  @Get('scoped')
  @Authorize({ scopes: { all: ['api/read'], any: ['api/write', 'api/admin'] } })
  scoped() {
    return 'scoped';
  }

  @Get('other-client')
  @Authorize({ clientId: 'client2' })
  otherClient() {
    return 'other client';
  }
}

@Controller('groups')
@Groups('admin')
class GroupsController {
  @Get('class')
  ofClass() {
    return 'class';
  }

  @Get('any')
  @Groups('editor', 'writer')
  any() {
    return 'any';
  }

  @Get('all')
  @Groups({ all: ['editor', 'finance'] })
  all() {
    return 'all';
  }

  @Get('none')
  @Groups({ any: ['editor'], none: ['suspended'] })
  none() {
    return 'none';
  }

  @Get('public')
  @Public()
  public() {
    return 'public';
  }

  @Get('anyone')
  @Authorize()
  anyone() {
    return 'anyone';
  }

  @Get('combined')
  @Groups('editor')
  @Authorize({ maxAuthAgeS: 60 })
  combined() {
    return 'combined';
  }
}

class BaseController extends GroupsController {}

@Controller('inherited')
class InheritedController extends BaseController {}

let pool: TestPool;
let app: TestApp;

beforeAll(async () => {
  pool = await startPool();
  const options = optionsFor(pool, { trustedClientIds: ['client2'] });
  app = await startApp(options, [OpenController, GroupsController, InheritedController]);
});
afterAll(async () => {
  await app.close();
  await pool.close();
});

const nowS = () => Math.floor(Date.now() / 1000);

describe('a request without an acceptable credential', () => {
  it('is a 401 without an error code when there is none', async () => {
    const response = await app.get('/open/any');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      code: 'credentials_missing',
      detail: expect.any(String),
    });
  });

  it.each([
    '',
    'Basic YWRhOnNlY3JldA==',
    'Digest username="ada, \\"b\\"", realm=x',
    'AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host;date,Signature=0a',
    'Bearerish abc',
  ])('takes another scheme (%s) for no credential', async (authorization) => {
    const response = await fetch(`${app.address}/open/any`, { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer a, Bearer b',
    'Bearer "a"',
    'bearer\ta',
    'Bearer a=b',
    'Bearer token="a"',
    'Bearer\u00a0a',
    'Bearera',
    'a.b.c',
    'Basic',
    'Basic a, Bearer b',
    'Basic a Bearer b',
    'Digest username="ada", Bearer b',
    `Digest ${'a=b, '.repeat(2000)}`,
  ])('refuses what is not one well-formed Bearer credential (%s) as a bad request', async (value) => {
    const { status, headers, body } = await rawGet(`${app.address}/open/any`, [['Authorization', value]]);
    expect(status).toBe(400);
    expect(headers['www-authenticate']).toMatch(/^Bearer error="invalid_request"/);
    expect(body).toMatchObject({ code: 'credentials_malformed' });
  });

  it('refuses two credentials, even two good ones, of whatever scheme and spelling', async () => {
    const token = await pool.access();
    for (const second of [`Bearer ${token}`, 'Basic YTpi']) {
      const { status, body } = await rawGet(`${app.address}/open/any`, [
        ['Authorization', `Bearer ${token}`],
        ['authorization', second],
      ]);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'credentials_malformed' });
    }
  });

  it('refuses as many headers as hide a second credential', async () => {
    const token = await pool.access();
    const many: [string, string][] = Array.from({ length: 1_000 }, () => ['A', '']);
    const { status, body } = await rawGet(`${app.address}/open/any`, [
      ['Authorization', `Bearer ${token}`],
      ...many,
      ['Authorization', 'Basic YTpi'],
    ]);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'credentials_malformed' });
  });

  it('takes the scheme in any case, with more than one space', async () => {
    const token = await pool.access();
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'BeArEr ']) {
      const response = await fetch(`${app.address}/open/any`, {
        headers: { authorization: `${scheme} ${token}` },
      });
      expect(response.status).toBe(200);
    }
  });

  it('does not look for a token in the query, the body or a cookie', async () => {
    const token = await pool.access();
    const response = await fetch(`${app.address}/open/any?access_token=${token}`, {
      headers: { cookie: `access_token=${token}` },
    });
    expect(response.status).toBe(401);
  });
});

describe('a token', () => {
  const refused = async (token: string, code = 'token_invalid') => {
    const response = await app.get('/open/any', token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 401, code });
    if (token.length > 20) expect(text).not.toContain(token.slice(0, 20));
  };

  it('of this pool and client lets in', async () => {
    const response = await app.get('/open/any', await pool.access({ 'cognito:groups': ['Editor'] }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      sub: '1f2e3d4c-0000-70de-04fc-be20af92f810',
      username: 'ada',
      groups: ['Editor'],
      scopes: ['aws.cognito.signin.user.admin'],
      clientId: 'client1',
      userPoolId: pool.userPoolId,
      pool: 'default',
      tokenUse: 'access',
      isMachine: false,
      claims: expect.objectContaining({ token_use: 'access', jti: expect.any(String) }),
    });
  });

  it('that is no JWT is refused', () => refused('abc'));
  it('that has expired is refused, and says so', async () =>
    refused(await pool.access({ exp: nowS() - 60, iat: nowS() - 3660 }), 'token_expired'));
  it('that is not valid yet is refused', async () => refused(await pool.access({ nbf: nowS() + 60 })));
  it('of an unknown client is refused', async () => refused(await pool.access({ client_id: 'client3' })));
  it('of another issuer is refused', async () =>
    refused(
      await pool.access({ iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Test12345' }),
    ));
  it('of another kind is refused', async () => refused(await pool.id()));
  it('with a forged signature is refused', async () => {
    const token = await pool.access();
    const at = token.lastIndexOf('.') + 20;
    await refused(`${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`);
  });
  it('of another pool with the same id and key id is refused', async () => {
    const stranger = await startPool();
    await refused(await stranger.access());
    await refused(await stranger.access({ iss: `${pool.endpoint}/${pool.userPoolId}` }));
    await stranger.close();
  });

  it('is refused the second time too', async () => {
    const token = await pool.id();
    await refused(token);
    await refused(token);
  });

  it('of a trusted client lets in', async () => {
    const response = await app.get('/open/any', await pool.access({ client_id: 'client2' }));
    expect(await response.json()).toMatchObject({ clientId: 'client2' });
  });

  it('of a machine lets in as such', async () => {
    const response = await app.get('/open/any', await pool.machine());
    const user = (await response.json()) as object;
    expect(user).toMatchObject({ isMachine: true, sub: 'client1', groups: [], scopes: ['api/read'] });
    expect(user).not.toHaveProperty('username');
  });

  it('with a scope and a client id but a user is no machine’s', async () => {
    const response = await app.get('/open/any', await pool.access({ scope: 'api/read' }));
    expect(await response.json()).toMatchObject({ isMachine: false });
  });

  it('is verified once: its second request needs no key and the outcome is the same', async () => {
    const token = await pool.access();
    const first = await (await app.get('/open/any', token)).json();
    expect(await (await app.get('/open/any', token)).json()).toEqual(first);
    expect(pool.keyRequests()).toBe(1);
  });
});

describe('the policy of a route', () => {
  const status = async (path: string, groups: string[] | undefined, more: Record<string, unknown> = {}) => {
    const response = await app.get(path, await pool.access({ 'cognito:groups': groups, ...more }));
    return response.status;
  };

  it.each([
    ['/groups/class', ['admin'], 200],
    ['/groups/class', ['Admin'], 403],
    ['/groups/class', ['administrators'], 403],
    ['/groups/class', ['editor'], 403],
    ['/groups/class', [], 403],
    ['/groups/class', undefined, 403],
    // The handler's rule replaces the class's: an admin is not let in where editors are.
    ['/groups/any', ['admin'], 403],
    ['/groups/any', ['editor'], 200],
    ['/groups/any', ['x', 'writer'], 200],
    ['/groups/all', ['editor'], 403],
    ['/groups/all', ['finance', 'x', 'editor'], 200],
    ['/groups/none', ['editor'], 200],
    ['/groups/none', ['editor', 'suspended'], 403],
    ['/groups/none', ['suspended'], 403],
    ['/groups/none', ['x'], 403],
    ['/groups/anyone', undefined, 200],
    ['/inherited/class', ['editor'], 403],
    ['/inherited/class', ['admin'], 200],
    ['/inherited/any', ['editor'], 200],
  ] as const)('%s with the groups %j is %i', async (path, groups, expected) => {
    expect(await status(path, groups === undefined ? undefined : [...groups])).toBe(expected);
  });

  it('takes no groups from another claim than Cognito’s', async () => {
    expect(await status('/groups/class', undefined, { groups: ['admin'], 'custom:groups': 'admin' })).toBe(
      403,
    );
  });

  it('refuses a groups claim that is no list', async () => {
    expect(await status('/groups/class', 'admin' as unknown as string[])).toBe(401);
  });

  it('says insufficient_scope with 403, and names the scopes where they are lacking', async () => {
    const groups = await app.get('/groups/class', await pool.access());
    expect(groups.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    const body = await groups.text();
    expect(JSON.parse(body)).toMatchObject({ status: 403, code: 'groups_insufficient' });
    expect(body).not.toContain('admin');

    const scopes = await app.get('/open/scoped', await pool.access({ scope: 'api/write' }));
    expect(scopes.status).toBe(403);
    expect(scopes.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="api/read api/write api/admin"',
    );
    expect(await scopes.json()).toMatchObject({ code: 'scopes_insufficient' });
  });

  it.each([
    ['api/read', 403],
    ['api/write', 403],
    ['api/read api/admin', 200],
    ['api/reads api/admins', 403],
    [undefined, 403],
  ] as const)('asks all and any of scopes: %s is %i', async (scope, expected) => {
    expect(await status('/open/scoped', undefined, { scope })).toBe(expected);
    if (scope !== undefined) {
      expect((await app.get('/open/scoped', await pool.machine({ scope }))).status).toBe(expected);
    }
  });

  it('takes an ID token where it asks for one, and nothing else', async () => {
    expect((await app.get('/open/id', await pool.id())).status).toBe(200);
    const response = await app.get('/open/id', await pool.access());
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('an ID token is needed');
  });

  it('asks for another client', async () => {
    expect(await status('/open/other-client', undefined, { client_id: 'client2' })).toBe(200);
    expect(await status('/open/other-client', undefined)).toBe(403);
  });

  it('asks to sign in again when the sign-in is too old (RFC 9470)', async () => {
    expect(await status('/open/fresh', undefined, { auth_time: nowS() - 30 })).toBe(200);
    expect(await status('/open/fresh', undefined, { auth_time: undefined })).toBe(401);
    const response = await app.get('/open/fresh', await pool.access({ auth_time: nowS() - 120 }));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_user_authentication", .*max_age="60"$/,
    );
    expect(await response.json()).toMatchObject({ code: 'auth_too_old' });
  });

  it('is every part of two decorators together', async () => {
    expect(await status('/groups/combined', ['editor'])).toBe(200);
    expect(await status('/groups/combined', ['x'])).toBe(403);
    expect(await status('/groups/combined', ['editor'], { auth_time: nowS() - 120 })).toBe(401);
  });
});

describe('a public route', () => {
  it.each(['/open/public', '/groups/public'])('%s lets everybody in', async (path) => {
    expect((await app.get(path)).status).toBe(200);
    expect((await app.get(path, 'rubbish')).status).toBe(200);
    expect((await app.get(path, await pool.access())).status).toBe(200);
  });

  it('has no user: asking for one is a clear error, not somebody else', async () => {
    const response = await app.get('/open/public-user', await pool.access());
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('ada');
  });
});

describe('parameters', () => {
  it('give one property of the user, and the token', async () => {
    const token = await pool.access();
    expect(await (await app.get('/open/sub', token)).json()).toEqual({
      sub: '1f2e3d4c-0000-70de-04fc-be20af92f810',
    });
    expect(await (await app.get('/open/token', token)).json()).toEqual({ token });
  });

  it('are frozen to the bottom', async () => {
    expect(
      await (await app.get('/open/frozen', await pool.access({ 'cognito:groups': ['a'] }))).json(),
    ).toEqual([true, true, true, true]);
  });
});
