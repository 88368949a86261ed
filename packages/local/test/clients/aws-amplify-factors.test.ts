import {
  confirmSignIn,
  fetchMFAPreference,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { afterEach, describe, expect, it } from 'vitest';
import { appCode } from '../operations/authenticator-app.js';
import { PASSWORD, TestPool } from '../operations/support.js';
import { serveWithTriggers } from '../triggers/support.js';
import { useAmplify } from './amplify.js';

const server = await serveWithTriggers();
const { sdk, clock, triggers } = server;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
const STEP_MS = 30_000;
const SIGNED_IN = { isSignedIn: true, nextStep: { signInStep: 'DONE' } };

async function poolWith(MfaConfiguration: 'ON' | 'OPTIONAL', ...factors: ('sms' | 'totp' | 'email')[]) {
  const pool = await TestPool.create(
    server,
    {
      SmsConfiguration: SMS,
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
      },
    },
    { ExplicitAuthFlows: undefined },
  );
  await sdk.setUserPoolMfaConfig({
    UserPoolId: pool.id,
    MfaConfiguration,
    ...(factors.includes('sms') && { SmsMfaConfiguration: { SmsConfiguration: SMS } }),
    ...(factors.includes('totp') && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
    ...(factors.includes('email') && { EmailMfaConfiguration: {} }),
  });
  return pool;
}

/** The authenticator app's next code: one is good once. */
function nextCode(secret: string): string {
  clock.advance(STEP_MS);
  return appCode(secret, clock.now());
}

afterEach(() => signOut());

describe('aws-amplify', () => {
  it('sets an authenticator app up, and signs in with it', async () => {
    const pool = await poolWith('OPTIONAL', 'totp');
    useAmplify(pool);
    await pool.user('amy');
    await signIn({ username: 'amy', password: PASSWORD });
    const { sharedSecret } = await setUpTOTP();
    await verifyTOTPSetup({ code: nextCode(sharedSecret) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    await expect(fetchMFAPreference()).resolves.toEqual({ enabled: ['TOTP'], preferred: 'TOTP' });
    await signOut();
    const { nextStep } = await signIn({ username: 'amy', password: PASSWORD });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    await expect(confirmSignIn({ challengeResponse: nextCode(sharedSecret) })).resolves.toMatchObject(
      SIGNED_IN,
    );
  });

  it('sets one up on the way in, where the pool demands a factor', async () => {
    const pool = await poolWith('ON', 'totp');
    useAmplify(pool);
    await pool.user('bob');
    const { nextStep } = await signIn({ username: 'bob', password: PASSWORD });
    if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') throw new Error(nextStep.signInStep);
    const { sharedSecret } = nextStep.totpSetupDetails;
    await expect(confirmSignIn({ challengeResponse: nextCode(sharedSecret) })).resolves.toMatchObject(
      SIGNED_IN,
    );
    await signOut();
    await expect(signIn({ username: 'bob', password: PASSWORD })).resolves.toMatchObject({
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    });
    await expect(confirmSignIn({ challengeResponse: nextCode(sharedSecret) })).resolves.toMatchObject(
      SIGNED_IN,
    );
  });

  it('signs in with codes by text message and by e-mail, of which the user chooses', async () => {
    const pool = await poolWith('OPTIONAL', 'sms', 'email');
    useAmplify(pool);
    await pool.user('cat', {
      email: 'cat@example.com',
      email_verified: 'true',
      phone_number: '+15550001234',
      phone_number_verified: 'true',
    });
    await signIn({ username: 'cat', password: PASSWORD });
    await updateMFAPreference({ sms: 'ENABLED', email: 'ENABLED' });
    for (const [choice, step, destination] of [
      ['SMS', 'CONFIRM_SIGN_IN_WITH_SMS_CODE', '+*******1234'],
      ['EMAIL', 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE', 'c***@e***'],
    ] as const) {
      await signOut();
      const { nextStep } = await signIn({ username: 'cat', password: PASSWORD });
      expect(nextStep).toMatchObject({
        signInStep: 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION',
        allowedMFATypes: ['SMS', 'EMAIL'],
      });
      const chosen = await confirmSignIn({ challengeResponse: choice });
      expect(chosen.nextStep).toMatchObject({ signInStep: step, codeDeliveryDetails: { destination } });
      const { code } = pool.lastMessage();
      await expect(confirmSignIn({ challengeResponse: code as string })).resolves.toMatchObject(SIGNED_IN);
    }
  });

  it.each(['CUSTOM_WITHOUT_SRP', 'CUSTOM_WITH_SRP'] as const)('signs in by %s', async (authFlowType) => {
    triggers.defineAuthChallenge = (event) => {
      const last = event.request.session.at(-1);
      if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER';
      else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
        event.response.issueTokens = true;
      } else event.response.challengeName = 'CUSTOM_CHALLENGE';
      return event;
    };
    triggers.createAuthChallenge = (event) => {
      event.response.publicChallengeParameters = { captcha: 'five plus one' };
      event.response.privateChallengeParameters = { answer: '6' };
      return event;
    };
    triggers.verifyAuthChallengeResponse = (event) => {
      event.response.answerCorrect = event.request.challengeAnswer === '6';
      return event;
    };
    const pool = await TestPool.create(server, {}, { ExplicitAuthFlows: undefined });
    useAmplify(pool);
    await pool.user('dan');
    const { nextStep } = await signIn({
      username: 'dan',
      ...(authFlowType === 'CUSTOM_WITH_SRP' && { password: PASSWORD }),
      options: { authFlowType },
    });
    expect(nextStep).toMatchObject({
      signInStep: 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE',
      additionalInfo: { captcha: 'five plus one' },
    });
    await expect(confirmSignIn({ challengeResponse: '7' })).resolves.toMatchObject({ isSignedIn: false });
    await expect(confirmSignIn({ challengeResponse: '6' })).resolves.toMatchObject(SIGNED_IN);
  });
});
