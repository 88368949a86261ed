import {
  DeleteUserCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Controller, Get, Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  CognitoAuthService,
  CognitoGroupsService,
  type CognitoModuleOptions,
  CognitoUsersService,
  CurrentUser,
  createRevocations,
  type RevocationList,
  type Revocations,
} from '../../src/index.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { CognitoApi } from '../../src/services/cognito-api.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { LEGACY_CLIENT, PASSWORD, POOL, startTestCognito, type TestCognito } from '../support/cognito.js';

@Controller()
class Who {
  @Get('me')
  me(@CurrentUser() user: { sub: string; groups: readonly string[] }) {
    return { sub: user.sub, groups: user.groups };
  }
}

/** The methods of a list as an object's own. */
const bound = (list: RevocationList): RevocationList => ({
  isRevoked: (claims) => list.isRevoked(claims),
  revokeToken: (jti) => list.revokeToken(jti),
  revokeSession: (originJti) => list.revokeSession(originJti),
  revokeUser: (...args) => list.revokeUser(...args),
  revokeGroup: (...args) => list.revokeGroup(...args),
});

let test: TestCognito;
beforeAll(async () => {
  test = await startTestCognito();
});
afterAll(() => test.cognito.close());

const start = (adapter: (typeof PLATFORMS)[number][1], options: CognitoModuleOptions = {}) =>
  startApp(
    test.options({ verifier: { now: () => test.clock.now() }, ...options }),
    [Who],
    {},
    undefined,
    adapter(),
  );

describe.each(PLATFORMS)('what the services end, on %s', (platform, adapter) => {
  let app: TestApp;
  let n = 0;
  beforeAll(async () => {
    app = await start(adapter);
  });
  afterAll(() => app.close());
  afterEach(() => vi.restoreAllMocks());

  const users = () => app.nest.get(CognitoUsersService);
  const auth = () => app.nest.get(CognitoAuthService);
  const groups = () => app.nest.get(CognitoGroupsService);
  const api = () => app.nest.get(CognitoApi);

  /** A new user in the group, who can be called by an alias. */
  const newUser = async () => {
    n += 1;
    const username = `${platform.toLowerCase()}-${n}`;
    const email = `${username}@example.com`;
    await users().create({
      username,
      userAttributes: { email, email_verified: true },
      messageAction: 'SUPPRESS',
    });
    await users().setPassword({ username, password: PASSWORD, permanent: true });
    await groups().addUser({ username, groupName: 'admin' });
    return { username, email };
  };
  const signIn = async (username: string) => {
    const result = await auth().signIn({ username, password: PASSWORD });
    if (result.status !== 'signed-in') throw new Error(result.challenge.name);
    return result.tokens;
  };
  const status = async (token: string) => (await app.get('/me', token)).status;

  it.each<[string, (user: { username: string; email: string }, token: string) => Promise<unknown>]>([
    ['globalSignOut', (_, accessToken) => auth().globalSignOut({ accessToken })],
    ['users.globalSignOut', ({ username }) => users().globalSignOut({ username })],
    ['users.globalSignOut by an alias', ({ email }) => users().globalSignOut({ username: email })],
    ['users.disable', ({ username }) => users().disable({ username })],
    ['users.delete', ({ username }) => users().delete({ username })],
    ['users.delete by an alias', ({ email }) => users().delete({ username: email })],
    ['groups.removeUser', ({ username }) => groups().removeUser({ username, groupName: 'admin' })],
    ['DeleteUser', (_, accessToken) => api().run(DeleteUserCommand, 'DeleteUser', { accessToken }, {})],
  ])('%s: every token of the user is refused at the next request, nobody else’s', async (_name, end) => {
    const user = await newUser();
    const bystander = await newUser();
    const [first, second] = [await signIn(user.username), await signIn(user.username)];
    const other = await signIn(bystander.username);
    test.clock.advance(1_500);
    for (const { accessToken } of [first, second, other]) expect(await status(accessToken)).toBe(200);

    await end(user, first.accessToken);
    for (const { accessToken } of [first, second]) {
      const response = await app.get('/me', accessToken);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
      expect(await response.json()).toMatchObject({ code: 'token_invalid' });
    }
    expect(await status(other.accessToken)).toBe(200);
  });

  it('a token that was never seen before is refused, too', async () => {
    const { username } = await newUser();
    const { accessToken } = await signIn(username);
    await users().globalSignOut({ username });
    expect(await status(accessToken)).toBe(401);
  });

  it('a token issued afterwards is accepted: after a sign-out, and after being enabled again', async () => {
    const { username } = await newUser();
    const { accessToken } = await signIn(username);
    await auth().globalSignOut({ accessToken });
    // In the same second, which the embedded Cognito's clock does not leave by itself.
    const again = await signIn(username);
    expect([await status(accessToken), await status(again.accessToken)]).toEqual([401, 200]);
    await auth().globalSignOut({ accessToken: again.accessToken });
    const { accessToken: third, refreshToken = '' } = await signIn(username);
    const { tokens } = await auth().refresh({ username, refreshToken });
    expect(await Promise.all([again.accessToken, third, tokens.accessToken].map(status))).toEqual([
      401, 200, 200,
    ]);

    await users().disable({ username });
    await users().enable({ username });
    expect(await Promise.all([third, tokens.accessToken].map(status))).toEqual([401, 401]);
    expect(await status((await signIn(username)).accessToken)).toBe(200);
  });

  it('after being taken out of a group a refresh gets in, without the group', async () => {
    const { username } = await newUser();
    const { accessToken, refreshToken = '' } = await signIn(username);
    expect(await (await app.get('/me', accessToken)).json()).toMatchObject({ groups: ['admin'] });
    await groups().removeUser({ username, groupName: 'admin' });
    test.clock.advance(1_000);
    const { tokens } = await auth().refresh({ username, refreshToken });
    expect(await status(accessToken)).toBe(401);
    expect(await (await app.get('/me', tokens.accessToken)).json()).toMatchObject({ groups: [] });
  });

  it('deleting a group ends the tokens that name it, and nobody else’s', async () => {
    const { username } = await newUser();
    const groupName = `${platform}-team`;
    await groups().create({ groupName });
    const before = await signIn(username);
    await groups().addUser({ username, groupName });
    const member = await signIn(username);
    test.clock.advance(1_500);
    for (const { accessToken } of [before, member]) expect(await status(accessToken)).toBe(200);

    await groups().delete({ groupName });
    expect(await Promise.all([before, member].map(({ accessToken }) => status(accessToken)))).toEqual([
      200, 401,
    ]);
    const { tokens } = await auth().refresh({ username, refreshToken: member.refreshToken ?? '' });
    expect(await (await app.get('/me', tokens.accessToken)).json()).toMatchObject({ groups: ['admin'] });

    // One of the same name is another group, also in the same second.
    await groups().create({ groupName });
    await groups().addUser({ username, groupName });
    const again = await signIn(username);
    expect(await (await app.get('/me', again.accessToken)).json()).toMatchObject({
      groups: expect.arrayContaining([groupName]),
    });
    expect(await status(member.accessToken)).toBe(401);
    await groups().delete({ groupName });
    expect(await status(again.accessToken)).toBe(401);
    await expect(groups().delete({ groupName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('a new password ends nothing, as in Cognito', async () => {
    const { username } = await newUser();
    const { accessToken } = await signIn(username);
    test.clock.advance(1_000);
    const proposedPassword = `${PASSWORD}-new`;
    await auth().changePassword({ accessToken, previousPassword: PASSWORD, proposedPassword });
    await users().setPassword({ username, password: PASSWORD, permanent: true });
    expect(await status(accessToken)).toBe(200);
  });

  it('RevokeToken ends the access tokens of that session alone', async () => {
    const { username } = await newUser();
    const signInWith = async () =>
      (
        await api().run(
          InitiateAuthCommand,
          'InitiateAuth',
          {
            authFlow: 'USER_PASSWORD_AUTH',
            authParameters: { USERNAME: username, PASSWORD },
            clientId: LEGACY_CLIENT,
          } as never,
          {},
        )
      ).authenticationResult;
    const [mine, other] = [await signInWith(), await signInWith()];
    await api().run(
      RevokeTokenCommand,
      'RevokeToken',
      { token: mine?.refreshToken ?? '', clientId: LEGACY_CLIENT } as never,
      {},
    );
    expect([await status(mine?.accessToken ?? ''), await status(other?.accessToken ?? '')]).toEqual([
      401, 200,
    ]);
  });

  it('RevokeToken of a token that it has not seen says that it cannot tell', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const token = 'eyJjdHkiOiJKV1QifQ.a.b.c.d';
    await api().run(RevokeTokenCommand, 'RevokeToken', { token, clientId: LEGACY_CLIENT } as never, {});
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('has not seen that refresh token'));
    expect(String(warn.mock.calls)).not.toContain(token);
  });

  it('an operation that fails ends nothing', async () => {
    const { username } = await newUser();
    const { accessToken } = await signIn(username);
    test.clock.advance(1_000);
    const elsewhere = { username, groupName: 'x'.repeat(200) };
    await expect(groups().removeUser(elsewhere)).rejects.toThrow();
    await expect(users().delete({ username: 'nobody' })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    await expect(auth().globalSignOut({ accessToken: `${accessToken}x` })).rejects.toThrow();
    expect(await status(accessToken)).toBe(200);
  });

  it('says so when it cannot find out whose tokens to refuse, and the operation stands', async () => {
    const { username } = await newUser();
    const { accessToken } = await signIn(username);
    test.clock.advance(1_000);
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const denied = Object.assign(new Error(`not allowed for ${username}`), { name: 'AccessDeniedException' });
    const { call } = CognitoApi.prototype;
    vi.spyOn(api(), 'call').mockImplementation((operation, send, request) =>
      operation === 'AdminGetUser'
        ? Promise.reject(denied)
        : call.call(api(), operation, send as never, request),
    );
    await users().delete({ username });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^AdminDeleteUser: .* AdminGetUser failed \(AccessDeniedException\)/)],
    ]);
    expect(await status(accessToken)).toBe(200);
  });

  it('blames no permission where no name was given', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await expect(users().delete({ username: undefined } as never)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('the option revocations', () => {
  const [[, express] = []] = PLATFORMS;
  const apps: TestApp[] = [];
  const started = async (options: CognitoModuleOptions) => {
    const app = await start(express as (typeof PLATFORMS)[number][1], options);
    apps.push(app);
    return app;
  };
  afterAll(async () => {
    for (const app of apps) await app.close();
  });
  const ada = async (app: TestApp) => {
    const result = await app.nest.get(CognitoAuthService).signIn({ username: 'ada', password: PASSWORD });
    if (result.status !== 'signed-in') throw new Error(result.challenge.name);
    return result.tokens.accessToken;
  };

  it('false: a token is good until it expires', async () => {
    const app = await started({ revocations: false });
    const token = await ada(app);
    test.clock.advance(1_000);
    await app.nest.get(CognitoUsersService).globalSignOut({ username: 'ada' });
    expect((await app.get('/me', token)).status).toBe(200);
    // Cognito itself knows better.
    await expect(
      app.nest
        .get(CognitoApi)
        .call('GetUser', (client) => client.send(new GetUserCommand({ AccessToken: token }))),
    ).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('a list of the app’s own is asked, and told; two apps that share one know of each other', async () => {
    const revocations = createRevocations({ now: () => test.clock.now() });
    const [one, two] = [await started({ revocations }), await started({ revocations })];
    const token = await ada(one);
    test.clock.advance(1_000);
    expect((await two.get('/me', token)).status).toBe(200);
    await one.nest.get(CognitoUsersService).globalSignOut({ username: 'ada' });
    for (const app of [one, two]) expect((await app.get('/me', token)).status).toBe(401);
  });

  /** A token of ada's from before a group was made, and one that names it; and the group is deleted. */
  const deletedGroup = async (app: TestApp, groupName: string) => {
    const groups = app.nest.get(CognitoGroupsService);
    await groups.create({ groupName });
    const before = await ada(app);
    await groups.addUser({ username: 'ada', groupName });
    const member = await ada(app);
    test.clock.advance(1_000);
    await groups.delete({ groupName });
    return { before, member };
  };

  it('a list of the app’s own hears of a deleted group, and so do all that share it', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const revocations = createRevocations({ now: () => test.clock.now() });
    const [one, two] = [await started({ revocations }), await started({ revocations })];
    const { before, member } = await deletedGroup(one, 'shared');
    for (const app of [one, two]) {
      expect((await app.get('/me', before)).status).toBe(200);
      expect((await app.get('/me', member)).status).toBe(401);
    }
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it.each(PLATFORMS)(
    'revokeGroup ends what names a group, as of one deleted elsewhere, on %s',
    async (_, adapter) => {
      const revocations = createRevocations({ now: () => test.clock.now() });
      const app = await start(adapter, { revocations });
      apps.push(app);
      const token = await ada(app);
      test.clock.advance(1_000);
      revocations.revokeGroup(POOL, 'Admin');
      revocations.revokeGroup('eu-central-1_another', 'admin');
      expect((await app.get('/me', token)).status).toBe(200);
      revocations.revokeGroup(POOL, 'admin');
      expect((await app.get('/me', token)).status).toBe(401);
      // Who is in the group still, goes on with a new token; one of the same second may be from before.
      test.clock.advance(1_000);
      expect((await app.get('/me', await ada(app))).status).toBe(200);
    },
  );

  it('of a list without revokeGroup this process remembers a deleted group, and says so', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { revokeGroup: _, ...revocations } = bound(createRevocations({ now: () => test.clock.now() }));
    const app = await started({ revocations });
    const { before, member } = await deletedGroup(app, 'passing');
    expect([(await app.get('/me', before)).status, (await app.get('/me', member)).status]).toEqual([
      200, 401,
    ]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^DeleteGroup: .* by this process alone/),
    );
    warn.mockRestore();
    // The list is asked as before.
    revocations.revokeSession(
      (JSON.parse(atob(before.split('.')[1] ?? '')) as { origin_jti: string }).origin_jti,
    );
    expect((await app.get('/me', before)).status).toBe(401);
  });

  it('a source that can be asked only is asked, and what the services end is kept beside it', async () => {
    test.clock.advance(1_000);
    const revoked = new Set<string>();
    const revocations: Revocations = { isRevoked: ({ jti }) => revoked.has(jti ?? '') };
    const app = await started({ revocations });
    const [one, two] = [await ada(app), await ada(app)];
    test.clock.advance(1_000);
    expect((await app.get('/me', one)).status).toBe(200);
    revoked.add((JSON.parse(atob(one.split('.')[1] ?? '')) as { jti: string }).jti);
    expect([(await app.get('/me', one)).status, (await app.get('/me', two)).status]).toEqual([401, 200]);
    await app.nest.get(CognitoUsersService).globalSignOut({ username: 'ada' });
    expect((await app.get('/me', two)).status).toBe(401);
  });

  it('a list that cannot be written to fails the call, which Cognito has done all the same', async () => {
    const list = createRevocations({ now: () => test.clock.now() });
    const revocations = Object.assign(Object.create(list), {
      isRevoked: () => false,
      revokeToken: () => {},
      revokeSession: () => {},
      revokeUser: () => Promise.reject(new Error('no connection to the list')),
    });
    const app = await started({ revocations });
    await expect(app.nest.get(CognitoUsersService).globalSignOut({ username: 'ada' })).rejects.toThrow(
      'no connection',
    );
  });

  const resolve = (revocations: unknown) => () =>
    resolveOptions({ userPoolId: 'eu-central-1_x', clientId: 'c', revocations: revocations as never }, {});
  it.each<[unknown, string]>([
    [true, '"revocations" must be false, or an object with a method "isRevoked", got true'],
    [null, '"revocations" must be false, or an object'],
    [{}, '"revocations" must be false, or an object'],
    [{ isRevoked: true }, '"revocations" must be false, or an object'],
    [
      { isRevoked: () => false, revokeUser: () => {} },
      '"revocations" has some methods of a RevocationList but not revokeToken and revokeSession',
    ],
    [
      { isRevoked: () => false, revokeGroup: () => {} },
      '"revocations" has some methods of a RevocationList but not revokeToken and revokeSession and revokeUser',
    ],
  ])('refuses %j', (given, message) => {
    expect(resolve(given)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(resolve(given)).toThrow(message);
  });
});
