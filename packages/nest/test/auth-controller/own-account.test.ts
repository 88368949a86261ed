import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule, CognitoAuthService } from '../../src/index.js';
import { PLATFORMS, startApp, type TestApp } from '../support/app.js';
import { administrator } from '../support/auth-modes.js';
import { PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';
import { totp } from '../support/totp.js';

let test: TestCognito;
let admin: CognitoIdentityProviderClient;
let UserPoolId: string;
let clientId: string;

beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
  const { UserPool } = await admin.send(
    new CreateUserPoolCommand({
      PoolName: 'everything',
      AutoVerifiedAttributes: ['email'],
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: true },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    }),
  );
  UserPoolId = UserPool?.Id ?? '';
  await admin.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
      WebAuthnConfiguration: { RelyingPartyId: 'app.example.com', UserVerification: 'preferred' },
    }),
  );
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  clientId = UserPoolClient?.ClientId ?? '';
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

let users = 0;

describe.each(PLATFORMS)('the own account on %s', (_, adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(
      test.options({ userPoolId: UserPoolId, clientId }),
      [],
      { imports: [CognitoAuthModule.forRoot({ throttle: false, issuer: 'Reports', signInByChoice: true })] },
      undefined,
      adapter(),
    );
  });
  afterAll(() => app.close());

  /** A user who is signed in, and what they send. */
  async function newUser() {
    const username = `user${++users}`;
    const user = { UserPoolId, Username: username };
    await admin.send(
      new AdminCreateUserCommand({
        ...user,
        UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
      }),
    );
    await admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }));
    const signIn = async () =>
      (await (await app.post('/auth/sign-in', { username, password: PASSWORD })).json()) as {
        challenge: { name: string; sealed: string };
        tokens: {
          accessToken: string;
          refreshToken: string;
          newDeviceMetadata: { deviceKey: string; deviceGroupKey: string };
        };
      };
    const { tokens } = await signIn();
    const send = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${app.address}/auth/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${tokens.accessToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    return { username, tokens, signIn, send };
  }

  it.each([
    ['GET', 'profile'],
    ['PATCH', 'profile'],
    ['DELETE', 'profile/attributes/nickname'],
    ['POST', 'profile/attributes/email/code'],
    ['POST', 'profile/attributes/email/verify'],
    ['POST', 'mfa/totp'],
    ['POST', 'mfa/totp/verify'],
    ['PUT', 'mfa'],
    ['GET', 'devices'],
    ['PUT', 'devices/x'],
    ['DELETE', 'devices/x'],
    ['GET', 'passkeys'],
    ['POST', 'passkeys/options'],
    ['POST', 'passkeys'],
    ['DELETE', 'passkeys/x'],
    ['POST', 'password'],
  ])('is closed to strangers at %s %s', async (method, path) => {
    expect((await fetch(`${app.address}/auth/${path}`, { method })).status).toBe(401);
  });

  it('writes and removes attributes, but for those that are not the user’s to write', async () => {
    const { send } = await newUser();
    const written = await send('PATCH', 'profile', {
      attributes: { nickname: 'Countess', given_name: 'Ada' },
    });
    expect(written).toEqual({ status: 200, body: { sent: [] } });
    expect((await send('DELETE', 'profile/attributes/nickname')).status).toBe(204);
    const { body } = await send('GET', 'profile');
    expect(body.attributes).toMatchObject({ given_name: 'Ada' });
    expect(body.attributes).not.toHaveProperty('nickname');
    for (const attributes of [
      { email_verified: 'true' },
      { sub: 'x' },
      { 'custom:plan': 'pro' },
      { nickname: 7 },
      { nickname: 'x'.repeat(3000) },
      [],
    ]) {
      expect(await send('PATCH', 'profile', { attributes })).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
    for (const name of ['sub', 'custom:plan', '__proto__', 'a%20b', `${'x'.repeat(70)}`]) {
      expect((await send('DELETE', `profile/attributes/${name}`)).status).toBe(400);
    }
  });

  it('verifies a new address with the code that is sent there', async () => {
    const { username, send } = await newUser();
    const changed = await send('PATCH', 'profile', { attributes: { email: 'new@example.com' } });
    expect(changed).toMatchObject({ status: 200, body: { sent: [{ attribute: 'email', medium: 'EMAIL' }] } });
    const again = await send('POST', 'profile/attributes/email/code');
    expect(again).toMatchObject({
      status: 202,
      body: { sent: [{ destination: expect.stringContaining('***') }] },
    });
    const verify = (code: string) => send('POST', 'profile/attributes/email/verify', { code });
    const code = test.code(username);
    expect((await verify(code === '000000' ? '111111' : '000000')).status).toBe(422);
    expect((await verify(code)).status).toBe(204);
    expect((await send('GET', 'profile')).body.attributes.email_verified).toBe(true);
    expect((await send('POST', 'profile/attributes/nickname/code')).status).toBe(400);
  });

  it('sets up an authenticator app, which a sign-in then asks for', async () => {
    const { username, signIn, send } = await newUser();
    const { status, body } = await send('POST', 'mfa/totp');
    expect(status).toBe(200);
    expect(body.otpauthUri).toBe(
      `otpauth://totp/Reports:${username}?secret=${body.secretCode}&issuer=Reports`,
    );
    const code = totp(body.secretCode, test.clock.now());
    const wrong = code === '000000' ? '111111' : '000000';
    expect(await send('POST', 'mfa/totp/verify', { code: wrong })).toMatchObject({ status: 422 });
    expect((await send('POST', 'mfa/totp/verify', { code, friendlyDeviceName: 'Phone' })).status).toBe(204);
    expect((await send('PUT', 'mfa', { softwareToken: { enabled: true, preferred: true } })).status).toBe(
      204,
    );
    expect((await send('GET', 'profile')).body.mfa).toEqual({
      methods: ['SOFTWARE_TOKEN_MFA'],
      preferred: 'SOFTWARE_TOKEN_MFA',
    });
    const { challenge } = await signIn();
    expect(challenge.name).toBe('SOFTWARE_TOKEN_MFA');
    // The next code: the one before has been used.
    const next = {
      challenge: challenge.sealed,
      answer: { code: totp(body.secretCode, test.clock.now() + 30_000) },
    };
    expect((await app.post('/auth/challenge', next)).status).toBe(200);
    for (const bad of [
      { softwareToken: true },
      { softwareToken: { preferred: true } },
      { totp: { enabled: true } },
    ]) {
      expect((await send('PUT', 'mfa', bad)).status).toBe(400);
    }
  });

  it('refreshes with the key of the device', async () => {
    const { tokens, send } = await newUser();
    const { refreshToken, accessToken, newDeviceMetadata } = tokens;
    const { deviceKey } = newDeviceMetadata;
    await app.nest.get(CognitoAuthService).confirmDevice({ accessToken, newDeviceMetadata });
    expect((await send('POST', 'refresh', { refreshToken })).status).toBe(401);
    expect((await send('POST', 'refresh', { refreshToken, deviceKey: `${deviceKey}0` })).status).toBe(401);
    expect(await send('POST', 'refresh', { refreshToken, deviceKey })).toMatchObject({
      status: 200,
      body: { status: 'signed-in' },
    });
    const auth = app.nest.get(CognitoAuthService);
    expect(await auth.refresh({ refreshToken, accessToken })).toMatchObject({ status: 'signed-in' });
    for (const odd of ['', 'a b', 'x'.repeat(300), 7, { toString: 'x' }]) {
      expect(await send('POST', 'refresh', { refreshToken, deviceKey: odd })).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
  });

  it('lists, remembers and forgets devices', async () => {
    const { tokens, send } = await newUser();
    const { newDeviceMetadata, accessToken } = tokens;
    const auth = app.nest.get(CognitoAuthService);
    await auth.confirmDevice({ accessToken, newDeviceMetadata, deviceName: 'Laptop' });
    const path = `devices/${encodeURIComponent(newDeviceMetadata.deviceKey)}`;
    const listed = await send('GET', 'devices');
    expect(listed).toMatchObject({
      status: 200,
      body: { devices: [{ deviceKey: newDeviceMetadata.deviceKey, name: 'Laptop', remembered: false }] },
    });
    expect((await send('PUT', path, { remembered: true })).status).toBe(204);
    expect((await send('GET', 'devices')).body.devices[0].remembered).toBe(true);
    expect((await send('PUT', path, { remembered: 'yes' })).status).toBe(400);
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', 'devices')).body).toEqual({ devices: [] });
    expect((await send('DELETE', path)).status).toBe(404);
    expect((await send('GET', 'devices?next=a%20b')).status).toBe(400);
    expect((await send('GET', 'devices?next=a&next=b')).status).toBe(400);
    expect((await send('GET', 'devices?next=forged')).status).toBe(400);
  });

  it('lets users choose how to begin, where the app says so', async () => {
    const { username } = await newUser();
    const begin = async (body: object) => {
      const response = await app.post('/auth/sign-in', body);
      return { status: response.status, body: (await response.json()) as { challenge: { sealed: string } } };
    };
    const asked = await begin({ username });
    expect(asked).toMatchObject({
      status: 200,
      body: {
        status: 'challenge',
        challenge: { name: 'SELECT_CHALLENGE', availableChallenges: expect.arrayContaining(['PASSWORD']) },
      },
    });
    const { sealed } = asked.body.challenge;
    const answer = { answer: 'PASSWORD', password: PASSWORD };
    expect((await app.post('/auth/challenge', { challenge: sealed, answer })).status).toBe(200);
    const preferred = await begin({ username, preferredChallenge: 'PASSWORD' });
    expect(preferred.body.challenge).toMatchObject({ name: 'PASSWORD' });
    expect((await begin({ username, password: PASSWORD, preferredChallenge: 'PASSWORD' })).status).toBe(400);
    expect((await begin({ username, preferredChallenge: 'ADMIN' })).status).toBe(400);
  });

  it('begins to register a passkey, and takes no forged one', async () => {
    const { username, send } = await newUser();
    const options = await send('POST', 'passkeys/options');
    expect(options).toMatchObject({
      status: 200,
      body: { credentialCreationOptions: { rp: { id: 'app.example.com' }, user: { name: username } } },
    });
    const client = { type: 'webauthn.create', challenge: 'AAAA', origin: 'https://evil.example' };
    const credential = {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: {
        clientDataJSON: Buffer.from(JSON.stringify(client)).toString('base64url'),
        attestationObject: 'AAAA',
      },
      clientExtensionResults: {},
    };
    expect(await send('POST', 'passkeys', { credential })).toMatchObject({
      status: expect.toSatisfy((status) => status >= 400 && status < 500),
    });
    for (const given of [{ credential: 'x' }, { credential: { a: 'x'.repeat(17_000) } }, {}]) {
      expect(await send('POST', 'passkeys', given)).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
    expect(await send('GET', 'passkeys')).toEqual({ status: 200, body: { passkeys: [] } });
    expect((await send('DELETE', 'passkeys/AAAA')).status).toBe(404);
  });
});
