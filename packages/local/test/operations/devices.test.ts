import type { CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { deviceVerifier, SrpClient } from './srp-client.js';
import { decode, expectError, HOUR, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const PHONE = '+15550001234';
const DEVICE_PASSWORD = 'made up by the device';
const UNKNOWN_KEY = 'us-east-1_00000000-0000-0000-0000-000000000000';
const NOT_FOUND = ['ResourceNotFoundException', 'Device does not exist.'] as const;
const OFF = ['InvalidParameterException', 'Device tracking not currently enabled for this pool.'] as const;
const INVALID_KEY = ['InvalidParameterException', 'Invalid device key given.'] as const;
const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const FLOWS = [
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
] as const;

interface Device {
  readonly key: string;
  readonly group: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Remembers every device. */
let always: TestPool;
/** Asks the user. */
let asking: TestPool;
let without: TestPool;

const poolWith = (settings: Partial<CreateUserPoolRequest>) =>
  TestPool.create(server, settings, { ExplicitAuthFlows: [...FLOWS] });

beforeAll(async () => {
  always = await poolWith({ DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } });
  asking = await poolWith({ DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true } });
  without = await poolWith({});
});

type SignedIn = Awaited<ReturnType<TestPool['signIn']>>;

function deviceOf({ AuthenticationResult: result }: Pick<SignedIn, 'AuthenticationResult'>): Device {
  return {
    key: result?.NewDeviceMetadata?.DeviceKey as string,
    group: result?.NewDeviceMetadata?.DeviceGroupKey as string,
    accessToken: result?.AccessToken as string,
    refreshToken: result?.RefreshToken as string,
  };
}

const confirm = (device: Device, more: object = {}) =>
  sdk.confirmDevice({
    AccessToken: device.accessToken,
    DeviceKey: device.key,
    DeviceName: 'phone',
    DeviceSecretVerifierConfig: deviceVerifier(device.group, device.key, DEVICE_PASSWORD),
    ...more,
  });

/** A user with a confirmed device. */
async function userWithDevice(pool: TestPool, name: string, attributes = {}): Promise<Device> {
  await pool.user(name, attributes);
  const device = deviceOf(await pool.signIn(name));
  await confirm(device);
  return device;
}

const respond = (
  pool: TestPool,
  ChallengeName: 'DEVICE_SRP_AUTH' | 'DEVICE_PASSWORD_VERIFIER' | 'PASSWORD_VERIFIER' | 'SMS_MFA',
  ChallengeResponses: Record<string, string>,
  Session?: string,
) => sdk.respondToAuthChallenge({ ClientId: pool.clientId, ChallengeName, ChallengeResponses, Session });

/** Both challenges of a device, from the session of the first. */
async function prove(
  pool: TestPool,
  USERNAME: string,
  device: Device,
  Session: string | undefined,
  password = DEVICE_PASSWORD,
) {
  const client = new SrpClient();
  const DEVICE_KEY = device.key;
  const { ChallengeName, ChallengeParameters } = await respond(
    pool,
    'DEVICE_SRP_AUTH',
    { USERNAME, DEVICE_KEY, SRP_A: client.SRP_A },
    Session,
  );
  expect(ChallengeName).toBe('DEVICE_PASSWORD_VERIFIER');
  const proof = client.prove(ChallengeParameters, { realm: device.group, name: device.key, password });
  return respond(pool, 'DEVICE_PASSWORD_VERIFIER', { USERNAME, DEVICE_KEY, ...proof });
}

describe('a sign-in without a known device', () => {
  it('gets a new one, whose key is in the access token', async () => {
    await always.user('amy');
    const { AuthenticationResult } = await always.signIn('amy');
    expect(AuthenticationResult?.NewDeviceMetadata).toEqual({
      DeviceKey: expect.stringMatching(/^us-east-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      DeviceGroupKey: expect.stringMatching(/^-[0-9A-Za-z]{8}$/),
    });
    const key = AuthenticationResult?.NewDeviceMetadata?.DeviceKey;
    expect(decode(AuthenticationResult?.AccessToken).claims['device_key']).toBe(key);
    expect(decode(AuthenticationResult?.IdToken).claims).not.toHaveProperty('device_key');
  });

  it('gets none where devices are of no interest, or an administrator signs in', async () => {
    await without.user('amy');
    const { AuthenticationResult } = await without.signIn('amy', PASSWORD, { DEVICE_KEY: UNKNOWN_KEY });
    expect(AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    expect(decode(AuthenticationResult?.AccessToken).claims).not.toHaveProperty('device_key');

    await always.user('byadmin');
    const byAdmin = await sdk.adminInitiateAuth({
      UserPoolId: always.id,
      ClientId: always.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'byadmin', PASSWORD },
    });
    expect(byAdmin.AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    await expectError(
      always.refresh(byAdmin.AuthenticationResult?.RefreshToken as string),
      'NotAuthorizedException',
      'Invalid Refresh Token.',
    );
  });

  it('is what an empty configuration leaves it', async () => {
    const pool = await poolWith({ DeviceConfiguration: {} });
    await pool.user('amy');
    expect((await pool.signIn('amy')).AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
  });
});

describe('ConfirmDevice', () => {
  it('keeps the device, and says whether the user is to be asked', async () => {
    await always.user('confirms');
    await asking.user('confirms');
    expect(await confirm(deviceOf(await always.signIn('confirms')))).toMatchObject({
      UserConfirmationNecessary: false,
    });
    const device = deviceOf(await asking.signIn('confirms'));
    expect(await confirm(device)).toMatchObject({ UserConfirmationNecessary: true });
    const { Device } = await sdk.getDevice({ AccessToken: device.accessToken, DeviceKey: device.key });
    expect(Device).toEqual({
      DeviceKey: device.key,
      DeviceAttributes: [
        { Name: 'device_status', Value: 'valid' },
        { Name: 'device_name', Value: 'phone' },
        { Name: 'dev:device_remembered_status', Value: 'not_remembered' },
      ],
      DeviceCreateDate: new Date(clock.now()),
      DeviceLastModifiedDate: new Date(clock.now()),
      DeviceLastAuthenticatedDate: new Date(clock.now()),
    });
  });

  it('does it once', async () => {
    const device = await userWithDevice(always, 'twice');
    await expectError(confirm(device), 'DeviceKeyExistsException', 'Device already exists.');
  });

  it('takes the key of its own sign-in only', async () => {
    await always.user('own');
    const device = deviceOf(await always.signIn('own'));
    const other = deviceOf(await always.signIn('own'));
    await expectError(confirm(device, { DeviceKey: UNKNOWN_KEY }), ...INVALID_KEY);
    await expectError(confirm(device, { DeviceKey: other.key }), ...INVALID_KEY);
    await confirm(device);
  });

  it('refuses a sign-in whose challenge was answered under an alias', async () => {
    const pool = await poolWith({
      AliasAttributes: ['email'],
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
    });
    await pool.user('ali', { email: 'ali@example.com', email_verified: 'true' });
    const signIn = async (USERNAME: string) => {
      const client = new SrpClient();
      const { ChallengeParameters } = await sdk.initiateAuth({
        ClientId: pool.clientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME: 'ali@example.com', SRP_A: client.SRP_A },
      });
      const realm = pool.id.slice(pool.id.indexOf('_') + 1);
      const proof = client.prove(ChallengeParameters, { realm, password: PASSWORD });
      return deviceOf(await respond(pool, 'PASSWORD_VERIFIER', { USERNAME, ...proof }));
    };
    await expectError(confirm(await signIn('ali@example.com')), ...INVALID_KEY);
    await confirm(await signIn('ali'));
  });

  it('wants a verifier that is one', async () => {
    await always.user('verifier');
    const device = deviceOf(await always.signIn('verifier'));
    const { Salt, PasswordVerifier } = deviceVerifier(device.group, device.key, 'x');
    const config = (DeviceSecretVerifierConfig: object | undefined) =>
      confirm(device, { DeviceSecretVerifierConfig });
    const missing = (name: string) =>
      ['InvalidParameterException', `Missing required parameter DeviceSecretVerifierConfig.${name}`] as const;
    await expectError(config(undefined), ...missing('Salt'));
    await expectError(config({ PasswordVerifier }), ...missing('Salt'));
    await expectError(config({ Salt }), ...missing('PasswordVerifier'));
    const malformed = 'Invalid value of parameter DeviceSecretVerifierConfig';
    for (const verifier of ['AA==', 'AQ==', '%%%', 'A'.repeat(2000)]) {
      await expectError(
        config({ Salt, PasswordVerifier: verifier }),
        'InvalidParameterException',
        `${malformed}.PasswordVerifier`,
      );
    }
    await expectError(
      config({ Salt: 'A'.repeat(200), PasswordVerifier }),
      'InvalidParameterException',
      `${malformed}.Salt`,
    );
    await expectError(
      confirm(device, { AccessToken: 'x' }),
      'NotAuthorizedException',
      'Invalid Access Token',
    );
    await confirm(device);
  });
});

describe('a sign-in with a remembered device', () => {
  it('has the device prove itself', async () => {
    const device = await userWithDevice(always, 'dan');
    clock.advance(HOUR - MINUTE);
    const { ChallengeName, ChallengeParameters, Session, AuthenticationResult } = await always.signIn(
      'dan',
      PASSWORD,
      { DEVICE_KEY: device.key },
    );
    expect(ChallengeName).toBe('DEVICE_SRP_AUTH');
    expect(ChallengeParameters).toEqual({});
    expect(AuthenticationResult).toBeUndefined();

    const client = new SrpClient();
    const responses = { USERNAME: 'dan', DEVICE_KEY: device.key };
    const next = await respond(always, 'DEVICE_SRP_AUTH', { ...responses, SRP_A: client.SRP_A }, Session);
    expect(next.ChallengeName).toBe('DEVICE_PASSWORD_VERIFIER');
    expect(next.ChallengeParameters).toEqual({
      SALT: expect.stringMatching(/^[0-9a-f]+$/),
      SRP_B: expect.stringMatching(/^[0-9a-f]{700,768}$/),
      SECRET_BLOCK: expect.stringMatching(/^[A-Za-z0-9+/]{1000,}=*$/),
      USERNAME: 'dan',
      DEVICE_KEY: device.key,
    });
    const proof = client.prove(next.ChallengeParameters, {
      realm: device.group,
      name: device.key,
      password: DEVICE_PASSWORD,
    });
    const done = await respond(always, 'DEVICE_PASSWORD_VERIFIER', { ...responses, ...proof });
    expect(done.AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    expect(decode(done.AuthenticationResult?.AccessToken).claims['device_key']).toBe(device.key);
    const { Device } = await sdk.adminGetDevice({
      UserPoolId: always.id,
      Username: 'dan',
      DeviceKey: device.key,
    });
    expect(Device?.DeviceLastAuthenticatedDate).toEqual(new Date(clock.now()));
    expect(Device?.DeviceCreateDate).toEqual(new Date(clock.now() - HOUR + MINUTE));

    await expectError(
      respond(always, 'DEVICE_SRP_AUTH', { ...responses, SRP_A: client.SRP_A }, Session),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
    await expectError(respond(always, 'DEVICE_PASSWORD_VERIFIER', { ...responses, ...proof }), ...INCORRECT);
  });

  it('begins with SRP as well, the key given with either step', async () => {
    const device = await userWithDevice(always, 'srp');
    const realm = always.id.slice(always.id.indexOf('_') + 1);
    for (const [first, second] of [
      [{ DEVICE_KEY: device.key }, {}],
      [{}, { DEVICE_KEY: device.key }],
    ] as Record<string, string>[][]) {
      const client = new SrpClient();
      const { ChallengeParameters } = await sdk.initiateAuth({
        ClientId: always.clientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME: 'srp', SRP_A: client.SRP_A, ...first },
      });
      const proof = client.prove(ChallengeParameters, { realm, password: PASSWORD });
      const { ChallengeName, Session } = await respond(always, 'PASSWORD_VERIFIER', {
        USERNAME: 'srp',
        ...proof,
        ...second,
      });
      expect(ChallengeName).toBe('DEVICE_SRP_AUTH');
      const { AuthenticationResult } = await prove(always, 'srp', device, Session);
      expect(AuthenticationResult?.AccessToken).toBeDefined();
    }
  });

  it.each(['00', '0075bcd54b9d59ca9f73a15fcdb04270', '0c', 'ff75bcd54b9d59ca9f73a15fcdb04270'])(
    'gives back the salt %s as the device hashed it',
    async (salt) => {
      const name = `salt-${salt}`;
      await always.user(name);
      const device = deviceOf(await always.signIn(name));
      const DeviceSecretVerifierConfig = deviceVerifier(device.group, device.key, DEVICE_PASSWORD, salt);
      await confirm(device, { DeviceSecretVerifierConfig });
      const { Session } = await always.signIn(name, PASSWORD, { DEVICE_KEY: device.key });
      expect((await prove(always, name, device, Session)).AuthenticationResult).toBeDefined();
    },
  );

  it('refuses a device that does not know its password, and counts that', async () => {
    const device = await userWithDevice(always, 'wrong');
    const begin = () => always.signIn('wrong', PASSWORD, { DEVICE_KEY: device.key });
    const begun = await Promise.all([1, 2, 3, 4, 5, 6].map(begin));
    for (const { Session } of begun.slice(0, 5)) {
      await expectError(prove(always, 'wrong', device, Session, 'guess'), ...INCORRECT);
    }
    const locked = ['NotAuthorizedException', 'Password attempts exceeded'] as const;
    await expectError(prove(always, 'wrong', device, begun[5]?.Session), ...locked);
    await expectError(begin(), ...locked);
    clock.advance(1000);
    await prove(always, 'wrong', device, (await begin()).Session);
  });

  it('refuses the challenge for another device, another user or client', async () => {
    const device = await userWithDevice(always, 'eve');
    const second = deviceOf(await always.signIn('eve'));
    await confirm(second);
    await always.user('fay');
    const { Session } = await always.signIn('eve', PASSWORD, { DEVICE_KEY: device.key });
    const SRP_A = new SrpClient().SRP_A;
    const start = (responses: Record<string, string>, pool = always, session = Session) =>
      respond(
        pool,
        'DEVICE_SRP_AUTH',
        { USERNAME: 'eve', DEVICE_KEY: device.key, SRP_A, ...responses },
        session,
      );
    const invalid = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
    await expectError(start({ DEVICE_KEY: UNKNOWN_KEY }), ...NOT_FOUND);
    await expectError(start({ DEVICE_KEY: second.key }), ...NOT_FOUND);
    await expectError(start({ USERNAME: 'fay' }), ...invalid);
    await expectError(start({}, await always.client()), ...invalid);
    await expectError(
      start({ DEVICE_KEY: '' }),
      'InvalidParameterException',
      'Missing required parameter DEVICE_KEY',
    );
    await expectError(start({ SRP_A: '' }), 'InvalidParameterException', 'Missing required parameter SRP_A');
    await expectError(
      respond(always, 'DEVICE_SRP_AUTH', { USERNAME: 'eve', DEVICE_KEY: device.key, SRP_A }),
      'InvalidParameterException',
      'Missing required parameter Session',
    );
    await prove(always, 'eve', device, Session);
  });

  it('does not know the device of another user, or one that was forgotten', async () => {
    const device = await userWithDevice(always, 'gil');
    await always.user('hal');
    await expectError(always.signIn('hal', PASSWORD, { DEVICE_KEY: device.key }), ...NOT_FOUND);
    const { Session } = await always.signIn('gil', PASSWORD, { DEVICE_KEY: device.key });
    await sdk.adminForgetDevice({ UserPoolId: always.id, Username: 'gil', DeviceKey: device.key });
    await expectError(prove(always, 'gil', device, Session), ...NOT_FOUND);
    await expectError(always.signIn('gil', PASSWORD, { DEVICE_KEY: device.key }), ...NOT_FOUND);
    await expectError(always.signIn('gil', 'Wrong-one1', { DEVICE_KEY: device.key }), ...INCORRECT);
  });

  it('goes with a user who was deleted', async () => {
    const device = await userWithDevice(always, 'ida');
    await sdk.adminDeleteUser({ UserPoolId: always.id, Username: 'ida' });
    await always.user('ida');
    await expectError(
      sdk.adminGetDevice({ UserPoolId: always.id, Username: 'ida', DeviceKey: device.key }),
      ...NOT_FOUND,
    );
  });
});

describe('a device that the user has not had remembered', () => {
  it('is known by name, and asked for nothing, until he has', async () => {
    const device = await userWithDevice(asking, 'jan');
    const known = await asking.signIn('jan', PASSWORD, { DEVICE_KEY: device.key });
    expect(known.AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
    expect(decode(known.AuthenticationResult?.AccessToken).claims['device_key']).toBe(device.key);

    const set = (DeviceRememberedStatus: 'remembered' | 'not_remembered' | undefined) =>
      sdk.updateDeviceStatus({
        AccessToken: device.accessToken,
        DeviceKey: device.key,
        DeviceRememberedStatus,
      });
    const begin = () => asking.signIn('jan', PASSWORD, { DEVICE_KEY: device.key });
    clock.advance(MINUTE);
    await set('remembered');
    const { Device } = await sdk.getDevice({ AccessToken: device.accessToken, DeviceKey: device.key });
    expect(Device?.DeviceAttributes).toContainEqual({
      Name: 'dev:device_remembered_status',
      Value: 'remembered',
    });
    expect(Device?.DeviceLastModifiedDate).toEqual(new Date(clock.now()));
    const { ChallengeName, Session } = await begin();
    expect(ChallengeName).toBe('DEVICE_SRP_AUTH');
    await prove(asking, 'jan', device, Session);
    await set('not_remembered');
    expect((await begin()).AuthenticationResult?.AccessToken).toBeDefined();
    await sdk.adminUpdateDeviceStatus({
      UserPoolId: asking.id,
      Username: 'jan',
      DeviceKey: device.key,
      DeviceRememberedStatus: 'remembered',
    });
    expect((await begin()).ChallengeName).toBe('DEVICE_SRP_AUTH');
    await expectError(
      set(undefined),
      'InvalidParameterException',
      'Missing required parameter DeviceRememberedStatus',
    );
  });
});

describe('a further factor', () => {
  const mfaPool = async (ChallengeRequiredOnNewDevice: boolean) => {
    const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
    const pool = await poolWith({
      SmsConfiguration,
      DeviceConfiguration: { ChallengeRequiredOnNewDevice, DeviceOnlyRememberedOnUserPrompt: false },
    });
    await sdk.setUserPoolMfaConfig({
      UserPoolId: pool.id,
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { SmsConfiguration },
    });
    await pool.user('amy', { phone_number: PHONE });
    const byCode = async (DEVICE_KEY?: string) => {
      const { ChallengeName, Session } = await pool.signIn('amy', PASSWORD, DEVICE_KEY ? { DEVICE_KEY } : {});
      expect(ChallengeName).toBe('SMS_MFA');
      const SMS_MFA_CODE = pool.lastMessage().code as string;
      return respond(pool, 'SMS_MFA', { USERNAME: 'amy', SMS_MFA_CODE }, Session);
    };
    const device = deviceOf(await byCode());
    await confirm(device);
    return { pool, device, byCode };
  };

  it('is what a remembered device stands for, where new devices are challenged', async () => {
    const { pool, device, byCode } = await mfaPool(true);
    const { ChallengeName, Session } = await pool.signIn('amy', PASSWORD, { DEVICE_KEY: device.key });
    expect(ChallengeName).toBe('DEVICE_SRP_AUTH');
    const { AuthenticationResult } = await prove(pool, 'amy', device, Session);
    expect(AuthenticationResult?.AccessToken).toBeDefined();

    const again = await pool.signIn('amy', PASSWORD, { DEVICE_KEY: device.key });
    await expectError(prove(pool, 'amy', device, again.Session, 'guess'), ...INCORRECT);

    await sdk.adminUpdateDeviceStatus({
      UserPoolId: pool.id,
      Username: 'amy',
      DeviceKey: device.key,
      DeviceRememberedStatus: 'not_remembered',
    });
    expect((await byCode(device.key)).AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('comes before the device elsewhere', async () => {
    const { pool, device, byCode } = await mfaPool(false);
    const { ChallengeName, Session } = await byCode(device.key);
    expect(ChallengeName).toBe('DEVICE_SRP_AUTH');
    const { AuthenticationResult } = await prove(pool, 'amy', device, Session);
    expect(decode(AuthenticationResult?.AccessToken).claims['device_key']).toBe(device.key);
  });

  it('is not got around by naming another device on the way', async () => {
    const { pool, device } = await mfaPool(true);
    const { Session } = await pool.signIn('amy', PASSWORD);
    const SMS_MFA_CODE = pool.lastMessage().code as string;
    const next = await respond(
      pool,
      'SMS_MFA',
      { USERNAME: 'amy', SMS_MFA_CODE, DEVICE_KEY: device.key },
      Session,
    );
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH');
    const begun = await pool.signIn('amy', PASSWORD, { DEVICE_KEY: device.key });
    expect(begun.ChallengeName).toBe('DEVICE_SRP_AUTH');
    await sdk.adminForgetDevice({ UserPoolId: pool.id, Username: 'amy', DeviceKey: device.key });
    await expectError(prove(pool, 'amy', device, begun.Session), ...NOT_FOUND);
  });
});

describe('a refresh', () => {
  const INVALID = ['NotAuthorizedException', 'Invalid Refresh Token.'] as const;

  it('wants the key of the device that signed in', async () => {
    await always.user('kim');
    const device = deviceOf(await always.signIn('kim'));
    await expectError(always.refresh(device.refreshToken), ...INVALID);
    await expectError(always.refresh(device.refreshToken, { DEVICE_KEY: UNKNOWN_KEY }), ...INVALID);
    const { AuthenticationResult } = await always.refresh(device.refreshToken, { DEVICE_KEY: device.key });
    expect(decode(AuthenticationResult?.AccessToken).claims['device_key']).toBe(device.key);
  });

  it('does so in GetTokensFromRefreshToken', async () => {
    await always.user('lea');
    const device = deviceOf(await always.signIn('lea'));
    const renew = (DeviceKey?: string) =>
      sdk.getTokensFromRefreshToken({
        ClientId: always.clientId,
        RefreshToken: device.refreshToken,
        DeviceKey,
      });
    await expectError(renew(), ...INVALID);
    expect((await renew(device.key)).AuthenticationResult?.AccessToken).toBeDefined();
  });
});

describe('the devices of a user', () => {
  it('are listed by pages', async () => {
    await always.user('max');
    const keys: string[] = [];
    let accessToken = '';
    for (let count = 0; count < 5; count++) {
      const device = deviceOf(await always.signIn('max'));
      await confirm(device);
      keys.push(device.key);
      ({ accessToken } = device);
    }
    keys.sort();
    const own = await sdk.listDevices({ AccessToken: accessToken });
    expect(own.Devices?.map(({ DeviceKey }) => DeviceKey)).toEqual(keys);
    expect(own.PaginationToken).toBeUndefined();

    const seen: (string | undefined)[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await sdk.adminListDevices({
        UserPoolId: always.id,
        Username: 'max',
        Limit: 2,
        PaginationToken,
      });
      expect(page.Devices?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.Devices ?? []).map(({ DeviceKey }) => DeviceKey));
      ({ PaginationToken } = page);
    } while (PaginationToken);
    expect(seen).toEqual(keys);
    await expectError(
      sdk.listDevices({ AccessToken: accessToken, PaginationToken: 'garbage' }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
    const { PaginationToken: own2 } = await sdk.listDevices({ AccessToken: accessToken, Limit: 1 });
    const other = await userWithDevice(always, 'max2');
    await expectError(
      sdk.listDevices({ AccessToken: other.accessToken, PaginationToken: own2 }),
      'InvalidParameterException',
      'Provided pagination token is invalid. Check the token and try your request again.',
    );
  });

  it('are none to begin with', async () => {
    await always.user('nia');
    const { Devices } = await sdk.adminListDevices({ UserPoolId: always.id, Username: 'nia' });
    expect(Devices).toEqual([]);
  });

  it('are forgotten by the user or an administrator', async () => {
    const device = await userWithDevice(always, 'oz');
    const own = { AccessToken: device.accessToken, DeviceKey: device.key };
    const { $metadata } = await sdk.forgetDevice(own);
    expect($metadata.httpStatusCode).toBe(200);
    await expectError(sdk.forgetDevice(own), ...NOT_FOUND);
    await expectError(sdk.getDevice(own), ...NOT_FOUND);
    await expectError(sdk.updateDeviceStatus({ ...own, DeviceRememberedStatus: 'remembered' }), ...NOT_FOUND);

    const second = await userWithDevice(always, 'pia');
    const named = { UserPoolId: always.id, Username: 'pia', DeviceKey: second.key };
    await sdk.adminForgetDevice(named);
    await expectError(sdk.adminForgetDevice(named), ...NOT_FOUND);
    await expectError(sdk.adminGetDevice(named), ...NOT_FOUND);
    await expectError(
      sdk.adminUpdateDeviceStatus({ ...named, DeviceRememberedStatus: 'remembered' }),
      ...NOT_FOUND,
    );
  });

  it('are nothing to speak of in a pool that keeps none', async () => {
    await without.user('quin');
    const { AccessToken } = await without.tokens('quin');
    const own = { AccessToken, DeviceKey: UNKNOWN_KEY };
    const named = { UserPoolId: without.id, Username: 'quin', DeviceKey: UNKNOWN_KEY };
    const status = { DeviceRememberedStatus: 'remembered' } as const;
    for (const call of [
      () => sdk.listDevices({ AccessToken }),
      () => sdk.getDevice(own),
      () => sdk.forgetDevice(own),
      () => sdk.updateDeviceStatus({ ...own, ...status }),
      () => sdk.confirmDevice(own),
      () => sdk.adminListDevices(named),
      () => sdk.adminGetDevice(named),
      () => sdk.adminForgetDevice(named),
      () => sdk.adminUpdateDeviceStatus({ ...named, ...status }),
    ]) {
      await expectError(call(), ...OFF);
    }
  });

  it('are asked for with a token or a name that is good', async () => {
    const named = { UserPoolId: always.id, Username: 'nobody', DeviceKey: UNKNOWN_KEY };
    const unknown = ['UserNotFoundException', 'User does not exist.'] as const;
    await expectError(sdk.adminListDevices(named), ...unknown);
    await expectError(sdk.adminGetDevice(named), ...unknown);
    await expectError(sdk.adminForgetDevice(named), ...unknown);
    await expectError(
      sdk.adminUpdateDeviceStatus({ ...named, DeviceRememberedStatus: 'remembered' }),
      ...unknown,
    );
    const own = { AccessToken: 'no-token', DeviceKey: UNKNOWN_KEY };
    const invalid = ['NotAuthorizedException', 'Invalid Access Token'] as const;
    await expectError(sdk.listDevices(own), ...invalid);
    await expectError(sdk.getDevice(own), ...invalid);
    await expectError(sdk.getDevice({ DeviceKey: UNKNOWN_KEY }), ...invalid);
    await expectError(sdk.forgetDevice(own), ...invalid);
    await expectError(sdk.updateDeviceStatus(own), ...invalid);
  });
});

describe('DeviceConfiguration', () => {
  it('is described as it was given', async () => {
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: asking.id });
    expect(UserPool?.DeviceConfiguration).toEqual({ DeviceOnlyRememberedOnUserPrompt: true });
    const none = await sdk.describeUserPool({ UserPoolId: without.id });
    expect(none.UserPool).not.toHaveProperty('DeviceConfiguration');
  });

  it('can be changed later', async () => {
    const pool = await poolWith({});
    await pool.user('amy');
    await sdk.updateUserPool({
      UserPoolId: pool.id,
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
    });
    expect(deviceOf(await pool.signIn('amy')).key).toBeDefined();
    await sdk.updateUserPool({ UserPoolId: pool.id });
    expect((await pool.signIn('amy')).AuthenticationResult).not.toHaveProperty('NewDeviceMetadata');
  });
});
