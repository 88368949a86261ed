import type { NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from 'vitest';
import { cognitoErrorTable, httpAnswer, type RefreshInput } from '../../src/index.js';
import { invalid, named, PASSWORD, type SignInPool, signedIn, startSignIns } from '../support/sign-in.js';
import { startStub } from '../support/stub.js';

const { clock, pool } = await startSignIns();
const rotation = (RetryGracePeriodSeconds: number) => ({
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds } as const,
  // A client that rotates does not take the flow.
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'] as const,
});
const operations = ({ sent }: SignInPool) => sent.map(({ operation }) => operation);

async function tokensOf(here: SignInPool, username = 'ada') {
  await here.user(username, { email: `${username}@example.com`, email_verified: 'true' });
  const { tokens } = signedIn(
    await here.auth.signIn({ username: `${username}@example.com`, password: PASSWORD }),
  );
  here.sent.length = 0;
  return { ...tokens, refreshToken: tokens.refreshToken as string };
}

describe.each([false, true])('refreshing (client with secret: %s)', (GenerateSecret) => {
  const start = (client: object = {}) => pool({ AliasAttributes: ['email'] }, { GenerateSecret, ...client });

  it('takes the token alone, after a sign-in by an alias', async () => {
    const here = await start();
    const { refreshToken, accessToken } = await tokensOf(here);
    clock.advance(1_000);
    const result = await here.auth.refresh({ refreshToken });
    expect(result).toMatchObject({ status: 'signed-in', username: 'ada', tokens: { tokenType: 'Bearer' } });
    expect(result.tokens.accessToken).not.toBe(accessToken);
    expect(result.tokens).not.toHaveProperty('refreshToken');
    expect(operations(here)).toEqual(['GetTokensFromRefreshToken']);
    await expect(here.auth.refresh({ refreshToken: 'rubbish' })).rejects.toThrow(
      named('NotAuthorizedException', 'Invalid Refresh Token'),
    );
  });

  it.each([false, true])('goes as a sign-in where it is told to (signed: %s)', async (signed) => {
    const here = await start();
    const { refreshToken, accessToken, idToken } = await tokensOf(here);
    const given = { refreshToken, authFlow: 'REFRESH_TOKEN_AUTH', signed } as const;
    for (const name of [{ username: 'ada' }, { accessToken }, { idToken }]) {
      expect(await here.auth.refresh({ ...given, ...name })).toMatchObject({ username: 'ada' });
    }
    const operation = signed ? 'AdminInitiateAuth' : 'InitiateAuth';
    expect(operations(here)).toEqual([operation, operation, operation]);
    expect(here.sent.every(({ request }) => !JSON.stringify(request).includes(accessToken))).toBe(true);
    const alias = () => here.auth.refresh({ ...given, username: 'ada@example.com' });
    const nameless = () => here.auth.refresh(given);
    if (GenerateSecret) {
      const refused = await alias().catch((error: unknown) => error);
      expect(refused).toMatchObject({
        name: 'NotAuthorizedException',
        message: expect.stringContaining('"username" must be the real user name'),
      });
      // The caller's name is wrong, and not the option "clientSecret".
      const { problem } = httpAnswer(refused as NotAuthorizedException, cognitoErrorTable, false);
      expect(problem).toMatchObject({ status: 401, code: 'not_authorized' });
      await expect(nameless()).rejects.toThrow(invalid('needs "username"'));
    } else {
      expect(await alias()).toMatchObject({ username: 'ada' });
      expect(await nameless()).toMatchObject({ username: 'ada' });
    }
  });

  it('follows a client that rotates, and finds that out once', async () => {
    const here = await start(rotation(0));
    let { refreshToken } = await tokensOf(here);
    for (const _ of [1, 2, 3]) {
      const given = { refreshToken, authFlow: 'REFRESH_TOKEN_AUTH', username: 'ada' } as const;
      const { tokens } = await here.auth.refresh(given);
      expect(tokens.refreshToken).not.toBe(refreshToken);
      refreshToken = tokens.refreshToken as string;
    }
    expect(operations(here)).toEqual(['InitiateAuth', ...Array(3).fill('GetTokensFromRefreshToken')]);
  });

  it('shares one call among those who ask at once', async () => {
    const here = await start(rotation(0));
    const { refreshToken } = await tokensOf(here);
    const all = await Promise.all(Array.from({ length: 20 }, () => here.auth.refresh({ refreshToken })));
    expect(new Set(all.map(({ tokens }) => tokens.refreshToken)).size).toBe(1);
    expect(operations(here)).toEqual(['GetTokensFromRefreshToken']);
    // Nobody changes what others have got.
    const [one, other] = all;
    (one as { tokens: { accessToken: string } }).tokens.accessToken = 'changed';
    expect(other?.tokens.accessToken).not.toBe('changed');
    // Later, it is a call of its own, and the token is used up.
    const reuse = Array.from({ length: 3 }, () => here.auth.refresh({ refreshToken }));
    for (const refused of await Promise.allSettled(reuse)) {
      expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'RefreshTokenReuseException' } });
    }
    expect(operations(here)).toHaveLength(2);
  });

  it('shares the call whatever else is asked for, since the token is good once', async () => {
    const here = await start(rotation(0));
    const { refreshToken, accessToken } = await tokensOf(here);
    const asked: RefreshInput[] = [
      { refreshToken, clientMetadata: { a: 'b' } },
      { refreshToken },
      { refreshToken, accessToken },
      { refreshToken, username: 'ada', authFlow: 'REFRESH_TOKEN_AUTH' },
      { refreshToken, clientMetadata: { c: 'd' } },
    ];
    const results = await Promise.all(asked.map((input) => here.auth.refresh(input)));
    expect(new Set(results.map(({ tokens }) => tokens.refreshToken)).size).toBe(1);
    // The first one's.
    expect(here.sent).toMatchObject([{ request: { ClientMetadata: { a: 'b' } } }]);
    const [{ tokens }] = results as [(typeof results)[number]];
    expect(await here.auth.refresh({ refreshToken: tokens.refreshToken as string })).toMatchObject({
      username: 'ada',
    });
  });

  it('shares nothing between tokens, or devices', async () => {
    const here = await start();
    const { refreshToken } = await tokensOf(here);
    const other = await tokensOf(here, 'bob');
    const asked: RefreshInput[] = [
      { refreshToken },
      { refreshToken: other.refreshToken },
      { refreshToken },
      { refreshToken, deviceKey: 'eu-central-1_00000000-0000-0000-0000-000000000000' },
    ];
    const results = await Promise.allSettled(asked.map((input) => here.auth.refresh(input)));
    const usernames = results.map((result) => result.status === 'fulfilled' && result.value.username);
    expect(usernames.slice(0, 3)).toEqual(['ada', 'bob', 'ada']);
    expect(operations(here)).toHaveLength(3);
  });

  it('ends with a revocation, or with a sign-out everywhere', async () => {
    const here = await start();
    const first = await tokensOf(here);
    expect(await here.auth.revokeToken({ token: first.refreshToken })).toBeUndefined();
    await here.auth.revokeToken({ token: first.refreshToken });
    await expect(here.auth.refresh(first)).rejects.toThrow(named('NotAuthorizedException'));
    await expect(here.auth.getUser({ accessToken: first.accessToken })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
    await expect(here.auth.revokeToken({ token: first.accessToken })).rejects.toThrow(
      named('UnsupportedTokenTypeException'),
    );
    const [one, two] = [await tokensOf(here, 'bob'), await tokensOf(here, 'eve')];
    await here.auth.globalSignOut({ accessToken: one.accessToken });
    await expect(here.auth.refresh({ refreshToken: one.refreshToken })).rejects.toThrow(
      named('NotAuthorizedException', 'Refresh Token has been revoked'),
    );
    expect(await here.auth.refresh({ refreshToken: two.refreshToken })).toMatchObject({ username: 'eve' });
  });
});

describe('refreshing', () => {
  const AuthenticationResult = { AccessToken: 'a.eyJ1c2VybmFtZSI6ImFkYSJ9.c', IdToken: 'i', ExpiresIn: 60 };
  const refused = (name: string) => Object.assign(new Error('no'), { name });

  it('falls back where the operation is not known, as in an old emulator, and remembers', async () => {
    const { auth, sent } = await startStub({ InitiateAuth: () => ({ AuthenticationResult }) });
    for (const refreshToken of ['one', 'two']) {
      expect(await auth.refresh({ refreshToken })).toMatchObject({ username: 'ada' });
    }
    expect(sent.map(({ operation }) => operation)).toEqual([
      'GetTokensFromRefreshToken',
      'InitiateAuth',
      'InitiateAuth',
    ]);
  });

  it('does not take a refused token for a refused operation', async () => {
    const { auth, sent } = await startStub({
      GetTokensFromRefreshToken: refused('NotAuthorizedException'),
      InitiateAuth: () => ({ AuthenticationResult }),
    });
    await expect(auth.refresh({ refreshToken: 'x' })).rejects.toThrow(named('NotAuthorizedException'));
    expect(sent).toHaveLength(1);
  });

  it('drops no data about the request in silence', async () => {
    const { auth, sent } = await startStub({
      InitiateAuth: refused('UnsupportedOperationException'),
      GetTokensFromRefreshToken: () => ({ AuthenticationResult }),
    });
    const userContextData = { encodedData: 'd' };
    const told = { refreshToken: 'x', authFlow: 'REFRESH_TOKEN_AUTH', userContextData } as const;
    for (const _ of [1, 2]) {
      await expect(auth.refresh(told)).rejects.toThrow(named('UnsupportedOperationException'));
    }
    expect(sent.map(({ operation }) => operation)).toEqual(['InitiateAuth', 'InitiateAuth']);
    await expect(auth.refresh({ refreshToken: 'x', userContextData } as never)).rejects.toThrow(
      invalid('only with "authFlow"'),
    );
  });

  it('refuses what is no token, and an answer that is none', async () => {
    const { auth } = await startStub({ GetTokensFromRefreshToken: () => ({}) });
    for (const refreshToken of [undefined, 5, null, { a: 1 }]) {
      await expect(auth.refresh({ refreshToken } as never)).rejects.toThrow(
        invalid('"refreshToken" must be'),
      );
    }
    await expect(auth.refresh({ refreshToken: 'x' })).rejects.toThrow(
      expect.objectContaining({ code: 'cognito_response_invalid' }),
    );
  });

  it('hands the device’s key on', async () => {
    const { auth, sent } = await startStub({
      InitiateAuth: () => ({ AuthenticationResult }),
      GetTokensFromRefreshToken: () => ({ AuthenticationResult }),
    });
    await auth.refresh({ refreshToken: 'x', deviceKey: 'k', clientMetadata: { a: 'b' } });
    expect(sent.at(-1)?.request).toEqual({
      ClientId: 'client1',
      RefreshToken: 'x',
      DeviceKey: 'k',
      ClientMetadata: { a: 'b' },
    });
    await auth.refresh({ refreshToken: 'x', deviceKey: 'k', authFlow: 'REFRESH_TOKEN_AUTH' });
    expect(sent.at(-1)?.request).toMatchObject({ AuthParameters: { REFRESH_TOKEN: 'x', DEVICE_KEY: 'k' } });
  });

  it('takes the device’s key from the access token where none is given', async () => {
    const { auth, sent } = await startStub({
      InitiateAuth: () => ({ AuthenticationResult }),
      GetTokensFromRefreshToken: () => ({ AuthenticationResult }),
    });
    const token = (claims: unknown) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    const accessToken = token({ device_key: 'of-token' });
    await auth.refresh({ refreshToken: 'x', accessToken });
    expect(sent.at(-1)?.request).toEqual({ ClientId: 'client1', RefreshToken: 'x', DeviceKey: 'of-token' });
    await auth.refresh({ refreshToken: 'x', accessToken, authFlow: 'REFRESH_TOKEN_AUTH' });
    expect(sent.at(-1)?.request).toMatchObject({ AuthParameters: { DEVICE_KEY: 'of-token' } });
    await auth.refresh({ refreshToken: 'x', accessToken, deviceKey: 'k' });
    expect(sent.at(-1)?.request).toMatchObject({ DeviceKey: 'k' });
    for (const odd of [token({ device_key: 7 }), token(null), token('x'), 'x', 'x.!.x']) {
      await auth.refresh({ refreshToken: 'x', accessToken: odd });
      expect(sent.at(-1)?.request).not.toHaveProperty('DeviceKey');
    }
  });
});
