import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../src/clock.js';
import { type Cognito, type CognitoOptions, startCognito } from '../../src/start-cognito.js';
import { decode, expectError, PASSWORD } from './support.js';

async function open(options: CognitoOptions): Promise<{ cognito: Cognito; sdk: CognitoIdentityProvider }> {
  const cognito = await startCognito({ port: 0, memory: true, ...options });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    sdk.destroy();
    await cognito.close();
  });
  return { cognito, sdk };
}

const SEED: NonNullable<CognitoOptions['seed']> = {
  pools: [{ name: 'seeded', clients: [{ name: 'web', settings: { GenerateSecret: true } }] }],
};

/** What a test might have in a snapshot. */
async function walk(seededIds: string | undefined) {
  const { cognito, sdk } = await open({
    seed: SEED,
    clock: new ManualClock(Date.UTC(2026, 0, 1)),
    ...(seededIds === undefined ? {} : { seededIds }),
  });
  const { UserPool } = await sdk.createUserPool({ PoolName: 'pool', AutoVerifiedAttributes: ['email'] });
  const UserPoolId = UserPool?.Id;
  const { UserPoolClient } = await sdk.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  });
  const ClientId = UserPoolClient?.ClientId;
  const UserAttributes = [{ Name: 'email', Value: 'ana@example.com' }];
  const signedUp = await sdk.signUp({ ClientId, Username: 'ana', Password: PASSWORD, UserAttributes });
  await sdk.adminCreateUser({
    UserPoolId,
    Username: 'ivy',
    UserAttributes,
    DesiredDeliveryMediums: ['EMAIL'],
  });
  await sdk.adminConfirmSignUp({ UserPoolId, Username: 'ana' });
  const { AuthenticationResult, $metadata } = await sdk.initiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ana', PASSWORD },
  });
  const { iss, ...claims } = decode(AuthenticationResult?.AccessToken).claims;
  const { name, userPoolId, clients } = cognito.pool('seeded');
  return {
    pools: { name, userPoolId, clients },
    UserPoolId,
    ClientId,
    sub: signedUp.UserSub,
    messages: cognito.messages(),
    claims,
    requestId: $metadata.requestId,
  };
}

describe('seededIds', () => {
  it('makes ids, codes and claims the same for the same text', async () => {
    const first = await walk('a text');
    expect(await walk('a text')).toEqual(first);
    expect(first.messages).toHaveLength(2);
    expect(first.claims['event_id']).toBe(first.requestId);
    expect(first.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes others for another text, and for none', async () => {
    const [one, other, none, again] = [
      await walk('one'),
      await walk('other'),
      await walk(undefined),
      await walk(undefined),
    ];
    const ids = [one, other, none, again].flatMap(({ UserPoolId, ClientId, sub, requestId }) => [
      UserPoolId,
      ClientId,
      sub,
      requestId,
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is warned of', async () => {
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (text: string) => warnings.push(text), error: () => {} };
    await open({ seededIds: 'a text', log });
    expect(warnings).toEqual([expect.stringContaining('foreseeable')]);
    await open({ log });
    expect(warnings).toHaveLength(1);
  });

  it('is for memory, and a text', async () => {
    await expect(startCognito({ port: 0, data: '/nowhere', seededIds: 'x' })).rejects.toThrow(
      '"seededIds" needs "memory"',
    );
    await expect(startCognito({ port: 0, memory: true, seededIds: '' })).rejects.toThrow(
      '"seededIds" must be a text, got "".',
    );
  });
});

describe('the clock of a server', () => {
  it('moves on when it is told to, and tokens and codes expire with it', async () => {
    const { cognito, sdk } = await open({
      clock: new ManualClock(),
      seed: {
        pools: [
          {
            name: 'main',
            clients: [
              {
                name: 'web',
                settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
              },
            ],
            users: [{ username: 'ana', password: PASSWORD }],
          },
        ],
      },
    });
    const { AuthenticationResult } = await sdk.initiateAuth({
      ClientId: cognito.pool().client().clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
    });
    const AccessToken = AuthenticationResult?.AccessToken;
    const before = cognito.clock.now();
    expect(cognito.clock.advance('59m')).toBe(before + 59 * 60_000);
    await sdk.getUser({ AccessToken });
    const response = await fetch(`${cognito.endpoint}/_cognest/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advance":"1m"}',
    });
    expect(await response.json()).toEqual({ now: new Date(before + 3_600_000).toISOString() });
    await expectError(sdk.getUser({ AccessToken }), 'NotAuthorizedException', 'Access Token has expired');
  });

  it('is that of the system by default', async () => {
    const { cognito } = await open({});
    const before = Date.now();
    const now = cognito.clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
