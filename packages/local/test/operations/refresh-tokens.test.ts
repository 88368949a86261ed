import type { CreateUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY, decode, expectError, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const SECOND = 1000;
let pool: TestPool;
let secret: TestPool;
let strict: TestPool;
let graceful: TestPool;
let users = 0;

const FLOWS = ['ALLOW_USER_PASSWORD_AUTH'] as const;
const rotating = (RetryGracePeriodSeconds?: number): Partial<CreateUserPoolClientRequest> => ({
  ExplicitAuthFlows: [...FLOWS],
  RefreshTokenRotation: {
    Feature: 'ENABLED',
    ...(RetryGracePeriodSeconds !== undefined && { RetryGracePeriodSeconds }),
  },
});

beforeAll(async () => {
  pool = await TestPool.create(server);
  secret = await pool.client({ GenerateSecret: true });
  strict = await pool.client(rotating());
  graceful = await pool.client(rotating(10));
});

async function signedIn(client: TestPool) {
  const username = `user${users++}`;
  await pool.user(username);
  return { username, ...(await client.tokens(username)) };
}

async function next(client: TestPool, RefreshToken: string, more: object = {}) {
  const { AuthenticationResult } = await sdk.getTokensFromRefreshToken({
    ClientId: client.clientId,
    RefreshToken,
    ...more,
  });
  return AuthenticationResult as { AccessToken: string; IdToken: string; RefreshToken: string };
}

const revoke = (client: TestPool, Token: string, more: object = {}) =>
  sdk.revokeToken({ ClientId: client.clientId, Token, ...more });
const alive = (AccessToken: string) => sdk.getUser({ AccessToken });

/** The client with rotation on or off; what an update leaves out returns to its default. */
const setRotation = (client: TestPool, settings: object) =>
  sdk.updateUserPoolClient({
    UserPoolId: client.id,
    ClientId: client.clientId,
    ExplicitAuthFlows: [...FLOWS, 'ALLOW_REFRESH_TOKEN_AUTH'],
    ...settings,
  });

const REUSED = ['RefreshTokenReuseException', 'Refresh token reuse detected'] as const;
const REVOKED = ['NotAuthorizedException', 'Refresh Token has been revoked'] as const;
const ACCESS_REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'] as const;
/** AWS says the type and no more; the SDK makes up a message, so the answer is looked at as it is sent. */
async function expectBareRefusal(client: TestPool, RefreshToken: string) {
  const response = await fetch(server.cognito.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken',
    },
    body: JSON.stringify({ ClientId: client.clientId, RefreshToken }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toBe('{"__type":"NotAuthorizedException"}');
}

describe('GetTokensFromRefreshToken', () => {
  it('gives new access and ID tokens of the same sign-in', async () => {
    const user = await signedIn(pool);
    clock.advance(60 * SECOND);
    const { $metadata, AuthenticationResult, ...rest } = await sdk.getTokensFromRefreshToken({
      ClientId: pool.clientId,
      RefreshToken: user.RefreshToken,
    });
    expect($metadata.httpStatusCode).toBe(200);
    expect(rest).toEqual({});
    expect(AuthenticationResult).toEqual({
      AccessToken: expect.any(String),
      IdToken: expect.any(String),
      ExpiresIn: 3600,
      TokenType: 'Bearer',
    });
    const before = decode(user.AccessToken).claims;
    const after = decode(AuthenticationResult?.AccessToken).claims;
    for (const kept of ['origin_jti', 'event_id', 'auth_time', 'sub', 'client_id', 'scope']) {
      expect(after[kept]).toEqual(before[kept]);
    }
    expect(after['iat']).toBe(Number(before['iat']) + 60);
    expect(after['jti']).not.toBe(before['jti']);
    await alive(user.AccessToken);
    await alive(AuthenticationResult?.AccessToken as string);
    await next(pool, user.RefreshToken);
  });

  it('shows groups as they are now', async () => {
    const user = await signedIn(pool);
    await sdk.createGroup({ UserPoolId: pool.id, GroupName: 'late' });
    await sdk.adminAddUserToGroup({ UserPoolId: pool.id, GroupName: 'late', Username: user.username });
    const { IdToken } = await next(pool, user.RefreshToken);
    expect(decode(IdToken).claims['cognito:groups']).toEqual(['late']);
  });

  it('wants the secret in clear of a client that has one, and ignores one of a client that has none', async () => {
    const user = await signedIn(pool);
    await next(pool, user.RefreshToken, { ClientSecret: 'whatever_it_may_be_in_here' });
    const { clientId, clientSecret } = secret;
    await pool.user('keeper');
    const { createHmac } = await import('node:crypto');
    const SECRET_HASH = createHmac('sha256', clientSecret as string)
      .update(`keeper${clientId}`)
      .digest('base64');
    const { AuthenticationResult } = await secret.signIn('keeper', PASSWORD, { SECRET_HASH });
    const token = AuthenticationResult?.RefreshToken as string;
    await expectError(
      next(secret, token),
      'NotAuthorizedException',
      `Client ${clientId} is configured for secret but secret was not received`,
    );
    for (const ClientSecret of [`${clientSecret}x`, 'wrong_wrong_wrong_wrong_1']) {
      await expectError(
        next(secret, token, { ClientSecret }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${clientId}`,
      );
    }
    await next(secret, token, { ClientSecret: clientSecret });
  });

  it('refuses a token that is none, another’s, or of another pool', async () => {
    const user = await signedIn(pool);
    const invalid = ['NotAuthorizedException', 'Invalid Refresh Token'] as const;
    await expectError(next(pool, 'garbage'), ...invalid);
    await expectError(next(pool, user.AccessToken), ...invalid);
    const other = await TestPool.create(server);
    await expectError(next(other, user.RefreshToken), ...invalid);
    await expectError(
      next(strict, user.RefreshToken),
      'NotAuthorizedException',
      'Refresh Token has different Client',
    );
    await expectError(
      sdk.getTokensFromRefreshToken({ ClientId: 'nothing', RefreshToken: user.RefreshToken }),
      'ResourceNotFoundException',
      'User pool client nothing does not exist.',
    );
  });

  it('refuses a token whose user is disabled, signed out or gone', async () => {
    const user = await signedIn(pool);
    const name = { UserPoolId: pool.id, Username: user.username };
    await sdk.adminUserGlobalSignOut(name);
    await expectError(next(pool, user.RefreshToken), ...REVOKED);
    await sdk.adminDisableUser(name);
    await expectError(next(pool, user.RefreshToken), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminEnableUser(name);
    await expectError(next(pool, user.RefreshToken), ...REVOKED);
    await sdk.adminDeleteUser(name);
    await expectError(
      next(pool, user.RefreshToken),
      'NotAuthorizedException',
      'The user has been deleted for the associated refresh token',
    );
  });

  it('refuses a token that has expired, rotated or not', async () => {
    const brief = { RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: 'hours' } } as const;
    const expired = ['NotAuthorizedException', 'Refresh Token has expired'] as const;
    const still = await pool.client(brief);
    const turning = await pool.client({ ...rotating(), ...brief });
    const one = await signedIn(still);
    const two = await signedIn(turning);
    clock.advance(DAY / 24 - SECOND);
    await next(still, one.RefreshToken);
    const child = await next(turning, two.RefreshToken);
    clock.advance(SECOND);
    await expectError(next(still, one.RefreshToken), ...expired);
    // A child lives no longer than the token that the sign-in began with.
    await expectError(next(turning, child.RefreshToken), ...expired);
  });
});

describe('rotation', () => {
  it('hands out another refresh token each time, of the same family', async () => {
    const user = await signedIn(strict);
    const child = await next(strict, user.RefreshToken);
    const grandchild = await next(strict, child.RefreshToken);
    expect(new Set([user.RefreshToken, child.RefreshToken, grandchild.RefreshToken]).size).toBe(3);
    const origin = decode(user.AccessToken).claims['origin_jti'];
    expect(decode(grandchild.AccessToken).claims['origin_jti']).toBe(origin);
    for (const { AccessToken } of [user, child, grandchild]) await alive(AccessToken);
  });

  it('is no matter of InitiateAuth', async () => {
    const user = await signedIn(strict);
    await expectError(
      strict.refresh(user.RefreshToken),
      'UnsupportedOperationException',
      'This API does not support refresh token rotation',
    );
    await next(strict, user.RefreshToken);
  });

  it('detects reuse, which costs the family nothing', async () => {
    const user = await signedIn(strict);
    const child = await next(strict, user.RefreshToken);
    await expectError(next(strict, user.RefreshToken), ...REUSED);
    await expectError(next(strict, user.RefreshToken), ...REUSED);
    await alive(user.AccessToken);
    await next(strict, child.RefreshToken);
  });

  it('lets one of two at the same time through', async () => {
    const user = await signedIn(strict);
    const answers = await Promise.allSettled([1, 2, 3].map(() => next(strict, user.RefreshToken)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lets the parent be used again within the grace period, for another child in place of the first', async () => {
    const user = await signedIn(graceful);
    const first = await next(graceful, user.RefreshToken);
    clock.advance(9 * SECOND);
    const second = await next(graceful, user.RefreshToken);
    expect(second.RefreshToken).not.toBe(first.RefreshToken);
    await expectError(next(graceful, first.RefreshToken), ...REUSED);
    // The period runs from the first use.
    clock.advance(SECOND);
    await expectError(next(graceful, user.RefreshToken), ...REUSED);
    await next(graceful, second.RefreshToken);
  });

  it('honours one generation back and no more', async () => {
    const user = await signedIn(graceful);
    const child = await next(graceful, user.RefreshToken);
    await next(graceful, child.RefreshToken);
    await expectError(next(graceful, user.RefreshToken), ...REUSED);
    const again = await next(graceful, child.RefreshToken);
    await next(graceful, again.RefreshToken);
  });

  it('ends for the whole family with any token of it, and for no other family', async () => {
    for (const which of [0, 1, 2]) {
      const user = await signedIn(strict);
      const other = await strict.tokens(user.username);
      const child = await next(strict, user.RefreshToken);
      const grandchild = await next(strict, child.RefreshToken);
      const family = [user, child, grandchild];
      await revoke(strict, (family[which] as typeof child).RefreshToken);
      for (const { AccessToken, RefreshToken } of family) {
        await expectError(alive(AccessToken), ...ACCESS_REVOKED);
        await expectBareRefusal(strict, RefreshToken);
      }
      await alive(other.AccessToken);
      await next(strict, other.RefreshToken);
    }
  });

  it('begins for tokens that are there when it is switched on', async () => {
    const client = await pool.client();
    const user = await signedIn(client);
    expect((await next(client, user.RefreshToken)).RefreshToken).toBeUndefined();
    await setRotation(client, rotating());
    const child = await next(client, user.RefreshToken);
    expect(child.RefreshToken).toBeDefined();
    await expectError(next(client, user.RefreshToken), ...REUSED);
  });

  it('switched off, leaves the newest token good and the others revoked', async () => {
    const client = await pool.client(rotating(60));
    const user = await signedIn(client);
    const child = await next(client, user.RefreshToken);
    await setRotation(client, {});
    const renewed = await next(client, child.RefreshToken);
    expect(renewed.RefreshToken).toBeUndefined();
    await client.refresh(child.RefreshToken);
    await expectError(next(client, user.RefreshToken), ...REVOKED);
    await expectError(client.refresh(user.RefreshToken), ...REVOKED);
  });

  it('switched off, leaves new access tokens out of reach of RevokeToken, not of a sign-out', async () => {
    const client = await pool.client(rotating());
    const user = await signedIn(client);
    const child = await next(client, user.RefreshToken);
    await setRotation(client, {});
    const renewed = await next(client, child.RefreshToken);
    const before = decode(user.AccessToken).claims;
    const after = decode(renewed.AccessToken).claims;
    expect(after['origin_jti']).not.toBe(before['origin_jti']);
    expect(decode(renewed.IdToken).claims['origin_jti']).toBe(after['origin_jti']);
    expect(after).toMatchObject({ event_id: before['event_id'], auth_time: before['auth_time'] });
    await revoke(client, user.RefreshToken);
    await expectError(next(client, child.RefreshToken), ...REVOKED);
    await expectError(alive(child.AccessToken), ...ACCESS_REVOKED);
    await alive(renewed.AccessToken);
    await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username: user.username });
    await expectError(alive(renewed.AccessToken), ...ACCESS_REVOKED);
  });
});

describe('RevokeToken', () => {
  it('ends the sign-in and no other of the user', async () => {
    const user = await signedIn(pool);
    const other = await pool.tokens(user.username);
    const renewed = await next(pool, user.RefreshToken);
    const { $metadata, ...body } = await revoke(pool, user.RefreshToken);
    expect(body).toEqual({});
    expect($metadata.httpStatusCode).toBe(200);
    await expectError(alive(user.AccessToken), ...ACCESS_REVOKED);
    await expectError(alive(renewed.AccessToken), ...ACCESS_REVOKED);
    await expectError(next(pool, user.RefreshToken), ...REVOKED);
    await expectError(pool.refresh(user.RefreshToken), ...REVOKED);
    await alive(other.AccessToken);
    await pool.refresh(other.RefreshToken);
  });

  it('takes sessions of hosted pages along, of which there are none, and knows no other way', async () => {
    const user = await signedIn(pool);
    const request = { ClientId: pool.clientId, Token: user.RefreshToken };
    await expectError(
      sdk.revokeToken({ ...request, RevokeAssociatedSessions: 'ALL' as 'LINKED' }),
      'InvalidParameterException',
      "1 validation error detected: Value 'ALL' at 'revokeAssociatedSessions' failed to satisfy constraint: Member must satisfy enum value set: [NONE, LINKED]",
    );
    await alive(user.AccessToken);
    await sdk.revokeToken({ ...request, RevokeAssociatedSessions: 'LINKED' });
    await expectError(alive(user.AccessToken), ...ACCESS_REVOKED);
  });

  it('minds neither repetition nor a token that it does not know', async () => {
    const user = await signedIn(pool);
    await revoke(pool, user.RefreshToken);
    await revoke(pool, user.RefreshToken);
    await revoke(pool, 'garbage');
    for (const RevokeAssociatedSessions of ['NONE', 'LINKED'] as const) {
      await revoke(pool, user.RefreshToken, { RevokeAssociatedSessions });
    }
  });

  it('wants the secret of a client that has one', async () => {
    const refused = ['UnauthorizedException', 'Invalid client or secret'] as const;
    await expectError(revoke(secret, 'token'), ...refused);
    await expectError(revoke(secret, 'token', { ClientSecret: 'wrong_wrong_wrong_wrong_1' }), ...refused);
    await revoke(secret, 'token', { ClientSecret: secret.clientSecret });
  });

  it('takes refresh tokens of the client only', async () => {
    const user = await signedIn(pool);
    for (const token of [user.AccessToken, user.IdToken]) {
      await expect(revoke(pool, token)).rejects.toMatchObject({ name: 'UnsupportedTokenTypeException' });
    }
    await expectError(revoke(strict, user.RefreshToken), 'UnauthorizedException', 'Invalid client or secret');
    await pool.refresh(user.RefreshToken);
    await expectError(
      sdk.revokeToken({ ClientId: 'nothing', Token: user.RefreshToken }),
      'ResourceNotFoundException',
      'User pool client nothing does not exist.',
    );
  });

  it('is not there for a client whose tokens cannot be revoked', async () => {
    const client = await pool.client({ EnableTokenRevocation: false });
    const user = await signedIn(client);
    await expectError(
      revoke(client, user.RefreshToken),
      'UnsupportedOperationException',
      'This feature is not enabled for this client',
    );
    await alive(user.AccessToken);
  });
});
