import { describe, expect, it } from 'vitest';
import type { RememberedDevice } from '../../src/index.js';
import { SrpClient } from '../../src/services/auth/srp.js';
import { deviceItems, memory, signInThroughIdentityJs } from '../support/identity-js.js';
import { challenged, named, PASSWORD, type SignInPool, signedIn, startSignIns } from '../support/sign-in.js';

const { sdk, pool } = await startSignIns();
const username = 'ada';

/** A pool in which a remembered device takes the place of a code, which is asked for otherwise. */
const tracking = (GenerateSecret: boolean) =>
  pool(
    { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true } },
    { GenerateSecret },
    {
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
    },
  );

async function firstSignIn(here: SignInPool) {
  await here.user(username, { phone_number: '+15550001234' });
  const challenge = challenged(
    await here.auth.signIn({ username, password: PASSWORD, authFlow: 'USER_SRP_AUTH' }),
    'SMS_MFA',
  );
  const { tokens } = signedIn(await here.auth.respondToChallenge(challenge, { code: here.code(username) }));
  if (tokens.newDeviceMetadata === undefined) throw new Error('no device');
  return { ...tokens, newDeviceMetadata: tokens.newDeviceMetadata };
}

describe.each([
  ['USER_SRP_AUTH', false],
  ['USER_PASSWORD_AUTH', false],
  ['USER_SRP_AUTH', true],
] as const)('a remembered device (%s, client with secret: %s)', (authFlow, secret) => {
  const setUp = async () => {
    const here = await tracking(secret);
    const tokens = await firstSignIn(here);
    const { accessToken, newDeviceMetadata } = tokens;
    const { device } = await here.auth.confirmDevice({
      accessToken,
      newDeviceMetadata,
      deviceName: 'Phone',
      remember: true,
    });
    here.sent.length = 0;
    return { here, device };
  };

  it('proves itself, and no code is asked for', async () => {
    const { here, device } = await setUp();
    const { tokens } = signedIn(await here.auth.signIn({ username, password: PASSWORD, authFlow, device }));
    expect(tokens).not.toHaveProperty('newDeviceMetadata');
    expect(here.sent.map(({ request }) => request['ChallengeName']).filter(Boolean)).toEqual([
      ...(authFlow === 'USER_SRP_AUTH' ? ['PASSWORD_VERIFIER'] : []),
      'DEVICE_SRP_AUTH',
      'DEVICE_PASSWORD_VERIFIER',
    ]);
    expect(JSON.stringify(here.sent)).not.toContain(device.devicePassword);
    // The tokens are this device's.
    const refreshToken = tokens.refreshToken as string;
    expect(await here.auth.refresh({ refreshToken, deviceKey: device.deviceKey })).toMatchObject({
      username,
    });
    await expect(here.auth.refresh({ refreshToken })).rejects.toThrow(named('NotAuthorizedException'));
  });

  it('is nobody with another password, or unknown', async () => {
    const { here, device } = await setUp();
    const signIn = (other: Partial<RememberedDevice>) =>
      here.auth.signIn({ username, password: PASSWORD, authFlow, device: { ...device, ...other } });
    await expect(signIn({ devicePassword: 'wrong' })).rejects.toThrow(named('NotAuthorizedException'));
    await expect(signIn({ deviceGroupKey: '-wrong' })).rejects.toThrow(named('NotAuthorizedException'));
    const deviceKey = 'eu-central-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
    await expect(signIn({ deviceKey })).rejects.toThrow(named('ResourceNotFoundException'));
    challenged(await here.auth.signIn({ username, password: PASSWORD, authFlow }), 'SMS_MFA');
  });

  it('known by its key alone, is asked to prove itself', async () => {
    const { here, device } = await setUp();
    const { deviceKey } = device;
    const ask = async () =>
      challenged(
        await here.auth.signIn({ username, password: PASSWORD, authFlow, device: { deviceKey } }),
        'DEVICE_SRP_AUTH',
      );
    const asked = await ask();
    expect(asked.deviceKey).toBe(deviceKey);
    signedIn(await here.auth.respondToChallenge(asked, { device }));

    // By a caller who does SRP.
    const srp = new SrpClient();
    const verifier = challenged(
      await here.auth.respondToChallenge(await ask(), { srpA: srp.publicValue }),
      'DEVICE_PASSWORD_VERIFIER',
    );
    expect(verifier.deviceKey).toBe(deviceKey);
    const identity = { realm: device.deviceGroupKey, name: deviceKey, password: device.devicePassword };
    signedIn(await here.auth.respondToChallenge(verifier, srp.prove(verifier, identity, new Date())));
  });
});

describe('a new device', () => {
  it('is remembered when the user says so, and until then a code is asked for', async () => {
    const here = await tracking(false);
    const tokens = await firstSignIn(here);
    const confirmed = await here.auth.confirmDevice(tokens);
    expect(confirmed).toEqual({
      device: { ...tokens.newDeviceMetadata, devicePassword: expect.stringMatching(/^.{40,}$/) },
      userConfirmationNecessary: true,
    });
    const { device } = confirmed;
    const asked = challenged(await here.auth.signIn({ username, password: PASSWORD, device }), 'SMS_MFA');
    const code = here.code(username);
    const again = signedIn(await here.auth.respondToChallenge(asked, { code, device })).tokens;
    // Named with the answer as well, it is the device of the sign-in, and not another new one.
    expect(again).not.toHaveProperty('newDeviceMetadata');
    await sdk.updateDeviceStatus({
      AccessToken: tokens.accessToken,
      DeviceKey: device.deviceKey,
      DeviceRememberedStatus: 'remembered',
    });
    signedIn(await here.auth.signIn({ username, password: PASSWORD, device }));
  });

  it('is confirmed once, by who has it', async () => {
    const here = await tracking(false);
    const tokens = await firstSignIn(here);
    const newDeviceMetadata = {
      ...tokens.newDeviceMetadata,
      deviceKey: 'eu-central-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    };
    await expect(here.auth.confirmDevice({ ...tokens, newDeviceMetadata })).rejects.toThrow(
      named('InvalidParameterException'),
    );
    await expect(here.auth.confirmDevice({ ...tokens, accessToken: 'rubbish' })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
    const { device } = await here.auth.confirmDevice(tokens);
    await expect(here.auth.confirmDevice(tokens)).rejects.toThrow(named('DeviceKeyExistsException'));
    expect(device.deviceKey).toBe(tokens.newDeviceMetadata.deviceKey);
  });
});

// The library's big integers are slow.
describe('a device and amazon-cognito-identity-js', { timeout: 60_000 }, () => {
  it('has the library’s proof believed for a device that was confirmed here', async () => {
    const here = await tracking(false);
    const { accessToken, newDeviceMetadata } = await firstSignIn(here);
    const { device } = await here.auth.confirmDevice({ accessToken, newDeviceMetadata, remember: true });
    const items = deviceItems(here, username);
    const storage = memory();
    for (const member of ['deviceKey', 'deviceGroupKey', 'devicePassword'] as const) {
      storage.setItem(items[member], device[member]);
    }
    const { session, asked } = await signInThroughIdentityJs(here, username, PASSWORD, storage);
    expect(asked).toBe(false);
    expect(session.getAccessToken().payload['device_key']).toBe(device.deviceKey);

    storage.setItem(items.devicePassword, 'another');
    await expect(signInThroughIdentityJs(here, username, PASSWORD, storage)).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    });
  });

  it('proves a device that the library has confirmed', async () => {
    const here = await tracking(false);
    await here.user(username, { phone_number: '+15550001234' });
    const storage = memory();
    const first = await signInThroughIdentityJs(here, username, PASSWORD, storage);
    expect(first.asked).toBe(true);
    await new Promise((resolve, reject) => {
      first.user.setDeviceStatusRemembered({ onSuccess: resolve, onFailure: reject });
    });
    const items = deviceItems(here, username);
    const kept = (name: string) => storage.getItem(name) as string;
    const device = {
      deviceKey: kept(items.deviceKey),
      deviceGroupKey: kept(items.deviceGroupKey),
      devicePassword: kept(items.devicePassword),
    };
    const authFlow = 'USER_SRP_AUTH';
    const { tokens } = signedIn(await here.auth.signIn({ username, password: PASSWORD, authFlow, device }));
    expect(tokens).not.toHaveProperty('newDeviceMetadata');
    const wrong = { ...device, devicePassword: 'another' };
    await expect(here.auth.signIn({ username, password: PASSWORD, authFlow, device: wrong })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });
});
