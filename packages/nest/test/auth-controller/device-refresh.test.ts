import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule, cookieSession } from '../../src/index.js';
import { PLATFORMS, startApp } from '../support/app.js';
import { administrator, newUser } from '../support/auth-modes.js';
import { Browser } from '../support/browser.js';
import { startTestCognito, type TestCognito } from '../support/cognito.js';

const session = cookieSession();

let test: TestCognito;
let admin: CognitoIdentityProvider;
let UserPoolId: string;

beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
  const { UserPool } = await admin.createUserPool({
    PoolName: 'devices',
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false },
  });
  UserPoolId = UserPool?.Id ?? '';
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

const CLIENTS = [
  ['refresh tokens that stay', { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] }],
  [
    'refresh tokens that rotate',
    {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    },
  ],
] as const;

describe.each(PLATFORMS)('a session in a pool that remembers devices on %s', (_, adapter) => {
  it.each(CLIENTS)('is refreshed with %s: its device new, confirmed, and known', async (_, client) => {
    const { UserPoolClient } = await admin.createUserPoolClient({
      UserPoolId,
      ClientName: 'web',
      ...client,
      ExplicitAuthFlows: [...client.ExplicitAuthFlows],
    });
    const app = await startApp(
      test.options({
        userPoolId: UserPoolId,
        clientId: UserPoolClient?.ClientId,
        authFlow: 'USER_SRP_AUTH',
        tokenSources: [session],
      }),
      [],
      { imports: [CognitoAuthModule.forRoot({ session, throttle: false })] },
      undefined,
      adapter(),
    );
    try {
      const username = await newUser(admin, UserPoolId);
      const browser = new Browser(app);
      const refreshed = async () => {
        for (let round = 0; round < 2; round++) {
          const { status, body } = await browser.send('POST', '/auth/refresh');
          expect({ status, body }).toMatchObject({ status: 200, body: { status: 'signed-in', username } });
        }
        expect((await browser.send('GET', '/auth/profile')).status).toBe(200);
      };
      expect((await browser.signIn(username)).body).toMatchObject({ newDevice: true });
      await refreshed();
      expect((await browser.send('POST', '/auth/devices', { name: 'Laptop' })).status).toBe(200);
      await refreshed();
      expect((await browser.signIn(username)).body).not.toHaveProperty('newDevice');
      await refreshed();
      expect((await browser.send('GET', '/auth/devices')).body.devices).toHaveLength(1);
    } finally {
      await app.close();
    }
  });
});
