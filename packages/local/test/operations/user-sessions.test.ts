import type { SessionDescriptionType } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY, expectError, MINUTE, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
let pool: TestPool;
let users = 0;

const track = (of: TestPool, MaxPerUser = 20, UserSessionTracking: 'ENABLED' | 'DISABLED' = 'ENABLED') =>
  sdk.setUserPoolSessionConfiguration({
    UserPoolId: of.id,
    UserSessionTracking,
    TokenSession: { MaxPerUser },
  });

beforeAll(async () => {
  pool = await TestPool.create(server);
  await track(pool);
});

async function someone(of = pool): Promise<string> {
  const username = `user${users++}`;
  await of.user(username);
  return username;
}

const sessions = async (AccessToken: string) =>
  (await sdk.listUserSessions({ AccessToken })).Sessions as SessionDescriptionType[];
const adminSessions = async (Username: string, of = pool) =>
  (await sdk.adminListUserSessions({ UserPoolId: of.id, Username })).Sessions as SessionDescriptionType[];
const alive = (AccessToken: string) => sdk.getUser({ AccessToken });
const REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'] as const;
const NOT_TRACKED = [
  'OperationNotEnabledException',
  'Session tracking is not enabled for this user pool.',
] as const;

describe('the configuration of sessions', () => {
  it('is off with room for twenty until it is set, whole', async () => {
    const own = await TestPool.create(server);
    const get = async () => {
      const { $metadata, ...rest } = await sdk.getUserPoolSessionConfiguration({ UserPoolId: own.id });
      expect($metadata.httpStatusCode).toBe(200);
      return rest;
    };
    expect(await get()).toEqual({
      UserPoolId: own.id,
      UserSessionTracking: 'DISABLED',
      TokenSession: { MaxPerUser: 20 },
    });
    expect(await track(own, 3)).toMatchObject({
      UserPoolId: own.id,
      UserSessionTracking: 'ENABLED',
      TokenSession: { MaxPerUser: 3 },
    });
    expect(await get()).toEqual({
      UserPoolId: own.id,
      UserSessionTracking: 'ENABLED',
      TokenSession: { MaxPerUser: 3 },
    });
  });

  it('keeps to its bounds, and is not in the LITE tier', async () => {
    const invalid = 'InvalidParameterException';
    const at = "1 validation error detected: Value '";
    await expectError(
      track(pool, 0),
      invalid,
      `${at}0' at 'tokenSession.maxPerUser' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
    await expectError(
      track(pool, 101),
      invalid,
      `${at}101' at 'tokenSession.maxPerUser' failed to satisfy constraint: Member must have value less than or equal to 100`,
    );
    await expectError(
      track(pool, 20, 'MAYBE' as 'ENABLED'),
      invalid,
      `${at}MAYBE' at 'userSessionTracking' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]`,
    );
    const lite = await TestPool.create(server, { UserPoolTier: 'LITE' });
    await expectError(
      track(lite),
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: User Session Tracking',
    );
    const missing = ['ResourceNotFoundException', 'User pool us-east-1_nothing00 does not exist.'] as const;
    const UserPoolId = 'us-east-1_nothing00';
    await expectError(sdk.getUserPoolSessionConfiguration({ UserPoolId }), ...missing);
    await expectError(
      sdk.setUserPoolSessionConfiguration({
        UserPoolId,
        UserSessionTracking: 'ENABLED',
        TokenSession: { MaxPerUser: 1 },
      }),
      ...missing,
    );
  });
});

describe('ListUserSessions and AdminListUserSessions', () => {
  it('show each sign-in of the user, over all clients', async () => {
    const username = await someone();
    const other = await pool.client();
    const start = clock.now();
    const first = await pool.tokens(username);
    clock.advance(MINUTE);
    const second = await other.tokens(username);
    const expected = [
      {
        SessionId: expect.stringMatching(/^tkn[a-z0-9]{25}$/),
        SessionType: 'TOKEN',
        ClientId: other.clientId,
        CreateDate: new Date(start + MINUTE),
        LastActiveDate: new Date(start + MINUTE),
        DeviceType: 'unknown',
        IsCurrentSession: true,
      },
      {
        SessionId: expect.stringMatching(/^tkn[a-z0-9]{25}$/),
        SessionType: 'TOKEN',
        ClientId: pool.clientId,
        CreateDate: new Date(start),
        LastActiveDate: new Date(start),
        DeviceType: 'unknown',
        IsCurrentSession: false,
      },
    ];
    expect(await sessions(second.AccessToken)).toEqual(expected);
    const flags = (await sessions(first.AccessToken)).map(({ IsCurrentSession }) => IsCurrentSession);
    expect(flags).toEqual([false, true]);
    expect(await adminSessions(username)).toEqual(
      expected.map((session) => ({ ...session, IsCurrentSession: false })),
    );
    expect(await adminSessions(await someone())).toEqual([]);
  });

  it('move the last activity with each refresh', async () => {
    const username = await someone();
    const turning = await pool.client({
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED' },
    });
    const tokens = await pool.tokens(username);
    const rotating = await turning.tokens(username);
    const start = clock.now();
    clock.advance(MINUTE);
    await pool.refresh(tokens.RefreshToken);
    clock.advance(MINUTE);
    await sdk.getTokensFromRefreshToken({
      ClientId: turning.clientId,
      RefreshToken: rotating.RefreshToken,
    });
    const shown = await adminSessions(username);
    expect(shown.map(({ ClientId }) => ClientId)).toEqual([turning.clientId, pool.clientId]);
    expect(shown.map(({ LastActiveDate }) => LastActiveDate?.getTime())).toEqual([
      start + 2 * MINUTE,
      start + MINUTE,
    ]);
    expect(shown.map(({ CreateDate }) => CreateDate?.getTime())).toEqual([start, start]);
  });

  it('leave out what was revoked or has expired', async () => {
    const username = await someone();
    const brief = await pool.client({
      RefreshTokenValidity: 1,
      TokenValidityUnits: { RefreshToken: 'hours' },
    });
    await brief.tokens(username);
    const { RefreshToken } = await pool.tokens(username);
    await sdk.revokeToken({ ClientId: pool.clientId, Token: RefreshToken });
    expect((await adminSessions(username)).map(({ ClientId }) => ClientId)).toEqual([brief.clientId]);
    clock.advance(DAY / 24);
    expect(await adminSessions(username)).toEqual([]);
    const { AccessToken } = await pool.tokens(username);
    await sdk.globalSignOut({ AccessToken });
    expect(await adminSessions(username)).toEqual([]);
  });

  it('are there only where sessions are tracked, and for what was since then', async () => {
    const own = await TestPool.create(server);
    const username = await someone(own);
    const { AccessToken } = await own.tokens(username);
    await expectError(sessions(AccessToken), ...NOT_TRACKED);
    await expectError(adminSessions(username, own), ...NOT_TRACKED);
    await track(own);
    expect(await sessions(AccessToken)).toEqual([]);
    const second = await own.tokens(username);
    expect(await sessions(second.AccessToken)).toHaveLength(1);
    await track(own, 20, 'DISABLED');
    await expectError(sessions(AccessToken), ...NOT_TRACKED);
    await track(own);
    expect(await sessions(AccessToken)).toHaveLength(1);
  });

  it('have one page, and so no token', async () => {
    const username = await someone();
    await expectError(
      sdk.adminListUserSessions({ UserPoolId: pool.id, Username: username, NextToken: 'AAQA-x' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
    await expectError(adminSessions('nobody'), 'UserNotFoundException', 'User does not exist.');
    await expectError(sessions('garbage'), 'NotAuthorizedException', 'Invalid Access Token');
  });
});

describe('the maximum of sessions', () => {
  it('makes the one that was used least lately give way', async () => {
    const own = await TestPool.create(server);
    await track(own, 2);
    const username = await someone(own);
    const oldest = await own.tokens(username);
    clock.advance(MINUTE);
    const middle = await own.tokens(username);
    clock.advance(MINUTE);
    await own.refresh(oldest.RefreshToken);
    clock.advance(MINUTE);
    const newest = await own.tokens(username);
    await expectError(alive(middle.AccessToken), ...REVOKED);
    await expectError(
      own.refresh(middle.RefreshToken),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    );
    await alive(oldest.AccessToken);
    await alive(newest.AccessToken);
    expect(await adminSessions(username, own)).toHaveLength(2);
    await track(own, 1);
    expect(await adminSessions(username, own)).toHaveLength(2);
    const only = await own.tokens(username);
    expect(await sessions(only.AccessToken)).toHaveLength(1);
    await expectError(alive(newest.AccessToken), ...REVOKED);
  });

  it('is each user’s own', async () => {
    const own = await TestPool.create(server);
    await track(own, 1);
    const [one, two] = [await someone(own), await someone(own)];
    const { AccessToken } = await own.tokens(one);
    await own.tokens(two);
    await alive(AccessToken);
  });
});

describe('RevokeUserSession and AdminRevokeUserSession', () => {
  it('end one session with its tokens', async () => {
    const username = await someone();
    const lost = await pool.tokens(username);
    const stolen = await pool.tokens(username);
    const here = await pool.tokens(username);
    const idOf = async (AccessToken: string) =>
      (await sessions(AccessToken)).find(({ IsCurrentSession }) => IsCurrentSession)?.SessionId as string;
    const lostId = await idOf(lost.AccessToken);
    const stolenId = await idOf(stolen.AccessToken);
    const answer = await sdk.revokeUserSession({ AccessToken: here.AccessToken, SessionId: lostId });
    expect({ ...answer, $metadata: undefined }).toEqual({ $metadata: undefined });
    await expectError(alive(lost.AccessToken), ...REVOKED);
    await expectError(
      pool.refresh(lost.RefreshToken),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    );
    await alive(stolen.AccessToken);
    await sdk.adminRevokeUserSession({
      UserPoolId: pool.id,
      Username: username,
      SessionId: stolenId,
      RevokeAssociatedSessions: 'LINKED',
    });
    await expectError(alive(stolen.AccessToken), ...REVOKED);
    expect(await sessions(here.AccessToken)).toHaveLength(1);
    const gone = ['ResourceNotFoundException', 'Session does not exist.'] as const;
    await expectError(sdk.revokeUserSession({ AccessToken: here.AccessToken, SessionId: lostId }), ...gone);
    await expectError(
      sdk.adminRevokeUserSession({ UserPoolId: pool.id, Username: username, SessionId: stolenId }),
      ...gone,
    );
  });

  it('reach nobody else’s session, and not the one that asks', async () => {
    const [one, two] = [await someone(), await someone()];
    const { AccessToken } = await pool.tokens(one);
    const other = await pool.tokens(two);
    const [own] = await sessions(AccessToken);
    const [foreign] = await sessions(other.AccessToken);
    const gone = ['ResourceNotFoundException', 'Session does not exist.'] as const;
    await expectError(sdk.revokeUserSession({ AccessToken, SessionId: foreign?.SessionId }), ...gone);
    await expectError(
      sdk.adminRevokeUserSession({ UserPoolId: pool.id, Username: one, SessionId: foreign?.SessionId }),
      ...gone,
    );
    await alive(other.AccessToken);
    await expectError(
      sdk.revokeUserSession({ AccessToken, SessionId: own?.SessionId }),
      'InvalidParameterException',
      'The session of the access token itself cannot be revoked.',
    );
    await alive(AccessToken);
  });

  it('know no other way to treat linked sessions', async () => {
    const username = await someone();
    const { AccessToken } = await pool.tokens(username);
    const [session] = await sessions(AccessToken);
    const request = {
      SessionId: session?.SessionId,
      RevokeAssociatedSessions: 'ALL' as 'LINKED',
    };
    const refused = [
      'InvalidParameterException',
      "1 validation error detected: Value 'ALL' at 'revokeAssociatedSessions' failed to satisfy constraint: Member must satisfy enum value set: [NONE, LINKED]",
    ] as const;
    await expectError(sdk.revokeUserSession({ AccessToken, ...request }), ...refused);
    await expectError(
      sdk.adminRevokeUserSession({ UserPoolId: pool.id, Username: username, ...request }),
      ...refused,
    );
  });
});
