import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, expectError, HOUR, MINUTE, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const NEW = 'Brand-new1';
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, {
    Schema: [{ Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true }],
  });
  await pool.user('amy', { email: 'amy@example.com', nickname: 'A', 'dev:custom:secret': 'x' });
});

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The token with other claims or header, signed by somebody else. */
function forged(token: string, claims: object = {}, header: object = {}): string {
  const parts = decode(token);
  const text = `${base64url({ ...parts.header, ...header })}.${base64url({ ...parts.claims, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), stranger.privateKey).toString('base64url')}`;
}

const INVALID = ['NotAuthorizedException', 'Invalid Access Token'] as const;
const FORGED = ['NotAuthorizedException', 'Could not verify signature for Access Token'] as const;
const REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'] as const;

describe.each([
  ['GetUser', (AccessToken: string) => sdk.getUser({ AccessToken })],
  ['GlobalSignOut', (AccessToken: string) => sdk.globalSignOut({ AccessToken })],
  [
    'ChangePassword',
    (AccessToken: string) =>
      sdk.changePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: PASSWORD }),
  ],
] as const)('%s takes an access token only if it', (name, call) => {
  const username = (what: string) => `${name}-${what}`;

  it('is one: no garbage, no ID token, of a pool that is here', async () => {
    await pool.user(username('kind'));
    const { IdToken, AccessToken } = await pool.tokens(username('kind'));
    for (const token of [
      'garbage',
      'a.b.c',
      IdToken,
      forged(AccessToken, { iss: `${server.cognito.endpoint}/us-east-1_nothing00` }),
      forged(AccessToken, { iss: undefined }),
    ]) {
      await expectError(call(token), ...INVALID);
    }
  });

  it('has the signature of the key for access tokens of its pool', async () => {
    await pool.user(username('forged'));
    const { AccessToken, IdToken } = await pool.tokens(username('forged'));
    const [header, payload, signature] = AccessToken.split('.') as [string, string, string];
    const unsigned = `${base64url({ alg: 'none' })}.${payload}.`;
    const claims = decode(AccessToken).claims;
    const [, idPayload, idSignature] = IdToken.split('.') as [string, string, string];
    const idKid = decode(IdToken).header['kid'];
    for (const token of [
      forged(AccessToken),
      forged(AccessToken, { username: 'amy' }),
      unsigned,
      `${header}.${base64url({ ...claims, exp: 9e9 })}.${signature}`,
      `${header}.${payload}.${idSignature}`,
      `${base64url({ kid: idKid, alg: 'RS256' })}.${payload}.${signature}`,
      `${base64url({ kid: decode(AccessToken).header['kid'], alg: 'HS256' })}.${payload}.${signature}`,
    ]) {
      await expectError(call(token), ...FORGED);
    }
    expect(idPayload).toBeDefined();
  });

  it('is of this pool and not of another', async () => {
    const other = await TestPool.create(server);
    await other.user('amy');
    const { AccessToken } = await other.tokens('amy');
    const moved = AccessToken.split('.');
    moved[1] = base64url({ ...decode(AccessToken).claims, iss: `${server.cognito.endpoint}/${pool.id}` });
    await expectError(call(moved.join('.')), ...FORGED);
  });

  it('has not expired', async () => {
    await pool.user(username('late'));
    const client = await pool.client({
      AccessTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes' },
    });
    const { AccessToken } = await client.tokens(username('late'));
    const exp = Number(decode(AccessToken).claims['exp']) * 1000;
    clock.advance(exp - clock.now());
    await expectError(call(AccessToken), 'NotAuthorizedException', 'Access Token has expired');
  });

  it('has not been revoked, disabled or left behind', async () => {
    const Username = username('revoked');
    await pool.user(Username);
    const first = await pool.tokens(Username);
    await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username });
    await expectError(call(first.AccessToken), ...REVOKED);
    const second = await pool.tokens(Username);
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username });
    await expectError(call(second.AccessToken), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username });
    await expectError(call(second.AccessToken), 'UserNotFoundException', 'User does not exist.');
    await sdk.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD });
    await expectError(call(second.AccessToken), 'UserNotConfirmedException', 'User is not confirmed.');
    await sdk.adminConfirmSignUp({ UserPoolId: pool.id, Username });
    await expectError(call(second.AccessToken), 'NotAuthorizedException', 'Invalid access token.');
  });

  it('belongs to a sign-in that ended, even where tokens cannot be revoked one by one', async () => {
    const Username = username('norevoke');
    await pool.user(Username);
    const client = await pool.client({ EnableTokenRevocation: false });
    const { AccessToken } = await client.tokens(Username);
    await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username });
    await expectError(call(AccessToken), ...REVOKED);
  });

  it('or one that was refreshed', async () => {
    const Username = username('refreshed');
    await pool.user(Username);
    const { RefreshToken } = await pool.tokens(Username);
    clock.advance(HOUR);
    const { AuthenticationResult } = await pool.refresh(RefreshToken);
    await call(AuthenticationResult?.AccessToken as string);
  });
});

describe('GetUser', () => {
  it('shows what the client may read', async () => {
    const { AccessToken } = await pool.tokens('amy');
    const { $metadata, ...user } = await sdk.getUser({ AccessToken });
    expect($metadata.httpStatusCode).toBe(200);
    expect(user.Username).toBe('amy');
    expect(record(user.UserAttributes)).toEqual({
      email: 'amy@example.com',
      nickname: 'A',
      sub: expect.any(String),
    });
    expect(user.UserAttributes?.at(-1)?.Name).toBe('sub');
    const narrow = await pool.client({ ReadAttributes: ['email'] });
    const few = await sdk.getUser({ AccessToken: (await narrow.tokens('amy')).AccessToken });
    expect(few.UserAttributes?.map(({ Name }) => Name)).toEqual(['email', 'sub']);
  });

  it("goes by the user's state now", async () => {
    await pool.user('changing');
    const { AccessToken } = await pool.tokens('changing');
    await sdk.adminSetUserPassword({ UserPoolId: pool.id, Username: 'changing', Password: NEW });
    expect((await sdk.getUser({ AccessToken })).Username).toBe('changing');
  });
});

describe('GlobalSignOut', () => {
  it('ends every session of the user and of nobody else', async () => {
    await pool.user('leaver');
    const [first, second, amy] = [
      await pool.tokens('leaver'),
      await pool.tokens('leaver'),
      await pool.tokens('amy'),
    ];
    await sdk.globalSignOut({ AccessToken: first.AccessToken });
    for (const { AccessToken, RefreshToken } of [first, second]) {
      await expectError(sdk.getUser({ AccessToken }), ...REVOKED);
      await expectError(
        pool.refresh(RefreshToken),
        'NotAuthorizedException',
        'Refresh Token has been revoked',
      );
    }
    await expectError(sdk.globalSignOut({ AccessToken: first.AccessToken }), ...REVOKED);
    await sdk.getUser({ AccessToken: amy.AccessToken });
    await sdk.getUser({ AccessToken: (await pool.tokens('leaver')).AccessToken });
  });
});

describe('ChangePassword', () => {
  const change = (AccessToken: string, PreviousPassword: string | undefined, ProposedPassword = NEW) =>
    sdk.changePassword({ AccessToken, PreviousPassword, ProposedPassword });

  it('replaces the password and ends no session', async () => {
    await pool.user('bob');
    const { AccessToken, RefreshToken } = await pool.tokens('bob');
    clock.advance(MINUTE);
    await change(AccessToken, PASSWORD);
    await pool.signIn('bob', NEW);
    await expectError(pool.signIn('bob'), 'NotAuthorizedException', 'Incorrect username or password.');
    await sdk.getUser({ AccessToken });
    await pool.refresh(RefreshToken);
    expect(await pool.get('bob')).toMatchObject({
      UserStatus: 'CONFIRMED',
      UserLastModifiedDate: new Date(clock.now()),
    });
  });

  it('wants the password from before, and gives up after five wrong ones in an hour', async () => {
    await pool.user('cat');
    const { AccessToken } = await pool.tokens('cat');
    for (const previous of ['wrong-1', 'wrong-2', 'wrong-3', 'wrong-4', undefined]) {
      await expectError(
        change(AccessToken, previous),
        'NotAuthorizedException',
        'Incorrect username or password.',
      );
    }
    await expectError(
      change(AccessToken, PASSWORD),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
    clock.advance(HOUR);
    await change((await pool.tokens('cat')).AccessToken, PASSWORD);
  });

  it('holds the new password against policy and history', async () => {
    const strict = await TestPool.create(server, {
      Policies: { PasswordPolicy: { MinimumLength: 6, PasswordHistorySize: 3 } },
    });
    await strict.invited('u');
    const { Session } = await strict.signIn('u');
    const { AuthenticationResult } = await sdk.respondToAuthChallenge({
      ClientId: strict.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'u', NEW_PASSWORD: NEW },
    });
    const AccessToken = AuthenticationResult?.AccessToken as string;
    await expectError(
      change(AccessToken, NEW, 'abcde'),
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
    );
    await expectError(
      change(AccessToken, NEW, PASSWORD),
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used',
    );
    const { AccessToken: amy } = await pool.tokens('amy');
    await expectError(
      change(amy, PASSWORD, 'longbutplain'),
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have uppercase characters',
    );
  });
});

describe('two servers', () => {
  it("do not take each other's tokens for their own", async () => {
    const { AccessToken } = await pool.tokens('amy');
    const { sdk: elsewhere } = await serve();
    await expectError(elsewhere.getUser({ AccessToken }), ...INVALID);
  });
});
