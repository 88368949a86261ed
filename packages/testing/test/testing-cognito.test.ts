import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createTestingCognito, type TestingCognito, type TestingCognitoOptions } from '../src/index.js';

describe('createTestingCognito', () => {
  let cognito: TestingCognito;
  beforeAll(async () => {
    cognito = await createTestingCognito();
  });
  beforeEach(() => cognito.reset());
  afterAll(() => cognito.close());

  const usernames = async () => {
    const { Users = [] } = await cognito.sdk.listUsers({ UserPoolId: cognito.userPoolId });
    return Users.map(({ Username }) => Username).sort();
  };

  it('makes users in one call, with their real tokens', async () => {
    const ana = await cognito.createUser({
      username: 'ana',
      groups: ['admin', 'staff'],
      attributes: { email: 'ana@example.com', email_verified: true },
    });
    expect(decodeJwt(ana.accessToken)).toMatchObject({
      iss: `${cognito.endpoint}/${cognito.userPoolId}`,
      username: 'ana',
      sub: ana.sub,
      'cognito:groups': ['admin', 'staff'],
    });
    expect(decodeJwt(ana.idToken)).toMatchObject({ email: 'ana@example.com', email_verified: true });
    expect((await cognito.sdk.getUser({ AccessToken: ana.accessToken })).Username).toBe('ana');
    const { AuthenticationResult } = await cognito.sdk.initiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: cognito.clientId,
      AuthParameters: { REFRESH_TOKEN: ana.refreshToken },
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('signs a user in again, with the groups of now', async () => {
    const ana = await cognito.createUser({ username: 'ana', password: 'Another-Password-2' });
    await cognito.createUser({ username: 'bob', groups: ['admin'] });
    await cognito.sdk.adminAddUserToGroup({
      UserPoolId: cognito.userPoolId,
      Username: 'ana',
      GroupName: 'admin',
    });
    const again = await cognito.signIn(ana);
    expect(decodeJwt(again.accessToken)['cognito:groups']).toEqual(['admin']);
    await expect(cognito.signIn({ username: 'ana', password: 'wrong' })).rejects.toThrow(
      'Incorrect username',
    );
  });

  it('resets to the start and to a checkpoint', async () => {
    await cognito.createUser({ username: 'ana' });
    const withAna = await cognito.checkpoint();
    await cognito.createUser({ username: 'bob' });
    cognito.clock.advance('1h');
    await cognito.reset(withAna);
    expect(await usernames()).toEqual(['ana']);
    await cognito.reset();
    expect(await usernames()).toEqual([]);
    expect(cognito.messages()).toEqual([]);
    expect(Math.abs(cognito.clock.now() - Date.now())).toBeLessThan(60_000);
  });

  it('gives the newest code of a user', async () => {
    const signUp = {
      ClientId: cognito.clientId,
      Username: 'bob',
      Password: 'Test-Password-1',
      UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }],
    };
    await cognito.sdk.signUp(signUp);
    const first = cognito.code('bob');
    await cognito.sdk.resendConfirmationCode({ ClientId: cognito.clientId, Username: 'bob' });
    expect(cognito.messages({ username: 'bob' }).map(({ code }) => code)).toEqual([
      first,
      cognito.code('bob'),
    ]);
    await cognito.sdk.confirmSignUp({ ...signUp, ConfirmationCode: cognito.code('bob') });
    expect(cognito.code('bob@example.com')).toBe(cognito.code('bob'));
    expect(() => cognito.code('ana')).toThrow(
      'Nothing was sent to "ana"; messages went to "bob" (bob@example.com).',
    );
  });

  it('says what is wrong with a user', async () => {
    await cognito.createUser({ username: 'ana' });
    await expect(cognito.createUser({ username: 'ana' })).rejects.toThrow(
      'There is a user "ana" already: reset()',
    );
    await expect(cognito.createUser({ username: '' })).rejects.toThrow(
      '"username" of createUser must be a text',
    );
    await expect(cognito.createUser({ username: 'bob', group: [] } as never)).rejects.toThrow(
      'no option "group"',
    );
    await expect(cognito.createUser({ username: 'bob', groups: 'admin' } as never)).rejects.toThrow(
      '"groups" of createUser must be a list of names, got "admin".',
    );
    const weak = cognito.createUser({ username: 'bob', password: 'weak' });
    await expect(weak).rejects.toThrow('InvalidPasswordException');
    expect(await usernames()).toEqual(['ana']);
  });
});

describe('its options', () => {
  const start = async (options: TestingCognitoOptions) => {
    const cognito = await createTestingCognito(options);
    onTestFinished(() => cognito.close());
    return cognito;
  };

  it('take the pool and the client of a seed, with a secret and the flow that it allows', async () => {
    const cognito = await start({
      seed: {
        pools: [
          {
            name: 'staff',
            id: 'eu-west-1_Staff',
            clients: [
              {
                name: 'back end',
                secret: 'abcdefghijklmnopqrstuvwxyz',
                settings: {
                  ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
                },
              },
            ],
            users: [{ username: 'root', password: 'Root-Password-1' }],
          },
        ],
      },
    });
    expect(cognito).toMatchObject({ userPoolId: 'eu-west-1_Staff', region: 'eu-west-1' });
    expect(cognito.moduleOptions()).toMatchObject({ clientSecret: 'abcdefghijklmnopqrstuvwxyz' });
    const root = await cognito.signIn({ username: 'root', password: 'Root-Password-1' });
    const ana = await cognito.createUser({ username: 'ana' });
    await cognito.reset();
    await expect(cognito.signIn(ana)).rejects.toThrow('User does not exist.');
    expect(decodeJwt(root.accessToken)['username']).toBe('root');
  });

  it('change the pool and the client that there are, and set triggers', async () => {
    const cognito = await start({
      poolSettings: { Policies: { PasswordPolicy: { MinimumLength: 6, RequireSymbols: false } } },
      clientSettings: { AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: 'minutes' } },
      triggers: {
        preTokenGeneration: async (event) => {
          event.response.claimsOverrideDetails = { claimsToAddOrOverride: { tenant: 'acme' } };
          return event;
        },
      },
    });
    const ana = await cognito.createUser({ username: 'ana', password: 'Simple1' });
    const { iat = 0, exp = 0 } = decodeJwt(ana.accessToken);
    expect(exp - iat).toBe(300);
    expect(decodeJwt(ana.idToken)['tenant']).toBe('acme');
  });

  it('make the same ids again', async () => {
    const subs: string[] = [];
    for (let round = 0; round < 2; round++) {
      const cognito = await start({ seededIds: 'a text' });
      subs.push((await cognito.createUser({ username: 'ana' })).sub);
      await cognito.reset();
      subs.push((await cognito.createUser({ username: 'ana' })).sub);
    }
    expect(new Set(subs).size).toBe(1);
  });

  it.each<[object, string]>([
    [{ port: 9229 }, 'createTestingCognito has no option "port"; there is seed, poolSettings'],
    [{ seed: { pools: [] }, poolSettings: {} }, '"seed" must be without other settings'],
    [{ seed: { pools: [] } }, 'There is no user pool; there is: none.'],
    [{ seed: { pools: [{ name: 'a' }] } }, 'There is no client of the pool "a"; there is: none.'],
    [{ poolSettings: { Nonsense: true } }, 'Nonsense'],
  ])('are refused: %j', async (options, message) => {
    await expect(createTestingCognito(options)).rejects.toThrow(message);
  });

  it('leave a challenge to the test, and the user there', async () => {
    const cognito = await start({});
    await cognito.sdk.setUserPoolMfaConfig({
      UserPoolId: cognito.userPoolId,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await expect(cognito.createUser({ username: 'ana' })).rejects.toThrow(
      'Signing in as "ana" asks for MFA_SETUP, which a test has to answer itself',
    );
    const user = { UserPoolId: cognito.userPoolId, Username: 'ana' };
    expect((await cognito.sdk.adminGetUser(user)).UserStatus).toBe('CONFIRMED');
  });
});
