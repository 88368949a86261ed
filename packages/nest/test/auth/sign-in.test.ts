import { URI } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { SoftwarePasskey } from '../../../../test/support/software-authenticator.js';
import { SrpClient } from '../../src/services/auth/srp.js';
import { signInThroughIdentityJs } from '../support/identity-js.js';
import { challenged, invalid, named, PASSWORD, signedIn, startSignIns } from '../support/sign-in.js';

/** The pool's own challenge: a sum, after the password where the client begins with SRP. */
const { clock, sdk, pool } = await startSignIns({
  defineAuthChallenge: (event) => {
    const last = event.request.session.at(-1);
    if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER';
    else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult)
      event.response.issueTokens = true;
    else if (event.request.session.length > 3) event.response.failAuthentication = true;
    else event.response.challengeName = 'CUSTOM_CHALLENGE';
    return event;
  },
  createAuthChallenge: (event) => {
    event.response.publicChallengeParameters = { question: '5 + 1' };
    event.response.privateChallengeParameters = { answer: '6' };
    return event;
  },
  verifyAuthChallengeResponse: (event) => {
    event.response.answerCorrect =
      event.request.challengeAnswer === '6' && event.request.clientMetadata?.['from'] === 'test';
    return event;
  },
});
const NEW_PASSWORD = 'Correct-horse-10';
const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));

/** The next code of an authenticator app: one is good once. */
function totp(uri: string): string {
  clock.advance(30_000);
  return (URI.parse(uri) as import('otpauth').TOTP).generate({ timestamp: clock.now() });
}

describe.each([false, true])('USER_SRP_AUTH (signed: %s)', (signed) => {
  const authFlow = 'USER_SRP_AUTH';

  it('signs in, and never sends the password', async () => {
    const here = await pool({ AliasAttributes: ['email'] }, { GenerateSecret: true });
    const { auth, sent } = here;
    await here.user('ada', { email: 'ada@example.com', email_verified: 'true' });
    for (const username of ['ada', 'ada@example.com']) {
      const result = signedIn(await auth.signIn({ username, password: PASSWORD, authFlow, signed }));
      expect(result.username).toBe('ada');
    }
    const prefix = signed ? 'Admin' : '';
    expect(sent.map(({ operation }) => operation)).toEqual([
      `${prefix}InitiateAuth`,
      `${prefix}RespondToAuthChallenge`,
      `${prefix}InitiateAuth`,
      `${prefix}RespondToAuthChallenge`,
    ]);
    expect(JSON.stringify(sent)).not.toContain(PASSWORD);
    await expect(
      auth.signIn({ username: 'ada', password: 'Wrong-horse-9', authFlow, signed }),
    ).rejects.toThrow(named('NotAuthorizedException', 'Incorrect username or password.'));
    await expect(auth.signIn({ username: 'nobody', password: PASSWORD, authFlow, signed })).rejects.toThrow(
      named('UserNotFoundException'),
    );
  });

  it('leads an invited user to a password of their own', async () => {
    const here = await pool({
      Schema: [{ Name: 'given_name', AttributeDataType: 'String', Required: true, Mutable: true }],
    });
    const { auth, sent } = here;
    await here.invited('ada');
    const challenge = challenged(
      await auth.signIn({ username: 'ada', password: PASSWORD, authFlow, signed }),
      'NEW_PASSWORD_REQUIRED',
    );
    expect(challenge).toMatchObject({ username: 'ada', signed, requiredAttributes: ['given_name'] });
    await expect(auth.respondToChallenge(challenge, { newPassword: NEW_PASSWORD })).rejects.toThrow(
      named('InvalidParameterException'),
    );
    const userAttributes = { given_name: 'Ada' };
    signedIn(await auth.respondToChallenge(challenge, { newPassword: NEW_PASSWORD, userAttributes }));
    expect(sent.at(-1)?.operation).toBe(signed ? 'AdminRespondToAuthChallenge' : 'RespondToAuthChallenge');
  });

  it('lets the caller do SRP', async () => {
    const here = await pool();
    await here.user('ada');
    const srp = new SrpClient();
    const challenge = challenged(
      await here.auth.signIn({ username: 'ada', srpA: srp.publicValue, authFlow, signed }),
      'PASSWORD_VERIFIER',
    );
    expect(challenge).not.toHaveProperty('session');
    const realm = here.userPoolId.split('_')[1] as string;
    const identity = { realm, name: challenge.userIdForSrp, password: PASSWORD };
    const proof = srp.prove(challenge, identity, new Date());
    signedIn(await here.auth.respondToChallenge(challenge, proof));
    // The block is good once.
    await expect(here.auth.respondToChallenge(challenge, proof)).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });
});

describe('SRP', () => {
  it('signs the same user in as amazon-cognito-identity-js does', { timeout: 60_000 }, async () => {
    const here = await pool();
    await here.user('ada');
    const { tokens } = signedIn(
      await here.auth.signIn({ username: 'ada', password: PASSWORD, authFlow: 'USER_SRP_AUTH' }),
    );
    const { userAttributes } = await here.auth.getUser({ accessToken: tokens.accessToken });
    const { session } = await signInThroughIdentityJs(here, 'ada', PASSWORD);
    expect(session.getAccessToken().payload['sub']).toBe(userAttributes.sub);
    await expect(signInThroughIdentityJs(here, 'ada', 'Wrong-horse-9')).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    });
  });

  it('is what a module set to it uses, and needs no AWS credentials', async () => {
    const here = await pool();
    await here.user('ada');
    const client = { credentials: () => Promise.reject(new Error('asked for credentials')) };
    const auth = await here.service({ authFlow: 'USER_SRP_AUTH', client });
    signedIn(await auth.signIn({ username: 'ada', password: PASSWORD }));
    expect(here.sent.map(({ request }) => request['AuthFlow'])).toContain('USER_SRP_AUTH');
  });

  it('does not tell whether a user exists where the client does not', async () => {
    const here = await pool({}, { PreventUserExistenceErrors: 'ENABLED' });
    await expect(
      here.auth.signIn({ username: 'nobody', password: PASSWORD, authFlow: 'USER_SRP_AUTH' }),
    ).rejects.toThrow(named('NotAuthorizedException', 'Incorrect username or password.'));
  });
});

describe('a second factor', () => {
  it('by SMS: the code, another one, and no third answer', async () => {
    const here = await pool(
      {},
      {},
      {
        MfaConfiguration: 'ON',
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
      },
    );
    await here.user('ada', { phone_number: '+15550001234' });
    const challenge = challenged(await here.auth.signIn({ username: 'ada', password: PASSWORD }), 'SMS_MFA');
    expect(challenge).toEqual({
      name: 'SMS_MFA',
      username: 'ada',
      session: expect.any(String),
      signed: false,
      deliveryMedium: 'SMS',
      destination: '+*******1234',
    });
    const code = here.code('ada');
    await expect(here.auth.respondToChallenge(challenge, { code: wrong(code) })).rejects.toThrow(
      named('CodeMismatchException'),
    );
    signedIn(await here.auth.respondToChallenge(challenge, { code }));
    await expect(here.auth.respondToChallenge(challenge, { code })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });

  it('that is set up on the way: an authenticator app, then its codes', async () => {
    const here = await pool(
      {},
      { GenerateSecret: true },
      {
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      },
    );
    await here.user('ada');
    const signIn = () => here.auth.signIn({ username: 'ada', password: PASSWORD, authFlow: 'USER_SRP_AUTH' });
    const challenge = challenged(await signIn(), 'MFA_SETUP');
    expect(challenge.mfaTypes).toContain('SOFTWARE_TOKEN_MFA');
    await expect(here.auth.setUpSoftwareToken(challenge, { issuer: 'A:B' })).rejects.toThrow(
      invalid('"issuer"'),
    );
    const setUp = await here.auth.setUpSoftwareToken(challenge, {
      issuer: 'Horse & Cart',
      accountName: 'ada@example.com',
    });
    expect(setUp.otpauthUri).toBe(
      `otpauth://totp/Horse%20%26%20Cart:ada%40example.com?secret=${setUp.secretCode}&issuer=Horse%20%26%20Cart`,
    );
    expect(URI.parse(setUp.otpauthUri)).toMatchObject({ issuer: 'Horse & Cart', label: 'ada@example.com' });
    const code = totp(setUp.otpauthUri);
    await expect(here.auth.respondToChallenge(setUp.challenge, { code: wrong(code) })).rejects.toThrow(
      named('EnableSoftwareTokenMFAException'),
    );
    signedIn(await here.auth.respondToChallenge(setUp.challenge, { code, friendlyDeviceName: 'Phone' }));

    const again = challenged(await signIn(), 'SOFTWARE_TOKEN_MFA');
    expect(again.friendlyDeviceName).toBe('Phone');
    const next = totp(setUp.otpauthUri);
    await expect(here.auth.respondToChallenge(again, { code: wrong(next) })).rejects.toThrow(
      named('CodeMismatchException'),
    );
    signedIn(await here.auth.respondToChallenge(again, { code: next }));
    const third = challenged(await signIn(), 'SOFTWARE_TOKEN_MFA');
    await expect(here.auth.respondToChallenge(third, { code: next })).rejects.toThrow(
      named('ExpiredCodeException'),
    );
    // The session of before the set-up is of no use any more.
    await expect(here.auth.setUpSoftwareToken(challenge, { issuer: 'X' })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });

  it('of several: the user chooses', async () => {
    const here = await pool(
      {},
      {},
      {
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
        SoftwareTokenMfaConfiguration: { Enabled: true },
      },
    );
    await here.user('ada', { phone_number: '+15550001234', phone_number_verified: 'true' });
    const { tokens } = signedIn(await here.auth.signIn({ username: 'ada', password: PASSWORD }));
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken: tokens.accessToken });
    const uri = `otpauth://totp/a:b?secret=${SecretCode}&issuer=a`;
    await sdk.verifySoftwareToken({ AccessToken: tokens.accessToken, UserCode: totp(uri) });
    await sdk.setUserMFAPreference({
      AccessToken: tokens.accessToken,
      SMSMfaSettings: { Enabled: true },
      SoftwareTokenMfaSettings: { Enabled: true },
    });
    const select = challenged(
      await here.auth.signIn({ username: 'ada', password: PASSWORD }),
      'SELECT_MFA_TYPE',
    );
    expect([...select.mfaTypes].sort()).toEqual(['SMS_MFA', 'SOFTWARE_TOKEN_MFA']);
    const chosen = challenged(
      await here.auth.respondToChallenge(select, { answer: 'SOFTWARE_TOKEN_MFA' }),
      'SOFTWARE_TOKEN_MFA',
    );
    signedIn(await here.auth.respondToChallenge(chosen, { code: totp(uri) }));
  });
});

describe('CUSTOM_AUTH', () => {
  it('asks what the pool’s triggers ask', async () => {
    const here = await pool();
    await here.user('ada');
    const first = challenged(
      await here.auth.signIn({ username: 'ada', authFlow: 'CUSTOM_AUTH' }),
      'CUSTOM_CHALLENGE',
    );
    expect(first.parameters).toEqual({ question: '5 + 1' });
    // Not right, and not the end: the trigger asks again.
    const second = challenged(await here.auth.respondToChallenge(first, { answer: '7' }), 'CUSTOM_CHALLENGE');
    const clientMetadata = { from: 'test' };
    signedIn(await here.auth.respondToChallenge(second, { answer: '6', clientMetadata }));
  });

  it('after the password, proven by SRP', async () => {
    const here = await pool();
    await here.user('ada');
    const signIn = (password: string) =>
      here.auth.signIn({ username: 'ada', password, authFlow: 'CUSTOM_AUTH' });
    await expect(signIn('Wrong-horse-9')).rejects.toThrow(named('NotAuthorizedException'));
    const challenge = challenged(await signIn(PASSWORD), 'CUSTOM_CHALLENGE');
    signedIn(
      await here.auth.respondToChallenge(challenge, { answer: '6', clientMetadata: { from: 'test' } }),
    );
    expect(JSON.stringify(here.sent)).not.toContain(PASSWORD);
  });
});

describe('USER_AUTH', () => {
  const choices = () =>
    pool(
      {
        Policies: {
          SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] },
        },
      },
      { GenerateSecret: true },
      { WebAuthnConfiguration: { RelyingPartyId: 'localhost', UserVerification: 'preferred' } },
    );
  const addresses = {
    email: 'ada@example.com',
    email_verified: 'true',
    phone_number: '+15550001234',
    phone_number_verified: 'true',
  };

  it('lets the user choose: each way to begin, from start to tokens', async () => {
    const here = await choices();
    await here.user('ada', addresses);
    const start = async () =>
      challenged(await here.auth.signIn({ username: 'ada', authFlow: 'USER_AUTH' }), 'SELECT_CHALLENGE');
    expect([...(await start()).availableChallenges].sort()).toEqual([
      'EMAIL_OTP',
      'PASSWORD',
      'PASSWORD_SRP',
      'SMS_OTP',
    ]);
    signedIn(await here.auth.respondToChallenge(await start(), { answer: 'PASSWORD', password: PASSWORD }));
    here.sent.length = 0;
    signedIn(
      await here.auth.respondToChallenge(await start(), { answer: 'PASSWORD_SRP', password: PASSWORD }),
    );
    for (const answer of ['EMAIL_OTP', 'SMS_OTP'] as const) {
      const asked = challenged(await here.auth.respondToChallenge(await start(), { answer }), answer);
      expect(asked.destination).toMatch(/\*/);
      signedIn(await here.auth.respondToChallenge(asked, { code: here.code('ada') }));
    }
    const password = challenged(
      await here.auth.respondToChallenge(await start(), { answer: 'PASSWORD_SRP' }),
      'PASSWORD_SRP',
    );
    signedIn(await here.auth.respondToChallenge(password, { password: PASSWORD }));
    expect(JSON.stringify(here.sent)).not.toContain(PASSWORD);
    const sent = challenged(
      await here.auth.respondToChallenge(await start(), { answer: 'PASSWORD' }),
      'PASSWORD',
    );
    await expect(here.auth.respondToChallenge(sent, { password: 'Wrong-horse-9' })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
    signedIn(await here.auth.respondToChallenge(sent, { password: PASSWORD }));
  });

  it('begins as the caller prefers', async () => {
    const here = await choices();
    await here.user('ada', addresses);
    const base = { username: 'ada', authFlow: 'USER_AUTH' } as const;
    const code = challenged(
      await here.auth.signIn({ ...base, preferredChallenge: 'EMAIL_OTP' as const }),
      'EMAIL_OTP',
    );
    signedIn(await here.auth.respondToChallenge(code, { code: here.code('ada') }));
    signedIn(await here.auth.signIn({ ...base, password: PASSWORD }));
    expect(JSON.stringify(here.sent)).not.toContain(PASSWORD);
    signedIn(
      await here.auth.signIn({
        ...base,
        preferredChallenge: 'PASSWORD' as const,
        password: PASSWORD,
        signed: true,
      }),
    );
    expect(here.sent.at(-1)?.operation).toBe('AdminInitiateAuth');
    const proof = await here.auth.signIn({
      ...base,
      preferredChallenge: 'PASSWORD_SRP' as const,
      srpA: 'abcdef',
    });
    expect(challenged(proof, 'PASSWORD_VERIFIER').userIdForSrp).toBe('ada');
  });

  it('with a passkey, whose letters are the W3C’s', async () => {
    const here = await choices();
    await here.user('ada', addresses);
    const { tokens } = signedIn(await here.auth.signIn({ username: 'ada', password: PASSWORD }));
    const AccessToken = tokens.accessToken;
    const passkey = new SoftwarePasskey();
    const { CredentialCreationOptions } = await sdk.startWebAuthnRegistration({ AccessToken });
    const Credential = passkey.create(CredentialCreationOptions as never);
    await sdk.completeWebAuthnRegistration({ AccessToken, Credential });

    const signIn = () =>
      here.auth.signIn({ username: 'ada', authFlow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' });
    const challenge = challenged(await signIn(), 'WEB_AUTHN');
    expect(challenge.credentialRequestOptions).toMatchObject({
      rpId: 'localhost',
      challenge: expect.any(String),
    });
    const other = new SoftwarePasskey().get(challenge.credentialRequestOptions);
    await expect(here.auth.respondToChallenge(challenge, { credential: other })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
    const credential = passkey.get(challenge.credentialRequestOptions);
    signedIn(await here.auth.respondToChallenge(challenge, { credential }));
    // A signature is for one challenge.
    const next = challenged(await signIn(), 'WEB_AUTHN');
    await expect(here.auth.respondToChallenge(next, { credential })).rejects.toThrow(
      named('NotAuthorizedException'),
    );
  });
});
