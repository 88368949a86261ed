import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { DAY, decode, expectError, HOUR, MINUTE, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
  await pool.user('amy', { email: 'amy@example.com', email_verified: 'true' });
});

const adminSignIn = (more: object = {}) =>
  sdk.adminInitiateAuth({
    UserPoolId: pool.id,
    ClientId: pool.clientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'amy', PASSWORD },
    ...more,
  });

const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const EXCEEDED = ['NotAuthorizedException', 'Password attempts exceeded'] as const;
const UNKNOWN = ['UserNotFoundException', 'User does not exist.'] as const;

describe.each(['USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const)(
  '%s',
  (flow) => {
    const signIn = (username: string, password: string) =>
      flow === 'USER_PASSWORD_AUTH'
        ? pool.signIn(username, password)
        : adminSignIn({ AuthFlow: flow, AuthParameters: { USERNAME: username, PASSWORD: password } });

    it('answers three tokens and their terms', async () => {
      const answer = await signIn('amy', PASSWORD);
      expect(answer.ChallengeParameters).toEqual({});
      expect(answer.AuthenticationResult).toEqual({
        AccessToken: expect.any(String),
        ExpiresIn: 3600,
        IdToken: expect.any(String),
        RefreshToken: expect.stringMatching(
          /^eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ\./,
        ),
        TokenType: 'Bearer',
      });
    });

    it('refuses a wrong password and an unknown user', async () => {
      await expectError(signIn('amy', 'wrong'), ...INCORRECT);
      await expectError(signIn('nobody', PASSWORD), ...UNKNOWN);
      await signIn('amy', PASSWORD);
    });
  },
);

describe('the tokens', () => {
  it('carry exactly the claims of a sign-in through the API, and verify', async () => {
    const issued = clock.now();
    const answer = await pool.signIn('amy');
    const { AccessToken, IdToken } = answer.AuthenticationResult ?? {};
    const response = await fetch(`${server.cognito.endpoint}/${pool.id}/.well-known/jwks.json`);
    const keys = createLocalJWKSet((await response.json()) as Parameters<typeof createLocalJWKSet>[0]);
    const issuer = `${server.cognito.endpoint}/${pool.id}`;
    const { sub } = record((await pool.get('amy')).UserAttributes);
    const s = Math.floor(issued / 1000);

    const access = await jwtVerify(AccessToken as string, keys, { issuer, currentDate: new Date(issued) });
    expect(access.payload).toEqual({
      sub,
      iss: issuer,
      client_id: pool.clientId,
      origin_jti: expect.any(String),
      event_id: answer.$metadata.requestId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: s,
      exp: s + 3600,
      iat: s,
      jti: expect.any(String),
      username: 'amy',
    });
    const id = await jwtVerify(IdToken as string, keys, { issuer, currentDate: new Date(issued) });
    expect(id.payload).toEqual({
      sub,
      email: 'amy@example.com',
      email_verified: true,
      iss: issuer,
      'cognito:username': 'amy',
      origin_jti: access.payload['origin_jti'],
      aud: pool.clientId,
      event_id: answer.$metadata.requestId,
      token_use: 'id',
      auth_time: s,
      exp: s + 3600,
      iat: s,
      jti: expect.any(String),
    });
    expect(id.payload.jti).not.toBe(access.payload.jti);
    expect(access.protectedHeader).toEqual({ kid: expect.any(String), alg: 'RS256' });
    expect(id.protectedHeader).toEqual({ kid: expect.any(String), alg: 'RS256' });
    expect(id.protectedHeader.kid).not.toBe(access.protectedHeader.kid);
  });

  it('live as long as the client says', async () => {
    const client = await pool.client({
      AccessTokenValidity: 10,
      IdTokenValidity: 2,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours' },
    });
    const { AuthenticationResult } = await client.signIn('amy');
    expect(AuthenticationResult?.ExpiresIn).toBe(600);
    const access = decode(AuthenticationResult?.AccessToken).claims;
    const id = decode(AuthenticationResult?.IdToken).claims;
    expect(Number(access['exp']) - Number(access['iat'])).toBe(600);
    expect(Number(id['exp']) - Number(id['iat'])).toBe(7200);
  });

  it('of a client without revocation have no origin_jti and no jti', async () => {
    const client = await pool.client({ EnableTokenRevocation: false });
    const { AccessToken, IdToken } = await client.tokens('amy');
    for (const token of [AccessToken, IdToken]) {
      expect(decode(token).claims).not.toHaveProperty('origin_jti');
      expect(decode(token).claims).not.toHaveProperty('jti');
      expect(decode(token).claims).toHaveProperty('event_id');
    }
  });

  it('show the attributes that the client may read, verified flags as booleans, the rest as strings', async () => {
    const other = await TestPool.create(server, {
      Schema: [
        { Name: 'level', AttributeDataType: 'Number' },
        { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
      ],
    });
    await other.user('bob', {
      email: 'bob@example.com',
      phone_number: '+15550100',
      phone_number_verified: 'false',
      address: 'Main Street 1',
      'custom:level': '7',
      'dev:custom:secret': 'x',
    });
    const all = decode((await other.tokens('bob')).IdToken).claims;
    expect(all).toMatchObject({
      email: 'bob@example.com',
      phone_number: '+15550100',
      phone_number_verified: false,
      address: { formatted: 'Main Street 1' },
      'custom:level': '7',
    });
    expect(all).not.toHaveProperty('email_verified');
    expect(all).not.toHaveProperty('dev:custom:secret');
    const narrow = await other.client({ ReadAttributes: ['email'] });
    const some = decode((await narrow.tokens('bob')).IdToken).claims;
    expect(some).toMatchObject({ email: 'bob@example.com', sub: all['sub'] });
    expect(some).not.toHaveProperty('phone_number');
    expect(some).not.toHaveProperty('custom:level');
  });
});

describe('groups and roles in tokens', () => {
  const ROLE = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  let users = 0;

  /** The ID token's claims of a user in groups of these precedences and roles. */
  async function claimsWith(...groups: { precedence?: number; role?: string }[]) {
    const Username = `member${++users}`;
    await pool.user(Username);
    for (const [index, { precedence, role }] of groups.entries()) {
      const GroupName = `${Username}-${index}`;
      await sdk.createGroup({
        UserPoolId: pool.id,
        GroupName,
        Precedence: precedence,
        RoleArn: role && ROLE(role),
      });
      await sdk.adminAddUserToGroup({ UserPoolId: pool.id, GroupName, Username });
    }
    const tokens = await pool.tokens(Username);
    return { id: decode(tokens.IdToken).claims, access: decode(tokens.AccessToken).claims };
  }

  it('are absent without groups', async () => {
    const { id, access } = await claimsWith();
    expect(id).not.toHaveProperty('cognito:groups');
    expect(id).not.toHaveProperty('cognito:roles');
    expect(access).not.toHaveProperty('cognito:groups');
  });

  it('groups are in both tokens, roles in the ID token only, each role once', async () => {
    const { id, access } = await claimsWith({ precedence: 1, role: 'a' }, { role: 'a' }, { role: 'b' });
    expect(access['cognito:groups']).toHaveLength(3);
    expect(id['cognito:groups']).toEqual(access['cognito:groups']);
    expect((id['cognito:roles'] as string[]).sort()).toEqual([ROLE('a'), ROLE('b')]);
    expect(access).not.toHaveProperty('cognito:roles');
    expect(access).not.toHaveProperty('cognito:preferred_role');
  });

  it.each<[string, { precedence?: number; role?: string }[], string | undefined]>([
    [
      'the lowest precedence decides',
      [
        { precedence: 2, role: 'b' },
        { precedence: 1, role: 'a' },
      ],
      'a',
    ],
    [
      'zero is the lowest',
      [
        { precedence: 1, role: 'b' },
        { precedence: 0, role: 'a' },
      ],
      'a',
    ],
    [
      'two roles at the same precedence decide nothing',
      [
        { precedence: 1, role: 'a' },
        { precedence: 1, role: 'b' },
      ],
      undefined,
    ],
    [
      'the same role twice decides',
      [
        { precedence: 1, role: 'a' },
        { precedence: 1, role: 'a' },
      ],
      'a',
    ],
    ['no precedence, no preference', [{ role: 'a' }], undefined],
    ['a number beats none', [{ role: 'b' }, { precedence: 9, role: 'a' }], 'a'],
    [
      'a group without a role does not stand in the way',
      [{ precedence: 0 }, { precedence: 1, role: 'a' }],
      'a',
    ],
  ])('%s', async (_, groups, preferred) => {
    const { id } = await claimsWith(...groups);
    expect(id['cognito:preferred_role']).toBe(preferred && ROLE(preferred));
  });
});

describe('which flow', () => {
  it("the administrator's are not for InitiateAuth, nor the other way round", async () => {
    for (const AuthFlow of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const) {
      await expectError(
        sdk.initiateAuth({
          ClientId: pool.clientId,
          AuthFlow,
          AuthParameters: { USERNAME: 'amy', PASSWORD },
        }),
        'InvalidParameterException',
        'Initiate Auth method not supported.',
      );
    }
    await expectError(
      adminSignIn({ AuthFlow: 'USER_PASSWORD_AUTH' }),
      'InvalidParameterException',
      'Initiate Auth method not supported.',
    );
  });

  it('a client that lists none allows no passwords', async () => {
    const client = await pool.client({ ExplicitAuthFlows: undefined });
    await expectError(
      client.signIn('amy'),
      'InvalidParameterException',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    );
    await expectError(
      adminSignIn({ ClientId: client.clientId }),
      'InvalidParameterException',
      'Auth flow not enabled for this client',
    );
  });

  it('a client of the old names allows what they name, and refresh', async () => {
    const client = await pool.client({ ExplicitAuthFlows: ['USER_PASSWORD_AUTH'] });
    const { RefreshToken } = await client.tokens('amy');
    await client.refresh(RefreshToken);
    await expectError(
      adminSignIn({ ClientId: client.clientId }),
      'InvalidParameterException',
      'Auth flow not enabled for this client',
    );
    const admin = await pool.client({ ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'] });
    await adminSignIn({ ClientId: admin.clientId });
  });

  it('the other flows are refused in the words of AWS when the client does not allow them', async () => {
    const start = (AuthFlow: 'USER_SRP_AUTH' | 'CUSTOM_AUTH' | 'USER_AUTH', ClientId = pool.clientId) =>
      sdk.initiateAuth({ ClientId, AuthFlow, AuthParameters: { USERNAME: 'amy', SRP_A: 'abc' } });
    await expectError(
      start('USER_SRP_AUTH'),
      'InvalidParameterException',
      'USER_SRP_AUTH is not enabled for the client.',
    );
    await expectError(
      start('CUSTOM_AUTH'),
      'InvalidParameterException',
      'CUSTOM_AUTH is not enabled for the client.',
    );
    const { clientId } = await pool.client({ ExplicitAuthFlows: undefined });
    await expectError(
      start('CUSTOM_AUTH', clientId),
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    );
    await expectError(
      start('USER_AUTH'),
      'InvalidParameterException',
      'USER_AUTH is not enabled for the client.',
    );
  });

  it('wants its parameters', async () => {
    const start = (AuthParameters: Record<string, string> | undefined) =>
      sdk.initiateAuth({ ClientId: pool.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
    await expectError(start(undefined), 'InvalidParameterException', 'Missing required parameter USERNAME');
    await expectError(
      start({ USERNAME: 'amy' }),
      'InvalidParameterException',
      'Missing required parameter PASSWORD',
    );
    await expectError(
      sdk.initiateAuth({ ClientId: pool.clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: {} }),
      'InvalidParameterException',
      'Missing required parameter REFRESH_TOKEN',
    );
  });
});

describe('the client', () => {
  it('has to exist, in the pool that an administrator names', async () => {
    await expectError(
      sdk.initiateAuth({
        ClientId: 'nothing',
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'amy', PASSWORD },
      }),
      'ResourceNotFoundException',
      'User pool client nothing does not exist.',
    );
    const other = await TestPool.create(server);
    await expectError(
      adminSignIn({ ClientId: other.clientId }),
      'ResourceNotFoundException',
      `User pool client ${other.clientId} does not exist in user pool ${pool.id}.`,
    );
    await expectError(
      adminSignIn({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });

  it('with a secret wants its hash, over the name as it was sent', async () => {
    const client = await pool.client({ GenerateSecret: true });
    const secret = client.clientSecret as string;
    await expectError(
      client.signIn('amy'),
      'NotAuthorizedException',
      `Client ${client.clientId} is configured with secret but SECRET_HASH was not received`,
    );
    await expectError(
      client.signIn('amy', PASSWORD, { SECRET_HASH: secretHashOf(secret, 'bob', client.clientId) }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${client.clientId}`,
    );
    await expectError(
      client.signIn('nobody', PASSWORD, { SECRET_HASH: 'x' }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${client.clientId}`,
    );
    await client.signIn('amy', PASSWORD, { SECRET_HASH: secretHashOf(secret, 'amy', client.clientId) });
  });

  it('without a secret ignores one', async () => {
    await pool.signIn('amy', PASSWORD, { SECRET_HASH: 'x' });
  });
});

describe('the state of the user', () => {
  it('UNCONFIRMED is said before the password is looked at', async () => {
    await sdk.signUp({ ClientId: pool.clientId, Username: 'new', Password: PASSWORD });
    for (const password of [PASSWORD, 'wrong']) {
      await expectError(pool.signIn('new', password), 'UserNotConfirmedException', 'User is not confirmed.');
    }
  });

  it('a temporary password is good for as long as the policy says', async () => {
    await pool.invited('late');
    clock.advance(7 * DAY - 1);
    expect((await pool.signIn('late')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    clock.advance(1);
    await expectError(
      pool.signIn('late'),
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
    );
  });

  it('a name that only begins like theirs is not theirs', async () => {
    for (const name of ['amy\0x', 'am', 'amy ', 'AMY']) await expectError(pool.signIn(name), ...UNKNOWN);
  });

  it('a password that was replaced is wrong', async () => {
    await pool.user('changed');
    await sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'changed',
      Password: 'Other1!x',
      Permanent: true,
    });
    await expectError(pool.signIn('changed'), ...INCORRECT);
    await pool.signIn('changed', 'Other1!x');
  });
});

describe('wrong passwords', () => {
  it('lock from the fifth on, twice as long each time; a lock is neither prolonged nor broken', async () => {
    await pool.user('locked');
    for (let i = 0; i < 5; i++) await expectError(pool.signIn('locked', 'wrong'), ...INCORRECT);
    await expectError(pool.signIn('locked', 'wrong'), ...EXCEEDED);
    await expectError(pool.signIn('locked'), ...EXCEEDED);
    clock.advance(1000);
    await expectError(pool.signIn('locked', 'wrong'), ...INCORRECT);
    clock.advance(1999);
    await expectError(pool.signIn('locked'), ...EXCEEDED);
    clock.advance(1);
    await pool.signIn('locked');
    await expectError(pool.signIn('locked', 'wrong'), ...INCORRECT);
    await pool.signIn('locked');
  });

  it('lock for a quarter of an hour at most, and are forgotten after another', async () => {
    await pool.user('stubborn');
    for (let i = 0; i < 5; i++) await expectError(pool.signIn('stubborn', 'wrong'), ...INCORRECT);
    for (let i = 0; i < 12; i++) {
      clock.advance(15 * MINUTE);
      await expectError(pool.signIn('stubborn', 'wrong'), ...INCORRECT);
    }
    clock.advance(15 * MINUTE - 1);
    await expectError(pool.signIn('stubborn'), ...EXCEEDED);
    clock.advance(1 + 15 * MINUTE);
    for (let i = 0; i < 5; i++) await expectError(pool.signIn('stubborn', 'wrong'), ...INCORRECT);
    await expectError(pool.signIn('stubborn'), ...EXCEEDED);
  });

  it('do not touch other users', async () => {
    await pool.user('calm');
    await pool.signIn('calm');
  });
});

describe('PreventUserExistenceErrors ENABLED', () => {
  it('answers for a user who is not there as for one who is, locks included', async () => {
    const client = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });
    await pool.user('there');
    for (const name of ['there', 'not-there']) {
      for (let i = 0; i < 5; i++) await expectError(client.signIn(name, 'wrong'), ...INCORRECT);
      await expectError(client.signIn(name, 'wrong'), ...EXCEEDED);
    }
  });

  it('speaks of what holds for the client, to administrators too', async () => {
    const client = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });
    await expectError(
      adminSignIn({ ClientId: client.clientId, AuthParameters: { USERNAME: 'none', PASSWORD } }),
      ...INCORRECT,
    );
    await expectError(sdk.adminGetUser({ UserPoolId: pool.id, Username: 'none' }), ...UNKNOWN);
  });
});

describe.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'] as const)('%s', (AuthFlow) => {
  const refresh = (client: TestPool, REFRESH_TOKEN: string, more: Record<string, string> = {}) =>
    sdk.initiateAuth({ ClientId: client.clientId, AuthFlow, AuthParameters: { REFRESH_TOKEN, ...more } });

  it('gives new tokens of the same sign-in, and no refresh token', async () => {
    const first = await pool.tokens('amy');
    clock.advance(5 * MINUTE);
    const { AuthenticationResult, ChallengeParameters } = await refresh(pool, first.RefreshToken);
    expect(ChallengeParameters).toEqual({});
    expect(AuthenticationResult).not.toHaveProperty('RefreshToken');
    expect(AuthenticationResult).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    for (const name of ['AccessToken', 'IdToken'] as const) {
      const before = decode(first[name]).claims;
      const after = decode(AuthenticationResult?.[name]).claims;
      for (const kept of ['sub', 'origin_jti', 'event_id', 'auth_time', 'iss', 'scope']) {
        expect(after[kept]).toEqual(before[kept]);
      }
      expect(after['iat']).toBe(Number(before['iat']) + 300);
      expect(after['exp']).toBe(Number(before['exp']) + 300);
      expect(after['jti']).not.toBe(before['jti']);
    }
  });

  it('looks at groups and attributes anew', async () => {
    const name = `fresh-${AuthFlow}`;
    await pool.user(name);
    const { RefreshToken } = await pool.tokens(name);
    await sdk.createGroup({ UserPoolId: pool.id, GroupName: name });
    await sdk.adminAddUserToGroup({ UserPoolId: pool.id, GroupName: name, Username: name });
    const { AuthenticationResult } = await refresh(pool, RefreshToken);
    expect(decode(AuthenticationResult?.AccessToken).claims['cognito:groups']).toEqual([name]);
  });

  it("refuses what is no token, or another pool's, or another client's", async () => {
    const { RefreshToken, AccessToken } = await pool.tokens('amy');
    const other = await TestPool.create(server);
    for (const [client, token] of [
      [pool, 'garbage'],
      [pool, AccessToken],
      [other, RefreshToken],
    ] as const) {
      await expectError(refresh(client, token), 'NotAuthorizedException', 'Invalid Refresh Token');
    }
    await expectError(
      refresh(await pool.client(), RefreshToken),
      'NotAuthorizedException',
      'Refresh Token has different Client',
    );
  });

  it('ends when the token does, however often it was used', async () => {
    const client = await pool.client({
      RefreshTokenValidity: 2,
      TokenValidityUnits: { RefreshToken: 'hours' },
    });
    const { RefreshToken } = await client.tokens('amy');
    clock.advance(2 * HOUR - 1);
    await refresh(client, RefreshToken);
    clock.advance(1);
    await expectError(refresh(client, RefreshToken), 'NotAuthorizedException', 'Refresh Token has expired');
  });

  it('wants the hash over the real username', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email'] }, { GenerateSecret: true });
    await aliases.user('real', { email: 'real@example.com', email_verified: 'true' });
    const hash = (name: string) => secretHashOf(aliases.clientSecret as string, name, aliases.clientId);
    const { AuthenticationResult } = await aliases.signIn('real@example.com', PASSWORD, {
      SECRET_HASH: hash('real@example.com'),
    });
    const token = AuthenticationResult?.RefreshToken as string;
    await expectError(
      refresh(aliases, token),
      'NotAuthorizedException',
      `Client ${aliases.clientId} is configured with secret but SECRET_HASH was not received`,
    );
    await expectError(
      refresh(aliases, token, { SECRET_HASH: hash('real@example.com') }),
      'NotAuthorizedException',
      `SecretHash does not match for the client: ${aliases.clientId}`,
    );
    await refresh(aliases, token, { SECRET_HASH: hash('real') });
  });
});
