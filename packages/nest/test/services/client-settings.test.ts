import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import { PASSWORD } from '../support/cognito.js';
import { allRefused, serve } from '../support/served.js';
import { type ClientSettings, type Made, settingsOn } from '../support/settings.js';
import { challenged, signedIn } from '../support/sign-in.js';

/* What CreateUserPoolClient and UpdateUserPoolClient take, and what it does to those who sign in. */

const server = await serve();
const { test } = server;
const { pools, client, plain, clientWays } = await settingsOn(server);

const PARAMETER = 'InvalidParameterException';
const NOT_AUTHORIZED = 'NotAuthorizedException';
const OAUTH = 'InvalidOAuthFlowException';
const username = 'ada';
const password = PASSWORD;
const email = 'ada@example.com';

/** As Cognito gives back what it was given, and no default of it. */
const settings = {
  refreshTokenValidity: 2,
  accessTokenValidity: 10,
  idTokenValidity: 11,
  tokenValidityUnits: { refreshToken: 'days', accessToken: 'minutes', idToken: 'minutes' },
  readAttributes: ['email'],
  writeAttributes: ['nickname'],
  explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
  supportedIdentityProviders: ['COGNITO'],
  callbackURLs: ['https://app.example.com/in'],
  logoutURLs: ['https://app.example.com/out'],
  defaultRedirectURI: 'https://app.example.com/in',
  allowedOAuthFlows: ['code'],
  allowedOAuthScopes: ['openid', 'email'],
  allowedOAuthFlowsUserPoolClient: true,
  analyticsConfiguration: {
    applicationId: '0123456789abcdef0123456789abcdef',
    applicationArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef',
    roleArn: 'arn:aws:iam::123456789012:role/analytics',
    externalId: 'external',
    userDataShared: true,
  },
  preventUserExistenceErrors: 'ENABLED',
  enableTokenRevocation: false,
  enablePropagateAdditionalUserContextData: true,
  authSessionValidity: 5,
  refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 30 },
} satisfies ClientSettings;

/** In seconds. */
function lifetimes(tokens: { accessToken: string; idToken: string }) {
  const of = (token: string) => {
    const { exp = 0, iat = 0 } = decodeJwt(token);
    return exp - iat;
  };
  return { access: of(tokens.accessToken), id: of(tokens.idToken) };
}

const signIn = async ({ auth }: Made) => signedIn(await auth.signIn({ username, password })).tokens;

describe.each(clientWays)('%s', (operation, way, call) => {
  const has = (title: string, body: () => Promise<void>) => test(`${operation} embedded`, title, body);

  test(`${operation} DescribeUserPoolClient embedded`, 'keeps what it is given', async () => {
    const kept = await (await way(settings, { generateSecret: true })).pools.describeClient();
    const usual = await (await way({}, {})).pools.describeClient();
    expect(kept).toMatchObject(settings);
    for (const [member, value] of Object.entries(settings)) {
      expect(usual, member).not.toMatchObject({ [member]: value });
    }
  });

  has('issues tokens for as long as it says, in its units', async () => {
    const made = await way({
      accessTokenValidity: 10,
      idTokenValidity: 11,
      refreshTokenValidity: 120,
      tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'minutes' },
    });
    await made.user(username);
    const { refreshToken = '', ...tokens } = await signIn(made);
    expect(lifetimes(tokens)).toEqual({ access: 600, id: 660 });
    server.advance(119 * 60_000);
    await made.auth.refresh({ refreshToken });
    server.advance(2 * 60_000);
    await allRefused([[NOT_AUTHORIZED, () => made.auth.refresh({ refreshToken })]]);
  });

  has('takes hours and days where it names no units', async () => {
    const made = await way({ accessTokenValidity: 2, idTokenValidity: 3, refreshTokenValidity: 1 });
    await made.user(username);
    const { refreshToken = '', ...tokens } = await signIn(made);
    expect(lifetimes(tokens)).toEqual({ access: 7200, id: 10_800 });
    server.advance(23 * 3_600_000);
    await made.auth.refresh({ refreshToken });
    server.advance(2 * 3_600_000);
    await allRefused([[NOT_AUTHORIZED, () => made.auth.refresh({ refreshToken })]]);
  });

  has('shows and takes the attributes that it names', async () => {
    const made = await way({ readAttributes: ['email'], writeAttributes: ['nickname'] });
    await made.user(username, { email, nickname: 'Ada', given_name: 'Augusta' });
    const { accessToken, idToken } = await signIn(made);
    const { userAttributes } = await made.auth.getUser({ accessToken });
    expect(Object.keys(userAttributes).sort()).toEqual(['email', 'sub']);
    expect(decodeJwt(idToken)).toMatchObject({ email });
    expect(decodeJwt(idToken)).not.toHaveProperty('nickname');
    await made.auth.updateUserAttributes({ accessToken, userAttributes: { nickname: 'A' } });
    await allRefused([
      [
        NOT_AUTHORIZED,
        () => made.auth.updateUserAttributes({ accessToken, userAttributes: { given_name: 'A' } }),
      ],
    ]);
    expect((await made.users.get({ username })).userAttributes).toMatchObject({
      nickname: 'A',
      given_name: 'Augusta',
    });
  });

  has('lets users begin in the ways that it names', async () => {
    const made = await way({ explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
    await made.user(username);
    signedIn(await made.auth.signIn({ username, password, authFlow: 'USER_SRP_AUTH' }));
    await allRefused([
      [PARAMETER, () => made.auth.signIn({ username, password, authFlow: 'USER_PASSWORD_AUTH' })],
      [PARAMETER, () => made.auth.signIn({ username, password, authFlow: 'ADMIN_USER_PASSWORD_AUTH' })],
    ]);
  });

  has('tells who exists, or not', async () => {
    const tells = await way({ preventUserExistenceErrors: 'LEGACY' });
    const hides = await way({ preventUserExistenceErrors: 'ENABLED' });
    await allRefused([
      ['UserNotFoundException', () => tells.signIn('nobody')],
      [NOT_AUTHORIZED, () => hides.signIn('nobody')],
    ]);
  });

  has('revokes tokens, or does not', async () => {
    for (const enableTokenRevocation of [true, false]) {
      const made = await way({ enableTokenRevocation });
      await made.user(username);
      const { accessToken, refreshToken: token = '' } = await signIn(made);
      expect('origin_jti' in decodeJwt(accessToken)).toBe(enableTokenRevocation);
      const revoke = () => made.auth.revokeToken({ token });
      if (enableTokenRevocation) await revoke();
      else await allRefused([['UnsupportedOperationException', revoke]]);
    }
  });

  has('waits for an answer as long as it says', async () => {
    const made = await way({ authSessionValidity: 5 });
    await made.users.create({ username, temporaryPassword: password, messageAction: 'SUPPRESS' });
    const ask = async () =>
      challenged(await made.auth.signIn({ username, password }), 'NEW_PASSWORD_REQUIRED');
    const late = await ask();
    server.advance(5 * 60_000 + 1000);
    const newPassword = 'Brand-new-1';
    await allRefused([[NOT_AUTHORIZED, () => made.auth.respondToChallenge(late, { newPassword })]]);
    const inTime = await ask();
    server.advance(5 * 60_000 - 1000);
    signedIn(await made.auth.respondToChallenge(inTime, { newPassword }));
  });

  has('rotates refresh tokens, with time to try again', async () => {
    const made = await way({
      refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 30 },
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
    });
    await made.user(username);
    const flow = { authFlow: 'USER_SRP_AUTH' } as const;
    const { refreshToken = '' } = signedIn(await made.auth.signIn({ username, password, ...flow })).tokens;
    expect((await made.auth.refresh({ refreshToken })).tokens.refreshToken).not.toBe(refreshToken);
    server.advance(29_000);
    await made.auth.refresh({ refreshToken });
    server.advance(2000);
    await allRefused([['RefreshTokenReuseException', () => made.auth.refresh({ refreshToken })]]);
    const still = await way({ refreshTokenRotation: { feature: 'DISABLED' } });
    await still.user('bob');
    const { tokens } = signedIn(await still.auth.signIn({ username: 'bob', password }));
    const again = await still.auth.refresh({ refreshToken: tokens.refreshToken as string });
    expect(again.tokens).not.toHaveProperty('refreshToken');
  });

  has('keeps the address that an app passes on, or does not', async () => {
    const audit = { userPoolTier: 'PLUS', userPoolAddOns: { advancedSecurityMode: 'AUDIT' } } as const;
    for (const enablePropagateAdditionalUserContextData of [true, false]) {
      const made = await way({ enablePropagateAdditionalUserContextData }, { generateSecret: true }, audit);
      await made.user(username);
      const userContextData = { ipAddress: '192.0.2.1' };
      signedIn(await made.auth.signIn({ username, password, userContextData }));
      const { authEvents } = await made.users.listAuthEvents({ username });
      expect(authEvents.map(({ eventContextData }) => eventContextData?.ipAddress)).toEqual([
        enablePropagateAdditionalUserContextData ? '192.0.2.1' : undefined,
      ]);
    }
  });

  const wrong: readonly [type: string, settings: ClientSettings][] = [
    [PARAMETER, { accessTokenValidity: 25 }],
    [PARAMETER, { idTokenValidity: 25 }],
    [PARAMETER, { refreshTokenValidity: 30, tokenValidityUnits: { refreshToken: 'minutes' } }],
    [PARAMETER, { accessTokenValidity: 4, tokenValidityUnits: { accessToken: 'minutes' } }],
    [PARAMETER, { idTokenValidity: 4, tokenValidityUnits: { idToken: 'minutes' } }],
    [PARAMETER, { readAttributes: ['none'] }],
    [PARAMETER, { writeAttributes: ['email_verified'] }],
    [PARAMETER, { explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }],
    [PARAMETER, { supportedIdentityProviders: ['Elsewhere'] }],
    [PARAMETER, { callbackURLs: ['http://app.example.com/in'] }],
    [PARAMETER, { logoutURLs: ['https://app.example.com/out#there'] }],
    [PARAMETER, { defaultRedirectURI: 'https://app.example.com/in' }],
    [OAUTH, { allowedOAuthFlows: ['client_credentials'] }],
    [OAUTH, { allowedOAuthFlowsUserPoolClient: true }],
    ['ScopeDoesNotExistException', { allowedOAuthScopes: ['none/read'] }],
    [PARAMETER, { analyticsConfiguration: { applicationId: 'no hexadecimal number' } }],
    [PARAMETER, { analyticsConfiguration: { applicationArn: 'no ARN at all, not one' } }],
    [PARAMETER, { analyticsConfiguration: { roleArn: 'no ARN at all, not one' } }],
    [PARAMETER, { preventUserExistenceErrors: 'MAYBE' as never }],
    [PARAMETER, { enablePropagateAdditionalUserContextData: true }],
    [PARAMETER, { authSessionValidity: 16 }],
    [PARAMETER, { refreshTokenRotation: { feature: 'ENABLED' } }],
    [PARAMETER, { refreshTokenRotation: { feature: 'DISABLED', retryGracePeriodSeconds: 61 } }],
    [PARAMETER, { refreshTokenRotation: { feature: 'DISABLED', retryGracePeriodSeconds: -1 } }],
  ];
  has('refuses what is wrong', async () => {
    for (const [type, refused] of wrong) {
      const error = await call(refused).then(
        () => 'taken',
        ({ name }: Error) => name,
      );
      expect.soft(error, JSON.stringify(refused)).toBe(type);
    }
  });
});

describe('what one of the operations takes', () => {
  test('CreateUserPoolClient embedded', 'a secret: made, given, or none', async () => {
    const { userPoolId, user } = await plain();
    await user(username);
    const given = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const withOwn = await client(userPoolId, { clientSecret: given });
    const withMade = await client(userPoolId, { generateSecret: true });
    const without = await client(userPoolId, { generateSecret: false });
    expect((await withOwn.pools.describeClient()).clientSecret).toBe(given);
    expect((await withMade.pools.describeClient()).clientSecret).toEqual(expect.any(String));
    expect(await without.pools.describeClient()).not.toHaveProperty('clientSecret');
    for (const made of [withOwn, withMade]) {
      signedIn(await made.auth.signIn({ username, password }));
      // The SDK fills in no hash.
      await allRefused([[NOT_AUTHORIZED, () => made.signIn(username)]]);
    }
    signedIn(await without.auth.signIn({ username, password }));
    await allRefused([[PARAMETER, () => client(userPoolId, { clientSecret: 'short' })]]);
  });

  test('UpdateUserPoolClient embedded', 'another name', async () => {
    const { pools: of } = await plain();
    await of.updateClient({ clientName: 'renamed' });
    expect((await of.describeClient()).clientName).toBe('renamed');
    await of.updateClient({});
    expect((await of.describeClient()).clientName).toBe('renamed');
  });

  test('ListUserPoolClients embedded', 'clients of one kind', async () => {
    const [only] = (await pools.listClients({ clientType: 'REGULAR' })).userPoolClients;
    expect(only?.clientId).toBe((await pools.describeClient()).clientId);
    // None is made by dynamic registration there.
    await pools.createClient({ clientName: 'second' });
    expect(await pools.listClients({ clientType: 'DCR', maxResults: 1 })).toEqual({ userPoolClients: [] });
    await allRefused([[PARAMETER, () => pools.listClients({ clientType: 'OTHER' as never })]]);
  });
});
