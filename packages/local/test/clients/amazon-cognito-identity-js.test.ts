import {
  CognitoRefreshToken,
  type CognitoUser,
  CognitoUserAttribute,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, PASSWORD, serve, TestPool } from '../operations/support.js';
import { app, credentials, memory, promised } from './identity-js.js';

const server = await serve();
const { sdk } = server;
const NEW = 'Brand-new1';
let plain: TestPool;
let tracking: TestPool;

beforeAll(async () => {
  plain = await TestPool.create(
    server,
    { AutoVerifiedAttributes: ['email'] },
    { ExplicitAuthFlows: undefined },
  );
  tracking = await TestPool.create(
    server,
    { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true } },
    { ExplicitAuthFlows: undefined },
  );
});

interface SignedIn {
  readonly session?: CognitoUserSession;
  /** The user has to be asked whether the device is to be remembered. */
  readonly confirmationNecessary?: boolean | undefined;
  readonly newPassword?: { readonly required: unknown; readonly attributes: Record<string, string> };
}

function signIn(user: CognitoUser, Password = PASSWORD): Promise<SignedIn> {
  return new Promise((resolve, reject) => {
    user.authenticateUser(credentials(user, Password), {
      onSuccess: (session, confirmationNecessary) => resolve({ session, confirmationNecessary }),
      onFailure: reject,
      newPasswordRequired: (attributes, required) => resolve({ newPassword: { attributes, required } }),
    });
  });
}

describe('amazon-cognito-identity-js', () => {
  it('signs up, confirms, signs in by SRP, refreshes and signs out', async () => {
    const { userPool, user } = app(plain);
    await promised((done) =>
      userPool.signUp(
        'amy',
        PASSWORD,
        [new CognitoUserAttribute({ Name: 'email', Value: 'amy@example.com' })],
        [],
        done,
      ),
    );
    const amy = user('amy');
    await expect(signIn(amy)).rejects.toMatchObject({ code: 'UserNotConfirmedException' });
    await promised((done) => amy.confirmRegistration(plain.lastMessage().code as string, true, done));
    await expect(signIn(amy, 'Wrong-one1')).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    const { session } = await signIn(amy);
    expect(session?.isValid()).toBe(true);
    expect(session?.getIdToken().payload).toMatchObject({ email: 'amy@example.com', email_verified: true });

    const attributes = await promised<CognitoUserAttribute[]>((done) => amy.getUserAttributes(done));
    expect(Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]))).toMatchObject({
      email: 'amy@example.com',
    });

    const RefreshToken = session?.getRefreshToken().getToken() as string;
    const renewed = await promised<CognitoUserSession>((done) =>
      amy.refreshSession(new CognitoRefreshToken({ RefreshToken }), done),
    );
    expect(renewed.getAccessToken().payload['origin_jti']).toBe(
      session?.getAccessToken().payload['origin_jti'],
    );

    await new Promise((resolve, reject) => amy.globalSignOut({ onSuccess: resolve, onFailure: reject }));
    await expect(
      promised((done) => amy.refreshSession(new CognitoRefreshToken({ RefreshToken }), done)),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });

  it('replaces a temporary password', async () => {
    await plain.invited('ivy', { email: 'ivy@example.com', email_verified: 'true' });
    const ivy = app(plain).user('ivy');
    const { newPassword } = await signIn(ivy);
    expect(newPassword).toEqual({
      attributes: { email: 'ivy@example.com', email_verified: 'true' },
      required: [],
    });
    const session = await new Promise<CognitoUserSession>((resolve, reject) =>
      ivy.completeNewPasswordChallenge(NEW, {}, { onSuccess: resolve, onFailure: reject }),
    );
    expect(session.isValid()).toBe(true);
    expect((await signIn(ivy, NEW)).session?.isValid()).toBe(true);
  });

  it('recovers a forgotten password and changes a known one', async () => {
    await plain.user('fay', { email: 'fay@example.com', email_verified: 'true' });
    const fay = app(plain).user('fay');
    const delivery = await new Promise<unknown>((resolve, reject) =>
      fay.forgotPassword({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve }),
    );
    expect(delivery).toMatchObject({ CodeDeliveryDetails: { Destination: 'f***@e***' } });
    const code = plain.lastMessage().code as string;
    await new Promise((resolve, reject) =>
      fay.confirmPassword(code, NEW, { onSuccess: resolve, onFailure: reject }),
    );
    await signIn(fay, NEW);
    await promised((done) => fay.changePassword(NEW, 'Changed-it1', done));
    expect((await signIn(fay, 'Changed-it1')).session?.isValid()).toBe(true);
  });

  it('has a device remembered, signs in with it, and has it forgotten', async () => {
    await tracking.user('dan');
    const storage = memory();
    const dan = app(tracking, storage).user('dan');
    const first = await signIn(dan);
    expect(first.confirmationNecessary).toBe(true);
    await new Promise((resolve, reject) =>
      dan.setDeviceStatusRemembered({ onSuccess: resolve, onFailure: reject }),
    );
    const deviceKey = decode(first.session?.getAccessToken().getJwtToken()).claims['device_key'];
    expect(deviceKey).toMatch(/^us-east-1_[0-9a-f-]{36}$/);

    // The library proves the device on its own: DEVICE_SRP_AUTH, then DEVICE_PASSWORD_VERIFIER.
    const again = app(tracking, storage).user('dan');
    const { session } = await signIn(again);
    expect(decode(session?.getAccessToken().getJwtToken()).claims['device_key']).toBe(deviceKey);
    const { Devices } = await sdk.adminListDevices({ UserPoolId: tracking.id, Username: 'dan' });
    expect(Devices?.map(({ DeviceKey }) => DeviceKey)).toEqual([deviceKey]);

    const renewed = await promised<CognitoUserSession>((done) =>
      again.refreshSession(session?.getRefreshToken() as CognitoRefreshToken, done),
    );
    expect(decode(renewed.getAccessToken().getJwtToken()).claims['device_key']).toBe(deviceKey);

    // Forgotten meanwhile: the library drops the key, and the same proof signs in without it.
    await sdk.adminForgetDevice({
      UserPoolId: tracking.id,
      Username: 'dan',
      DeviceKey: deviceKey as string,
    });
    const { session: other } = await signIn(app(tracking, storage).user('dan'));
    const otherKey = decode(other?.getAccessToken().getJwtToken()).claims['device_key'];
    expect(otherKey).toMatch(/^us-east-1_/);
    expect(otherKey).not.toBe(deviceKey);
  });

  it('lists and forgets devices', async () => {
    await tracking.user('dora');
    const dora = app(tracking).user('dora');
    await signIn(dora);
    const listed = await new Promise<{ Devices: unknown[] }>((resolve, reject) =>
      dora.listDevices(10, null, { onSuccess: resolve, onFailure: reject }),
    );
    expect(listed.Devices).toHaveLength(1);
    await new Promise((resolve, reject) => dora.forgetDevice({ onSuccess: resolve, onFailure: reject }));
    const { Devices } = await sdk.adminListDevices({ UserPoolId: tracking.id, Username: 'dora' });
    expect(Devices).toEqual([]);
  });
});
