import type { CognitoUser, CognitoUserSession, IAuthenticationCallback } from 'amazon-cognito-identity-js';
import { describe, expect, it } from 'vitest';
import { appCode, wrongCode } from '../operations/authenticator-app.js';
import { PASSWORD, TestPool } from '../operations/support.js';
import { serveWithTriggers } from '../triggers/support.js';
import { app, credentials, promised } from './identity-js.js';

const server = await serveWithTriggers();
const { sdk, clock, triggers } = server;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };

async function poolWith(MfaConfiguration: 'ON' | 'OPTIONAL', factor: 'sms' | 'totp') {
  const pool = await TestPool.create(server, { SmsConfiguration: SMS }, { ExplicitAuthFlows: undefined });
  await sdk.setUserPoolMfaConfig({
    UserPoolId: pool.id,
    MfaConfiguration,
    ...(factor === 'sms' && { SmsMfaConfiguration: { SmsConfiguration: SMS } }),
    ...(factor === 'totp' && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
  });
  return pool;
}

/** The authenticator app's next code: one is good once. */
function nextCode(secret: string): string {
  clock.advance(30_000);
  return appCode(secret, clock.now());
}

/** Where a step of the library ends: the name of the callback that it called. */
function step(
  begin: (callbacks: IAuthenticationCallback & { associateSecretCode(secret: string): void }) => void,
) {
  return new Promise<{ called: string; value: unknown }>((resolve, reject) => {
    const as = (called: string) => (value: unknown) => resolve({ called, value });
    begin({
      onSuccess: as('onSuccess'),
      onFailure: reject,
      mfaRequired: (_name, parameters) => as('mfaRequired')(parameters),
      totpRequired: as('totpRequired'),
      mfaSetup: as('mfaSetup'),
      customChallenge: as('customChallenge'),
      associateSecretCode: as('associateSecretCode'),
    });
  });
}

const signIn = (user: CognitoUser) =>
  step((callbacks) => user.authenticateUser(credentials(user, PASSWORD), callbacks));

describe('amazon-cognito-identity-js', () => {
  it('sets an authenticator app up, and signs in with it', async () => {
    const pool = await poolWith('OPTIONAL', 'totp');
    await pool.user('amy');
    const amy = app(pool).user('amy');
    await signIn(amy);
    const { called, value } = await step((callbacks) => amy.associateSoftwareToken(callbacks));
    expect(called).toBe('associateSecretCode');
    const secret = value as string;
    await step((callbacks) => amy.verifySoftwareToken(nextCode(secret), 'app', callbacks));
    await promised((done) => amy.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, done));
    expect((await signIn(amy)).called).toBe('totpRequired');
    await expect(
      step((callbacks) => amy.sendMFACode(wrongCode(secret, clock.now()), callbacks, 'SOFTWARE_TOKEN_MFA')),
    ).rejects.toMatchObject({ code: 'CodeMismatchException' });
    const done = await step((callbacks) =>
      amy.sendMFACode(nextCode(secret), callbacks, 'SOFTWARE_TOKEN_MFA'),
    );
    expect((done.value as CognitoUserSession).isValid()).toBe(true);
  });

  it('sets one up on the way in, where the pool demands a factor', async () => {
    const pool = await poolWith('ON', 'totp');
    await pool.user('bob');
    const bob = app(pool).user('bob');
    expect((await signIn(bob)).called).toBe('mfaSetup');
    const { value } = await step((callbacks) => bob.associateSoftwareToken(callbacks));
    const done = await step((callbacks) =>
      bob.verifySoftwareToken(nextCode(value as string), 'app', callbacks),
    );
    expect((done.value as CognitoUserSession).isValid()).toBe(true);
    expect((await signIn(app(pool).user('bob'))).called).toBe('totpRequired');
  });

  it('signs in with a code by text message', async () => {
    const pool = await poolWith('ON', 'sms');
    await pool.user('cat', { phone_number: '+15550001234' });
    const cat = app(pool).user('cat');
    const { called, value } = await signIn(cat);
    expect(called).toBe('mfaRequired');
    expect(value).toMatchObject({ CODE_DELIVERY_DESTINATION: '+*******1234' });
    const code = pool.lastMessage().code as string;
    const done = await step((callbacks) => cat.sendMFACode(code, callbacks));
    expect((done.value as CognitoUserSession).isValid()).toBe(true);
  });

  it('answers custom challenges', async () => {
    triggers.defineAuthChallenge = (event) => {
      if (event.request.session.at(-1)?.challengeResult) event.response.issueTokens = true;
      else event.response.challengeName = 'CUSTOM_CHALLENGE';
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
    await pool.user('dan');
    const dan = app(pool).user('dan');
    dan.setAuthenticationFlowType('CUSTOM_AUTH');
    const begun = await step((callbacks) => dan.initiateAuth(credentials(dan, ''), callbacks));
    expect(begun).toMatchObject({ called: 'customChallenge', value: { captcha: 'five plus one' } });
    const again = await step((callbacks) => dan.sendCustomChallengeAnswer('7', callbacks));
    expect(again.called).toBe('customChallenge');
    const done = await step((callbacks) => dan.sendCustomChallengeAnswer('6', callbacks));
    expect((done.value as CognitoUserSession).isValid()).toBe(true);
  });
});
