import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchDevices,
  forgetDevice,
  getCurrentUser,
  rememberDevice,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
} from 'aws-amplify/auth';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, serve, TestPool } from '../operations/support.js';
import { useAmplify } from './amplify.js';

const server = await serve();
const { sdk } = server;
const NEW = 'Brand-new1';
let plain: TestPool;
let tracking: TestPool;
let choosing: TestPool;

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
  choosing = await TestPool.create(
    server,
    {
      AutoVerifiedAttributes: ['email'],
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  );
});

afterEach(() => signOut());

describe('aws-amplify', () => {
  it('signs up, confirms, signs in by SRP, refreshes and signs out', async () => {
    useAmplify(plain);
    const { nextStep } = await signUp({
      username: 'amy',
      password: PASSWORD,
      options: { userAttributes: { email: 'amy@example.com' } },
    });
    expect(nextStep).toMatchObject({
      signUpStep: 'CONFIRM_SIGN_UP',
      codeDeliveryDetails: { destination: 'a***@e***' },
    });
    await expect(signIn({ username: 'amy', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
    });
    await confirmSignUp({ username: 'amy', confirmationCode: plain.lastMessage().code as string });
    await expect(signIn({ username: 'amy', password: 'Wrong-one1' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    await expect(signIn({ username: 'amy', password: PASSWORD })).resolves.toMatchObject({
      isSignedIn: true,
      nextStep: { signInStep: 'DONE' },
    });
    await expect(getCurrentUser()).resolves.toMatchObject({ username: 'amy' });
    const before = await fetchAuthSession();
    const after = await fetchAuthSession({ forceRefresh: true });
    expect(after.tokens?.accessToken.payload['origin_jti']).toBe(
      before.tokens?.accessToken.payload['origin_jti'],
    );
    expect(after.tokens?.accessToken.payload.jti).not.toBe(before.tokens?.accessToken.payload.jti);

    await updatePassword({ oldPassword: PASSWORD, newPassword: NEW });
    await signOut({ global: true });
    await expect(sdk.getUser({ AccessToken: String(after.tokens?.accessToken) })).rejects.toMatchObject({
      message: 'Access Token has been revoked',
    });
    await expect(signIn({ username: 'amy', password: NEW })).resolves.toMatchObject({ isSignedIn: true });
  });

  it('replaces a temporary password', async () => {
    useAmplify(plain);
    await plain.invited('ivy', { email: 'ivy@example.com', email_verified: 'true' });
    const { nextStep } = await signIn({ username: 'ivy', password: PASSWORD });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    await expect(confirmSignIn({ challengeResponse: NEW })).resolves.toMatchObject({ isSignedIn: true });
  });

  it('recovers a forgotten password', async () => {
    useAmplify(plain);
    await plain.user('fay', { email: 'fay@example.com', email_verified: 'true' });
    const { nextStep } = await resetPassword({ username: 'fay' });
    expect(nextStep).toMatchObject({
      resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE',
      codeDeliveryDetails: { destination: 'f***@e***' },
    });
    const confirmationCode = plain.lastMessage().code as string;
    await confirmResetPassword({ username: 'fay', newPassword: NEW, confirmationCode });
    await expect(signIn({ username: 'fay', password: NEW })).resolves.toMatchObject({ isSignedIn: true });
  });

  it('has a device remembered, signs in with it, and starts over when it was forgotten', async () => {
    useAmplify(tracking);
    await tracking.user('dan');
    const deviceKey = async () => (await fetchAuthSession()).tokens?.accessToken.payload['device_key'];
    await signIn({ username: 'dan', password: PASSWORD });
    const key = await deviceKey();
    await rememberDevice();
    expect((await fetchDevices()).map(({ id }) => id)).toEqual([key]);

    await signOut();
    await signIn({ username: 'dan', password: PASSWORD });
    expect(await deviceKey()).toBe(key);
    await fetchAuthSession({ forceRefresh: true });
    expect(await deviceKey()).toBe(key);

    await sdk.adminForgetDevice({ UserPoolId: tracking.id, Username: 'dan', DeviceKey: key as string });
    await signOut();
    await signIn({ username: 'dan', password: PASSWORD });
    expect(await deviceKey()).not.toBe(key);
    await forgetDevice();
    await expect(fetchDevices()).resolves.toEqual([]);
  });

  it('lets a user choose a code, a password, or SRP', async () => {
    useAmplify(choosing);
    await choosing.user('cat', { email: 'cat@example.com', email_verified: 'true' });
    const options = { authFlowType: 'USER_AUTH' } as const;
    const { nextStep } = await signIn({ username: 'cat', options });
    expect(nextStep).toMatchObject({
      signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
      availableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
    });
    const chosen = await confirmSignIn({ challengeResponse: 'EMAIL_OTP' });
    expect(chosen.nextStep).toMatchObject({
      signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
      codeDeliveryDetails: { destination: 'c***@e***' },
    });
    const code = choosing.lastMessage().code as string;
    expect(code).toMatch(/^\d{8}$/);
    await expect(confirmSignIn({ challengeResponse: code })).resolves.toMatchObject({ isSignedIn: true });

    for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP'] as const) {
      await signOut();
      await expect(
        signIn({ username: 'cat', password: PASSWORD, options: { ...options, preferredChallenge } }),
      ).resolves.toMatchObject({ isSignedIn: true });
    }
    for (const choice of ['PASSWORD', 'PASSWORD_SRP']) {
      await signOut();
      await signIn({ username: 'cat', options });
      const { nextStep: asked } = await confirmSignIn({ challengeResponse: choice });
      expect(asked.signInStep).toBe('CONFIRM_SIGN_IN_WITH_PASSWORD');
      await expect(confirmSignIn({ challengeResponse: PASSWORD })).resolves.toMatchObject({
        isSignedIn: true,
      });
    }
  });

  it('signs a user in who has just signed up, without a password', async () => {
    useAmplify(choosing);
    await signUp({
      username: 'new',
      options: {
        userAttributes: { email: 'new@example.com' },
        autoSignIn: { authFlowType: 'USER_AUTH' },
      },
    });
    const { nextStep } = await confirmSignUp({
      username: 'new',
      confirmationCode: choosing.lastMessage().code as string,
    });
    expect(nextStep.signUpStep).toBe('COMPLETE_AUTO_SIGN_IN');
    await expect(autoSignIn()).resolves.toMatchObject({ isSignedIn: true });
    await expect(getCurrentUser()).resolves.toMatchObject({ username: 'new' });
  });
});
