import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CognitoAuthModule, type RememberedDevice } from '../../src/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { AUTH_MODES, administrator, newUser } from '../support/auth-modes.js';
import { Browser } from '../support/browser.js';
import { PASSWORD, startTestCognito, type TestCognito } from '../support/cognito.js';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a client does
type Any = any;

const DEVICE_COOKIE = '__Host-cognest-device';

let test: TestCognito;
let admin: CognitoIdentityProvider;
let UserPoolId: string;
let clientId: string;

beforeAll(async () => {
  test = await startTestCognito();
  admin = administrator(test);
  // A code is asked for, unless a remembered device stands for it.
  const { UserPool } = await admin.createUserPool({
    PoolName: 'devices',
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
  });
  UserPoolId = UserPool?.Id ?? '';
  await admin.setUserPoolMfaConfig({
    UserPoolId,
    MfaConfiguration: 'ON',
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
  });
  const { UserPoolClient } = await admin.createUserPoolClient({
    UserPoolId,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  });
  clientId = UserPoolClient?.ClientId ?? '';
});
afterAll(async () => {
  admin.destroy();
  await test.cognito.close();
});

const someone = () => newUser(admin, UserPoolId, { phone_number: '+15550001234' });

describe.each(AUTH_MODES)('devices with $mode on $platform', ({ adapter, session: newSession }) => {
  const session = newSession();
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(
      test.options({
        userPoolId: UserPoolId,
        clientId,
        authFlow: 'USER_SRP_AUTH',
        tokenSources: ['header', ...(session === undefined ? [] : [session])],
      }),
      [],
      { imports: [CognitoAuthModule.forRoot({ session, throttle: false })] },
      undefined,
      adapter(),
    );
  });
  afterAll(() => app.close());

  /** A user's program or browser, which keeps what it is given where the endpoints say. */
  class Client {
    readonly browser = new Browser(app);
    last: Any;
    tokens: { accessToken: string; refreshToken: string } | undefined;
    named: object | undefined;
    device: RememberedDevice | undefined;

    /** The text of every answer: with a cookie session no secret is in any. */
    answers = '';

    async send(method: string, path: string, body?: object) {
      const bearer = session === undefined &&
        this.tokens && { authorization: `Bearer ${this.tokens.accessToken}` };
      const headers = { 'x-csrf-protection': '1', ...bearer };
      const answer = await this.browser.send(method, `/auth/${path}`, body, headers);
      this.answers += answer.text;
      return answer;
    }

    async signIn(username: string) {
      const device = session === undefined && this.device ? { device: this.device } : {};
      return this.#keep(await this.send('POST', 'sign-in', { username, password: PASSWORD, ...device }));
    }

    async code(code: string) {
      return this.#keep(
        await this.send('POST', 'challenge', { challenge: this.last.challenge.sealed, answer: { code } }),
      );
    }

    /** Signs in with whatever is asked for. */
    async signInFully(username: string) {
      const { body } = await this.signIn(username);
      if (body.status === 'signed-in') return body;
      expect(body.challenge.name).toBe('SMS_MFA');
      return (await this.code(test.code(username))).body;
    }

    async confirm(more: object = {}) {
      const answer = await this.send('POST', 'devices', {
        ...(session === undefined && this.named),
        ...more,
      });
      if (session === undefined) this.device = answer.body?.device;
      return answer;
    }

    refresh() {
      const { refreshToken } = this.tokens ?? {};
      const deviceKey = this.device?.deviceKey ?? (this.named as RememberedDevice | undefined)?.deviceKey;
      return this.send('POST', 'refresh', session === undefined ? { refreshToken, deviceKey } : undefined);
    }

    #keep<Answer extends { body: Any }>(answer: Answer): Answer {
      this.last = answer.body;
      this.tokens = answer.body?.tokens ?? this.tokens;
      this.named = answer.body?.tokens?.newDeviceMetadata ?? this.named;
      return answer;
    }
  }

  /** A client whose device the user has had remembered. */
  async function known(username: string): Promise<Client> {
    const client = new Client();
    await client.signInFully(username);
    expect(await client.confirm({ remembered: true })).toMatchObject({
      status: 200,
      body: { remembered: true },
    });
    return client;
  }

  it('a new device is named, confirmed and remembered, and then stands for the code', async () => {
    const username = await someone();
    const client = new Client();
    const first = await client.signInFully(username);
    expect(first).toMatchObject({ status: 'signed-in', newDevice: true });
    const confirmed = await client.confirm({ name: 'Laptop', remembered: true });
    expect(confirmed).toMatchObject({ status: 200, body: { remembered: true, device: {} } });
    const { deviceKey } = confirmed.body.device;
    expect((await client.send('GET', 'devices')).body.devices).toMatchObject([
      { deviceKey, name: 'Laptop', remembered: true },
    ]);

    const again = await client.signIn(username);
    expect(again).toMatchObject({ status: 200, body: { status: 'signed-in', username } });
    expect(again.body).not.toHaveProperty('newDevice');
    for (let round = 0; round < 2; round++) expect((await client.refresh()).status).toBe(200);
    expect((await client.send('GET', 'devices')).body.devices).toHaveLength(1);
    // Elsewhere the code is asked for as ever.
    expect((await new Client().signIn(username)).body).toMatchObject({ challenge: { name: 'SMS_MFA' } });
  });

  it('a device that is not remembered is asked for a code, and stays the same device', async () => {
    const username = await someone();
    const client = new Client();
    await client.signInFully(username);
    expect(await client.confirm()).toMatchObject({ status: 200, body: { remembered: false } });
    const asked = await client.signIn(username);
    expect(asked.body).toMatchObject({ challenge: { name: 'SMS_MFA' } });
    expect(Object.keys(asked.body.challenge).sort()).toEqual([
      'deliveryMedium',
      'destination',
      'name',
      'sealed',
    ]);
    const { body } = await client.code(test.code(username));
    expect(body.status).toBe('signed-in');
    expect(body).not.toHaveProperty('newDevice');
    expect((await client.refresh()).status).toBe(200);
    const { devices } = (await client.send('GET', 'devices')).body;
    expect(devices).toMatchObject([{ remembered: false }]);

    // The user changes their mind, both ways.
    const path = `devices/${encodeURIComponent(devices[0].deviceKey)}`;
    expect((await client.send('PUT', path, { remembered: true })).status).toBe(204);
    expect((await client.signIn(username)).body.status).toBe('signed-in');
    expect((await client.send('PUT', path, { remembered: false })).status).toBe(204);
    expect((await client.signIn(username)).body.status).toBe('challenge');
  });

  it('a device stays when its user signs out, and goes when they forget it', async () => {
    const username = await someone();
    const client = await known(username);
    await client.send(
      'POST',
      'sign-out',
      session === undefined ? { refreshToken: client.tokens?.refreshToken } : undefined,
    );
    expect((await client.signIn(username)).body.status).toBe('signed-in');
    const { devices } = (await client.send('GET', 'devices')).body;
    expect(devices).toHaveLength(1);
    expect((await client.send('DELETE', `devices/${encodeURIComponent(devices[0].deviceKey)}`)).status).toBe(
      204,
    );
    expect(client.browser.jar.has(DEVICE_COOKIE)).toBe(false);
    expect((await client.signIn(username)).body).toMatchObject({ challenge: { name: 'SMS_MFA' } });
  });

  it('a device that was forgotten elsewhere is a new one at its next sign-in', async () => {
    const username = await someone();
    const client = await known(username);
    const { devices } = (await client.send('GET', 'devices')).body;
    await admin.adminForgetDevice({ UserPoolId, Username: username, DeviceKey: devices[0].deviceKey });
    expect((await client.signIn(username)).body).toMatchObject({ challenge: { name: 'SMS_MFA' } });
    expect((await client.code(test.code(username))).body).toMatchObject({ newDevice: true });
    expect(client.browser.jar.has(DEVICE_COOKIE)).toBe(false);
    expect((await client.confirm({ remembered: true })).status).toBe(200);
    expect((await client.signIn(username)).body.status).toBe('signed-in');
  });

  it('a device that is forgotten between challenge and answer is a 401 that says so', async () => {
    const username = await someone();
    const client = new Client();
    await client.signInFully(username);
    await client.confirm();
    const { devices } = (await client.send('GET', 'devices')).body;
    await client.signIn(username);
    await admin.adminForgetDevice({ UserPoolId, Username: username, DeviceKey: devices[0].deviceKey });
    expect(await client.code(test.code(username))).toMatchObject({
      status: 401,
      body: { code: 'not_authorized' },
    });
    expect(client.browser.jar.has(DEVICE_COOKIE)).toBe(false);
  });

  it('somebody else’s sign-in on the same device is none of the device’s', async () => {
    const [owner, guest] = [await someone(), await someone()];
    const client = await known(owner);
    expect(await client.signInFully(guest)).toMatchObject({ username: guest, newDevice: true });
    // The owner's device is still theirs.
    const again = await client.signIn(owner);
    expect(again.body).toMatchObject({ status: 'signed-in', username: owner });
    expect(again.body).not.toHaveProperty('newDevice');
  });

  it('nobody learns from a device whether a user exists', async () => {
    const client = await known(await someone());
    const wrong = async (username: string) => {
      const body = {
        username,
        password: 'Wrong-horse-99',
        ...(session === undefined && { device: client.device }),
      };
      const { status, text } = await client.send('POST', 'sign-in', body);
      return { status, text };
    };
    const nobody = await wrong('nobody-at-all');
    expect(nobody.status).toBe(401);
    expect(await wrong(await someone())).toEqual(nobody);
  });

  it('is confirmed once', async () => {
    const client = await known(await someone());
    expect(
      await client.send('POST', 'devices', { ...(session === undefined && client.named) }),
    ).toMatchObject({
      status: 409,
      body: { code: 'device_exists' },
    });
  });

  it.each([
    ['a device of another user', async (other: Client) => ({ ...other.named })],
    [
      'a made-up one',
      async () => ({ deviceKey: 'eu-central-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', deviceGroupKey: '-x' }),
    ],
  ])('does not confirm %s', async (_, keys) => {
    const [client, other] = [new Client(), new Client()];
    await client.signInFully(await someone());
    await other.signInFully(await someone());
    const given = session === undefined ? await keys(other) : { deviceKey: 'x', deviceGroupKey: 'y' };
    const { status } = await client.send('POST', 'devices', given);
    expect(status).toBe(400);
  });

  it('refuses what is no device', async () => {
    const client = await known(await someone());
    const device = { deviceKey: 'k', deviceGroupKey: 'g', devicePassword: 'p' };
    for (const odd of [
      'x',
      [],
      {},
      { ...device, deviceKey: 7 },
      { ...device, devicePassword: 'x'.repeat(300) },
      { ...device, deviceGroupKey: 'a b' },
      { ...device, admin: true },
    ]) {
      const body = { username: 'ada', password: PASSWORD, device: odd };
      expect(await client.send('POST', 'sign-in', body)).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
    for (const odd of [
      { name: '' },
      { name: 'x'.repeat(200) },
      { remembered: 'yes' },
      { devicePassword: 'mine' },
    ]) {
      const given = { ...(session === undefined && { deviceKey: 'k', deviceGroupKey: 'g' }), ...odd };
      expect(await client.send('POST', 'devices', given)).toMatchObject({
        status: 400,
        body: { code: 'request_invalid' },
      });
    }
  });

  if (session === undefined) {
    it('is nobody with another password, and needs both keys to be confirmed', async () => {
      const username = await someone();
      const client = await known(username);
      client.device = { ...(client.device as RememberedDevice), devicePassword: 'guessed' };
      expect(await client.signIn(username)).toMatchObject({ status: 401, body: { code: 'not_authorized' } });
      const { deviceKey } = client.device;
      expect((await client.send('POST', 'devices', { deviceKey })).body.detail).toContain('"deviceGroupKey"');
    });
  } else {
    it('keeps the device in a cookie of its own, and shows it to no script', async () => {
      const username = await someone();
      const client = await known(username);
      const kept = session.readDevice({
        method: 'GET',
        headers: { cookie: `${DEVICE_COOKIE}=${client.browser.jar.get(DEVICE_COOKIE)}` },
      });
      expect(kept).toMatchObject({ username, devicePassword: expect.stringMatching(/^.{40,}$/) });
      await client.signIn(username);
      expect(client.answers).not.toContain(kept?.devicePassword);
      expect(client.answers).not.toContain(kept?.deviceGroupKey);
      // None in the body, whatever the cookie says.
      const { username: _, ...device } = kept ?? {};
      const body = { username, password: PASSWORD, device };
      expect(await client.send('POST', 'sign-in', body)).toMatchObject({ status: 400 });
    });

    it('says where the session has named no device', async () => {
      const username = await someone();
      const client = await known(username);
      await client.signIn(username);
      expect(await client.send('POST', 'devices')).toMatchObject({
        status: 409,
        body: { code: 'device_unnamed' },
      });
    });

    it.each([
      ['twice', (own: string) => `${DEVICE_COOKIE}=${own}; ${DEVICE_COOKIE}=planted`, 400],
      ['of rubbish', () => `${DEVICE_COOKIE}=%00rubbish`, 200],
      ['of an object', () => `${DEVICE_COOKIE}=${Buffer.from('{"0":"x"}').toString('base64url')}`, 200],
      [
        'of half a device',
        () => `${DEVICE_COOKIE}=${Buffer.from('["a","b",null,"d"]').toString('base64url')}`,
        200,
      ],
    ])('a device cookie %s', async (_, cookie, status) => {
      const username = await someone();
      const client = await known(username);
      const response = await fetch(`${app.address}/auth/sign-in`, {
        method: 'POST',
        headers: {
          'x-csrf-protection': '1',
          'content-type': 'application/json',
          cookie: cookie(client.browser.jar.get(DEVICE_COOKIE) ?? ''),
        },
        body: JSON.stringify({ username, password: PASSWORD }),
      });
      expect(response.status).toBe(status);
      if (status === 200) expect(await response.json()).toMatchObject({ challenge: { name: 'SMS_MFA' } });
    });

    it('is no device to a forged request', async () => {
      const client = await known(await someone());
      const forged = { 'sec-fetch-site': 'cross-site', 'x-csrf-protection': '1' };
      for (const path of ['/auth/devices', '/auth/sign-in']) {
        expect(await client.browser.send('POST', path, {}, forged)).toMatchObject({
          status: 403,
          body: { code: 'csrf_refused' },
        });
      }
    });
  }
});
