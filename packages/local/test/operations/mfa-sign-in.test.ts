import type {
  ChallengeNameType,
  SetUserPoolMfaConfigRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { appCode, wrongCode } from './authenticator-app.js';
import { SrpClient, timestampOf } from './srp-client.js';
import { decode, expectError, HOUR, list, MINUTE, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const STEP = 30_000;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
const PHONE = '+15550001234';
const EMAIL = 'user@example.com';
const BASE = {
  SmsConfiguration: SMS,
  EmailConfiguration: {
    EmailSendingAccount: 'DEVELOPER',
    SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
  },
} as const;
const ALL = {
  SmsMfaConfiguration: {},
  SoftwareTokenMfaConfiguration: { Enabled: true },
  EmailMfaConfiguration: {},
} as const;
/** A pool where users choose, and one that demands a factor. */
let optional: TestPool;
let demanding: TestPool;

beforeAll(async () => {
  optional = await poolWith({ MfaConfiguration: 'OPTIONAL', ...ALL });
  demanding = await poolWith({ MfaConfiguration: 'ON', ...ALL });
});

async function poolWith(config: Omit<SetUserPoolMfaConfigRequest, 'UserPoolId'>): Promise<TestPool> {
  const pool = await TestPool.create(server, BASE);
  await sdk.setUserPoolMfaConfig({ UserPoolId: pool.id, ...config });
  return pool;
}

const answer = (
  pool: TestPool,
  ChallengeName: ChallengeNameType,
  USERNAME: string,
  Session: string | undefined,
  responses: Record<string, string> = {},
) =>
  sdk.respondToAuthChallenge({
    ClientId: pool.clientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME, ...responses },
  });

const update = (pool: TestPool, Username: string, attributes: Record<string, string>) =>
  sdk.adminUpdateUserAttributes({ UserPoolId: pool.id, Username, UserAttributes: list(attributes) });

type Factor = 'SMSMfaSettings' | 'SoftwareTokenMfaSettings' | 'EmailMfaSettings';

async function prefer(pool: TestPool, Username: string, ...factors: Factor[]): Promise<void> {
  for (const factor of factors) {
    await sdk.adminSetUserMFAPreference({ UserPoolId: pool.id, Username, [factor]: { Enabled: true } });
  }
}

/** Registers an app at a sign-in, where the pool does not ask for a factor yet. */
async function withApp(pool: TestPool, username: string, name?: string): Promise<string> {
  const { AccessToken } = await pool.tokens(username);
  const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
  await sdk.verifySoftwareToken({
    AccessToken,
    UserCode: appCode(SecretCode, clock.now()),
    FriendlyDeviceName: name,
  });
  clock.advance(STEP);
  return SecretCode as string;
}

const MISMATCH = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const;
const APP_MISMATCH = ['CodeMismatchException', 'Invalid code received for user'] as const;
const APP_USED = ['ExpiredCodeException', 'Your software token has already been used once.'] as const;
const INVALID = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
const USED = [
  'NotAuthorizedException',
  'Invalid session for the user, session can only be used once.',
] as const;
const EXPIRED = ['NotAuthorizedException', 'Invalid session for the user, session is expired.'] as const;
const other = (code: string) => (code === '000000' ? '111111' : '000000');

describe('SMS_MFA', () => {
  it('sends a code, which signs in and verifies the number', async () => {
    await optional.user('ann', { phone_number: PHONE });
    await prefer(optional, 'ann', 'SMSMfaSettings');
    const { ChallengeName, ChallengeParameters, Session, AuthenticationResult } =
      await optional.signIn('ann');
    expect(ChallengeName).toBe('SMS_MFA');
    expect(AuthenticationResult).toBeUndefined();
    expect(ChallengeParameters).toEqual({
      CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
      CODE_DELIVERY_DESTINATION: '+*******1234',
      USER_ID_FOR_SRP: 'ann',
    });
    const message = optional.lastMessage();
    expect(message).toMatchObject({
      username: 'ann',
      destination: PHONE,
      medium: 'SMS',
      trigger: 'CustomMessage_Authentication',
      body: `Your authentication code is ${message.code}. `,
    });
    expect(message.code).toMatch(/^\d{6}$/);
    const signedIn = await answer(optional, 'SMS_MFA', 'ann', Session, { SMS_MFA_CODE: message.code });
    expect(decode(signedIn.AuthenticationResult?.IdToken).claims['phone_number_verified']).toBe(true);
    expect(record((await optional.get('ann')).UserAttributes)['phone_number_verified']).toBe('true');
    await expectError(answer(optional, 'SMS_MFA', 'ann', Session, { SMS_MFA_CODE: message.code }), ...USED);
  });

  it('follows a password that was proven by SRP', async () => {
    const client = await optional.client({
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    await optional.user('srp', { phone_number: PHONE });
    await prefer(optional, 'srp', 'SMSMfaSettings');
    const srp = new SrpClient();
    const { ChallengeParameters, Session } = await sdk.initiateAuth({
      ClientId: client.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'srp', SRP_A: srp.SRP_A },
    });
    const realm = optional.id.slice(optional.id.indexOf('_') + 1);
    const proof = srp.prove(ChallengeParameters, {
      realm,
      password: PASSWORD,
      timestamp: timestampOf(new Date(clock.now())),
    });
    const asked = await answer(client, 'PASSWORD_VERIFIER', 'srp', Session, proof);
    expect(asked.ChallengeName).toBe('SMS_MFA');
    const done = await answer(client, 'SMS_MFA', 'srp', asked.Session, {
      SMS_MFA_CODE: optional.lastMessage().code,
    });
    expect(done.AuthenticationResult).toBeDefined();
  });

  it('says it in the words of the pool', async () => {
    const pool = await poolWith({
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'In with {####}, {username}' },
    });
    await pool.user('u', { phone_number: PHONE });
    await pool.signIn('u');
    expect(pool.lastMessage().body).toBe(`In with ${pool.lastMessage().code}, u`);
  });

  it('needs no set-up where the pool demands a factor', async () => {
    await demanding.user('bea', { phone_number: PHONE });
    expect((await demanding.signIn('bea')).ChallengeName).toBe('SMS_MFA');
    expect((await demanding.get('bea')).UserMFASettingList).toBeUndefined();
  });

  it('is not asked for where the user did not choose so', async () => {
    await optional.user('cat', { phone_number: PHONE });
    expect((await optional.signIn('cat')).AuthenticationResult).toBeDefined();
  });

  it('is what the old settings switch on', async () => {
    await optional.user('old', { phone_number: PHONE });
    await sdk.adminSetUserSettings({
      UserPoolId: optional.id,
      Username: 'old',
      MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }],
    });
    expect((await optional.signIn('old')).ChallengeName).toBe('SMS_MFA');
  });

  it('takes another try after a wrong code, and another code with each sign-in', async () => {
    await optional.user('dot', { phone_number: PHONE });
    await prefer(optional, 'dot', 'SMSMfaSettings');
    const first = await optional.signIn('dot');
    const { code } = optional.lastMessage();
    await expectError(
      answer(optional, 'SMS_MFA', 'dot', first.Session, { SMS_MFA_CODE: other(code) }),
      ...MISMATCH,
    );
    await expectError(
      answer(optional, 'SMS_MFA', 'dot', first.Session),
      'InvalidParameterException',
      'Missing required parameter SMS_MFA_CODE',
    );
    const second = await optional.signIn('dot');
    const later = optional.lastMessage().code;
    if (later !== code) {
      await expectError(
        answer(optional, 'SMS_MFA', 'dot', second.Session, { SMS_MFA_CODE: code }),
        ...MISMATCH,
      );
    }
    await answer(optional, 'SMS_MFA', 'dot', second.Session, { SMS_MFA_CODE: later });
    await answer(optional, 'SMS_MFA', 'dot', first.Session, { SMS_MFA_CODE: code });
  });

  it('is good for AuthSessionValidity', async () => {
    const client = await optional.client({ AuthSessionValidity: 5 });
    await optional.user('eva', { phone_number: PHONE });
    await prefer(optional, 'eva', 'SMSMfaSettings');
    const first = await client.signIn('eva');
    const firstCode = optional.lastMessage().code;
    clock.advance(5 * MINUTE - 1);
    const second = await client.signIn('eva');
    await answer(client, 'SMS_MFA', 'eva', first.Session, { SMS_MFA_CODE: firstCode });
    clock.advance(5 * MINUTE);
    await expectError(
      answer(client, 'SMS_MFA', 'eva', second.Session, { SMS_MFA_CODE: optional.lastMessage().code }),
      ...EXPIRED,
    );
  });

  it('bounds guesses over all sessions, for an hour', async () => {
    await optional.user('fay', { phone_number: PHONE });
    await prefer(optional, 'fay', 'SMSMfaSettings');
    for (let i = 0; i < 20; i++) {
      const { Session } = await optional.signIn('fay');
      const SMS_MFA_CODE = other(optional.lastMessage().code);
      await expectError(answer(optional, 'SMS_MFA', 'fay', Session, { SMS_MFA_CODE }), ...MISMATCH);
    }
    const { Session } = await optional.signIn('fay');
    const SMS_MFA_CODE = optional.lastMessage().code;
    await expectError(
      answer(optional, 'SMS_MFA', 'fay', Session, { SMS_MFA_CODE }),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
    clock.advance(HOUR);
    const again = await optional.signIn('fay');
    await answer(optional, 'SMS_MFA', 'fay', again.Session, { SMS_MFA_CODE: optional.lastMessage().code });
  });

  it('gives the number to whoever proves it first, where it is an alias', async () => {
    const pool = await TestPool.create(server, {
      ...BASE,
      AliasAttributes: ['phone_number'],
      MfaConfiguration: 'ON',
    });
    const enter = async (username: string) => {
      await pool.user(username, { phone_number: PHONE });
      const { Session } = await pool.signIn(username);
      await answer(pool, 'SMS_MFA', username, Session, { SMS_MFA_CODE: pool.lastMessage().code });
      return record((await pool.get(username)).UserAttributes)['phone_number_verified'];
    };
    expect(await enter('first')).toBe('true');
    expect(await enter('second')).toBeUndefined();
    expect((await pool.get(PHONE)).Username).toBe('first');
  });

  it('answers the user of the session only, while he is enabled', async () => {
    await optional.user('gus', { phone_number: PHONE });
    await prefer(optional, 'gus', 'SMSMfaSettings');
    const { Session } = await optional.signIn('gus');
    const SMS_MFA_CODE = optional.lastMessage().code;
    await expectError(answer(optional, 'SMS_MFA', 'ann', Session, { SMS_MFA_CODE }), ...INVALID);
    await expectError(
      answer(optional, 'SOFTWARE_TOKEN_MFA', 'gus', Session, { SOFTWARE_TOKEN_MFA_CODE: SMS_MFA_CODE }),
      ...INVALID,
    );
    await expectError(
      answer(optional, 'SMS_MFA', 'gus', undefined, { SMS_MFA_CODE }),
      'InvalidParameterException',
      'Missing required parameter Session',
    );
    await sdk.adminDisableUser({ UserPoolId: optional.id, Username: 'gus' });
    await expectError(
      answer(optional, 'SMS_MFA', 'gus', Session, { SMS_MFA_CODE }),
      'NotAuthorizedException',
      'User is disabled.',
    );
  });

  it('follows a new password', async () => {
    await demanding.invited('hal', { phone_number: PHONE });
    const { ChallengeName, Session } = await demanding.signIn('hal');
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const next = await answer(demanding, 'NEW_PASSWORD_REQUIRED', 'hal', Session, {
      NEW_PASSWORD: 'Brand-new1',
    });
    expect(next.ChallengeName).toBe('SMS_MFA');
    const done = await answer(demanding, 'SMS_MFA', 'hal', next.Session, {
      SMS_MFA_CODE: demanding.lastMessage().code,
    });
    expect(done.AuthenticationResult).toBeDefined();
  });
});

describe('EMAIL_OTP', () => {
  it('sends a code, which signs in and verifies the address', async () => {
    await optional.user('ivy', { email: EMAIL });
    await prefer(optional, 'ivy', 'EmailMfaSettings');
    const { ChallengeName, ChallengeParameters, Session } = await optional.signIn('ivy');
    expect(ChallengeName).toBe('EMAIL_OTP');
    expect(ChallengeParameters).toEqual({
      CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
      CODE_DELIVERY_DESTINATION: 'u***@e***',
      USER_ID_FOR_SRP: 'ivy',
    });
    const message = optional.lastMessage();
    expect(message).toMatchObject({
      destination: EMAIL,
      medium: 'EMAIL',
      trigger: 'CustomMessage_Authentication',
      subject: 'Your authentication code',
      body: `Your authentication code is ${message.code}.`,
    });
    expect(message.code).toMatch(/^\d{6}$/);
    await expectError(
      answer(optional, 'EMAIL_OTP', 'ivy', Session, { EMAIL_OTP_CODE: other(message.code) }),
      ...MISMATCH,
    );
    const done = await answer(optional, 'EMAIL_OTP', 'ivy', Session, { EMAIL_OTP_CODE: message.code });
    expect(done.AuthenticationResult).toBeDefined();
    expect(record((await optional.get('ivy')).UserAttributes)['email_verified']).toBe('true');
  });

  it('says it in the words of the pool', async () => {
    const pool = await poolWith({
      MfaConfiguration: 'ON',
      EmailMfaConfiguration: { Message: 'In with {####}', Subject: 'In' },
    });
    await pool.user('u', { email: EMAIL });
    await pool.signIn('u');
    expect(pool.lastMessage()).toMatchObject({ subject: 'In', body: `In with ${pool.lastMessage().code}` });
  });
});

describe('SOFTWARE_TOKEN_MFA', () => {
  it('asks for the code of the app', async () => {
    await optional.user('joe');
    const secret = await withApp(optional, 'joe', 'My phone');
    await prefer(optional, 'joe', 'SoftwareTokenMfaSettings');
    const { ChallengeName, ChallengeParameters, Session } = await optional.signIn('joe');
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    expect(ChallengeParameters).toEqual({ USER_ID_FOR_SRP: 'joe', FRIENDLY_DEVICE_NAME: 'My phone' });
    await expectError(
      answer(optional, 'SOFTWARE_TOKEN_MFA', 'joe', Session, {
        SOFTWARE_TOKEN_MFA_CODE: wrongCode(secret, clock.now()),
      }),
      ...APP_MISMATCH,
    );
    const done = await answer(optional, 'SOFTWARE_TOKEN_MFA', 'joe', Session, {
      SOFTWARE_TOKEN_MFA_CODE: appCode(secret, clock.now()),
    });
    expect(done.AuthenticationResult).toBeDefined();
  });

  it('takes each code once, that of the set-up included', async () => {
    await optional.user('kim');
    const { AccessToken } = await optional.tokens('kim');
    const { SecretCode } = await sdk.associateSoftwareToken({ AccessToken });
    const code = () => appCode(SecretCode, clock.now());
    await sdk.verifySoftwareToken({ AccessToken, UserCode: code() });
    await prefer(optional, 'kim', 'SoftwareTokenMfaSettings');
    const enter = async (SOFTWARE_TOKEN_MFA_CODE: string) => {
      const { Session, ChallengeParameters } = await optional.signIn('kim');
      expect(ChallengeParameters).toEqual({ USER_ID_FOR_SRP: 'kim' });
      return answer(optional, 'SOFTWARE_TOKEN_MFA', 'kim', Session, { SOFTWARE_TOKEN_MFA_CODE });
    };
    await expectError(enter(code()), ...APP_USED);
    clock.advance(STEP);
    await enter(code());
    await expectError(enter(code()), ...APP_USED);
    await enter(appCode(SecretCode, clock.now() + STEP));
    await expectError(enter(code()), ...APP_USED);
  });

  it('lets one of two in who come with the same code at once', async () => {
    await optional.user('lea');
    const secret = await withApp(optional, 'lea');
    await prefer(optional, 'lea', 'SoftwareTokenMfaSettings');
    const sessions = await Promise.all([optional.signIn('lea'), optional.signIn('lea')]);
    const results = await Promise.allSettled(
      sessions.map(({ Session }) =>
        answer(optional, 'SOFTWARE_TOKEN_MFA', 'lea', Session, {
          SOFTWARE_TOKEN_MFA_CODE: appCode(secret, clock.now()),
        }),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('bounds guesses', async () => {
    await optional.user('mia');
    const secret = await withApp(optional, 'mia');
    await prefer(optional, 'mia', 'SoftwareTokenMfaSettings');
    const { Session } = await optional.signIn('mia');
    const enter = (SOFTWARE_TOKEN_MFA_CODE: string) =>
      answer(optional, 'SOFTWARE_TOKEN_MFA', 'mia', Session, { SOFTWARE_TOKEN_MFA_CODE });
    for (let i = 0; i < 20; i++) await expectError(enter(wrongCode(secret, clock.now())), ...APP_MISMATCH);
    await expectError(
      enter(appCode(secret, clock.now())),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
  });

  it('is all that a pool asks for that has nothing else, whatever the user prefers', async () => {
    const pool = await poolWith({
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await pool.user('u', { phone_number: PHONE });
    await withApp(pool, 'u');
    await prefer(pool, 'u', 'SoftwareTokenMfaSettings');
    await sdk.adminSetUserMFAPreference({
      UserPoolId: pool.id,
      Username: 'u',
      SMSMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    expect((await pool.signIn('u')).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    await sdk.setUserPoolMfaConfig({ UserPoolId: pool.id, MfaConfiguration: 'OFF' });
    expect((await pool.signIn('u')).AuthenticationResult).toBeDefined();
  });
});

describe('SELECT_MFA_TYPE', () => {
  const choices = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'];

  async function undecided(username: string): Promise<string> {
    await optional.user(username, { phone_number: PHONE, email: EMAIL });
    const secret = await withApp(optional, username);
    await prefer(optional, username, 'SMSMfaSettings', 'SoftwareTokenMfaSettings', 'EmailMfaSettings');
    return secret;
  }

  it('lets the user choose, and the code follows', async () => {
    const secret = await undecided('nan');
    for (const ANSWER of choices) {
      const select = await optional.signIn('nan');
      expect(select.ChallengeName).toBe('SELECT_MFA_TYPE');
      expect(select.ChallengeParameters?.['USER_ID_FOR_SRP']).toBe('nan');
      expect(JSON.parse(select.ChallengeParameters?.['MFAS_CAN_CHOOSE'] as string)).toEqual(choices);
      const sent = optional.messages().length;
      const asked = await answer(optional, 'SELECT_MFA_TYPE', 'nan', select.Session, { ANSWER });
      expect(asked.ChallengeName).toBe(ANSWER);
      const byApp = ANSWER === 'SOFTWARE_TOKEN_MFA';
      expect(optional.messages().length).toBe(byApp ? sent : sent + 1);
      const code = byApp ? appCode(secret, clock.now()) : optional.lastMessage().code;
      const done = await answer(optional, asked.ChallengeName as ChallengeNameType, 'nan', asked.Session, {
        [`${ANSWER}_CODE`]: code,
      });
      expect(done.AuthenticationResult).toBeDefined();
      await expectError(answer(optional, 'SELECT_MFA_TYPE', 'nan', select.Session, { ANSWER }), ...USED);
    }
  });

  it('is left out for a user with a preference', async () => {
    await undecided('oda');
    const set = (settings: object) =>
      sdk.adminSetUserMFAPreference({ UserPoolId: optional.id, Username: 'oda', ...settings });
    await set({ EmailMfaSettings: { Enabled: true, PreferredMfa: true } });
    expect((await optional.signIn('oda')).ChallengeName).toBe('EMAIL_OTP');
    await set({ EmailMfaSettings: { Enabled: false } });
    const { ChallengeParameters } = await optional.signIn('oda');
    expect(ChallengeParameters?.['MFAS_CAN_CHOOSE']).toBe('["SMS_MFA","SOFTWARE_TOKEN_MFA"]');
    await set({ SMSMfaSettings: { Enabled: false } });
    expect((await optional.signIn('oda')).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  });

  it('refuses what was not to be chosen, and takes another answer', async () => {
    await optional.user('pia', { phone_number: PHONE, email: EMAIL });
    await prefer(optional, 'pia', 'SMSMfaSettings', 'EmailMfaSettings');
    const { Session } = await optional.signIn('pia');
    await expectError(
      answer(optional, 'SELECT_MFA_TYPE', 'pia', Session, { ANSWER: 'SOFTWARE_TOKEN_MFA' }),
      'MFAMethodNotFoundException',
      'The user has no MFA method SOFTWARE_TOKEN_MFA.',
    );
    await expectError(
      answer(optional, 'SELECT_MFA_TYPE', 'pia', Session),
      'InvalidParameterException',
      'Missing required parameter ANSWER',
    );
    await answer(optional, 'SELECT_MFA_TYPE', 'pia', Session, { ANSWER: 'EMAIL_OTP' });
  });

  it('comes to a user with a number and an address where the pool demands a factor', async () => {
    await demanding.user('quo', { phone_number: PHONE, email: EMAIL });
    const { ChallengeName, ChallengeParameters } = await demanding.signIn('quo');
    expect(ChallengeName).toBe('SELECT_MFA_TYPE');
    expect(ChallengeParameters?.['MFAS_CAN_CHOOSE']).toBe('["SMS_MFA","EMAIL_OTP"]');
  });
});

describe('a code that went to where the user is no longer reached', () => {
  it.each([
    ['EMAIL_OTP', 'EMAIL_OTP_CODE', { email: 'old@example.com' }, { email: 'new@example.com' }],
    ['SMS_MFA', 'SMS_MFA_CODE', { phone_number: PHONE }, { phone_number: '+15550009999' }],
  ] as const)('is worth nothing: %s', async (challenge, key, before, after) => {
    const username = `moved-${challenge}`;
    await demanding.user(username, before);
    const { ChallengeName, Session } = await demanding.signIn(username);
    expect(ChallengeName).toBe(challenge);
    const { code } = demanding.lastMessage();
    await update(demanding, username, after);
    await expectError(answer(demanding, challenge, username, Session, { [key]: code }), ...INVALID);
  });
});

describe('MFA_SETUP', () => {
  it('comes at the first sign-in after a sign-up, in a pool that demands a factor', async () => {
    const pool = await TestPool.create(server, { ...BASE, AutoVerifiedAttributes: ['email'] });
    await sdk.setUserPoolMfaConfig({
      UserPoolId: pool.id,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await sdk.signUp({
      ClientId: pool.clientId,
      Username: 'new',
      Password: PASSWORD,
      UserAttributes: list({ email: EMAIL }),
    });
    await sdk.confirmSignUp({
      ClientId: pool.clientId,
      Username: 'new',
      ConfirmationCode: pool.lastMessage().code,
    });
    const { ChallengeName, AuthenticationResult } = await pool.signIn('new');
    expect(ChallengeName).toBe('MFA_SETUP');
    expect(AuthenticationResult).toBeUndefined();
  });

  /** The whole way for an app: three sessions, each good for one step. */
  async function setUp(username: string) {
    const { ChallengeName, ChallengeParameters, Session } = await demanding.signIn(username);
    expect(ChallengeName).toBe('MFA_SETUP');
    expect(ChallengeParameters).toEqual({
      MFAS_CAN_SETUP: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
      USER_ID_FOR_SRP: username,
    });
    const associated = await sdk.associateSoftwareToken({ Session });
    expect(associated.Session).toBeDefined();
    const secret = associated.SecretCode as string;
    const verified = await sdk.verifySoftwareToken({
      Session: associated.Session,
      UserCode: appCode(secret, clock.now()),
      FriendlyDeviceName: 'app',
    });
    expect(verified.Status).toBe('SUCCESS');
    return { first: Session, second: associated.Session, third: verified.Session, secret };
  }

  it('registers an app on the way in; it is asked for from then on, and not listed', async () => {
    await demanding.user('rob');
    const { first, second, third, secret } = await setUp('rob');
    await expectError(sdk.associateSoftwareToken({ Session: first }), ...USED);
    await expectError(sdk.verifySoftwareToken({ Session: second, UserCode: '123456' }), ...USED);
    const done = await answer(demanding, 'MFA_SETUP', 'rob', third);
    expect(done.AuthenticationResult).toBeDefined();
    await expectError(answer(demanding, 'MFA_SETUP', 'rob', third), ...USED);
    expect((await demanding.get('rob')).UserMFASettingList).toBeUndefined();
    clock.advance(STEP);
    const again = await demanding.signIn('rob');
    expect(again.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    expect(again.ChallengeParameters?.['FRIENDLY_DEVICE_NAME']).toBe('app');
    await answer(demanding, 'SOFTWARE_TOKEN_MFA', 'rob', again.Session, {
      SOFTWARE_TOKEN_MFA_CODE: appCode(secret, clock.now()),
    });
  });

  it('registers the app even when the sign-in is not finished', async () => {
    await demanding.user('sue');
    await setUp('sue');
    expect((await demanding.signIn('sue')).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  });

  it('starts over when an administrator switches the app off', async () => {
    await demanding.user('tom');
    await setUp('tom');
    await sdk.adminSetUserMFAPreference({
      UserPoolId: demanding.id,
      Username: 'tom',
      SoftwareTokenMfaSettings: { Enabled: false },
    });
    expect((await demanding.signIn('tom')).ChallengeName).toBe('MFA_SETUP');
  });

  it('is answered when the app is set up, and not before', async () => {
    await demanding.user('uma');
    const { Session } = await demanding.signIn('uma');
    const none = [
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA does not exist for the user.',
    ] as const;
    await expectError(answer(demanding, 'MFA_SETUP', 'uma', Session), ...none);
    await expectError(sdk.verifySoftwareToken({ Session, UserCode: '123456' }), ...none);
    const associated = await sdk.associateSoftwareToken({ Session });
    await expectError(answer(demanding, 'MFA_SETUP', 'uma', associated.Session), ...none);
    await expectError(
      sdk.verifySoftwareToken({
        Session: associated.Session,
        UserCode: wrongCode(associated.SecretCode, clock.now()),
      }),
      'EnableSoftwareTokenMFAException',
      'Code mismatch and fail enable Software Token MFA',
    );
    const { Session: last } = await sdk.verifySoftwareToken({
      Session: associated.Session,
      UserCode: appCode(associated.SecretCode, clock.now()),
    });
    await expectError(
      answer(demanding, 'MFA_SETUP', 'uma', undefined),
      'InvalidParameterException',
      'Missing required parameter Session',
    );
    await answer(demanding, 'MFA_SETUP', 'uma', last);
  });

  it('gives each step AuthSessionValidity of its own', async () => {
    await demanding.user('val');
    const { Session } = await demanding.signIn('val');
    clock.advance(3 * MINUTE - 1);
    const associated = await sdk.associateSoftwareToken({ Session });
    clock.advance(3 * MINUTE - 1);
    const { Session: last } = await sdk.verifySoftwareToken({
      Session: associated.Session,
      UserCode: appCode(associated.SecretCode, clock.now()),
    });
    clock.advance(3 * MINUTE);
    await expectError(answer(demanding, 'MFA_SETUP', 'val', last), ...EXPIRED);
  });

  it('takes an address as well: the code that goes there makes it the user’s', async () => {
    await demanding.user('wes');
    const { Session } = await demanding.signIn('wes');
    await expectError(
      answer(demanding, 'MFA_SETUP', 'wes', Session, { EMAIL: 'nowhere' }),
      'InvalidParameterException',
      'Invalid email address format.',
    );
    const asked = await answer(demanding, 'MFA_SETUP', 'wes', Session, { EMAIL });
    expect(asked.ChallengeName).toBe('EMAIL_OTP');
    expect(asked.ChallengeParameters?.['CODE_DELIVERY_DESTINATION']).toBe('u***@e***');
    expect(record((await demanding.get('wes')).UserAttributes)['email']).toBeUndefined();
    const done = await answer(demanding, 'EMAIL_OTP', 'wes', asked.Session, {
      EMAIL_OTP_CODE: demanding.lastMessage().code,
    });
    expect(decode(done.AuthenticationResult?.IdToken).claims).toMatchObject({
      email: EMAIL,
      email_verified: true,
    });
    expect(record((await demanding.get('wes')).UserAttributes)).toMatchObject({
      email: EMAIL,
      email_verified: 'true',
    });
    expect((await demanding.signIn('wes')).ChallengeName).toBe('EMAIL_OTP');
  });

  it('takes no address where codes do not go by e-mail', async () => {
    const pool = await poolWith({ MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } });
    await pool.user('u', { email: EMAIL, phone_number: PHONE });
    const { ChallengeParameters, Session } = await pool.signIn('u');
    expect(ChallengeParameters?.['MFAS_CAN_SETUP']).toBe('["SOFTWARE_TOKEN_MFA"]');
    await expectError(
      answer(pool, 'MFA_SETUP', 'u', Session, { EMAIL }),
      'MFAMethodNotFoundException',
      'The user has no MFA method EMAIL_OTP.',
    );
  });

  it('ends for every session once a factor is set up', async () => {
    await demanding.user('xan');
    const begun = (await demanding.signIn('xan')).Session;
    const associated = await sdk.associateSoftwareToken({ Session: (await demanding.signIn('xan')).Session });
    const mailed = (await demanding.signIn('xan')).Session;
    await setUp('xan');
    await expectError(sdk.associateSoftwareToken({ Session: begun }), ...INVALID);
    await expectError(
      sdk.verifySoftwareToken({
        Session: associated.Session,
        UserCode: appCode(associated.SecretCode, clock.now()),
      }),
      ...INVALID,
    );
    await expectError(answer(demanding, 'MFA_SETUP', 'xan', mailed, { EMAIL }), ...INVALID);
  });

  it('by an address ends, too: the code that went there lets nobody past the factor that came first', async () => {
    await demanding.user('eve');
    const { Session } = await demanding.signIn('eve');
    const asked = await answer(demanding, 'MFA_SETUP', 'eve', Session, { EMAIL: 'thief@example.com' });
    const EMAIL_OTP_CODE = demanding.lastMessage().code;
    await setUp('eve');
    await expectError(answer(demanding, 'EMAIL_OTP', 'eve', asked.Session, { EMAIL_OTP_CODE }), ...INVALID);
    expect(record((await demanding.get('eve')).UserAttributes)['email']).toBeUndefined();
  });

  it('by an address ends when an administrator has given the user another', async () => {
    await demanding.user('eva');
    const { Session } = await demanding.signIn('eva');
    const asked = await answer(demanding, 'MFA_SETUP', 'eva', Session, { EMAIL: 'thief@example.com' });
    const EMAIL_OTP_CODE = demanding.lastMessage().code;
    await update(demanding, 'eva', { email: EMAIL, email_verified: 'true' });
    await expectError(answer(demanding, 'EMAIL_OTP', 'eva', asked.Session, { EMAIL_OTP_CODE }), ...INVALID);
  });

  it('takes no session of another challenge', async () => {
    await demanding.user('xia', { phone_number: PHONE });
    const { Session } = await demanding.signIn('xia');
    await expectError(sdk.associateSoftwareToken({ Session }), ...INVALID);
    await expectError(sdk.verifySoftwareToken({ Session, UserCode: '123456' }), ...INVALID);
  });

  it('is refused to a user who was disabled or deleted on the way', async () => {
    await demanding.user('yan');
    const { Session } = await demanding.signIn('yan');
    await sdk.adminDisableUser({ UserPoolId: demanding.id, Username: 'yan' });
    await expectError(sdk.associateSoftwareToken({ Session }), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminDeleteUser({ UserPoolId: demanding.id, Username: 'yan' });
    await expectError(sdk.associateSoftwareToken({ Session }), ...INVALID);
  });
});

describe('the administrator’s operations', () => {
  it('ask for factors and take the answers, in each other’s sessions', async () => {
    await optional.user('zoe', { phone_number: PHONE });
    await prefer(optional, 'zoe', 'SMSMfaSettings');
    const { ChallengeName, Session } = await sdk.adminInitiateAuth({
      UserPoolId: optional.id,
      ClientId: optional.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'zoe', PASSWORD },
    });
    expect(ChallengeName).toBe('SMS_MFA');
    const respond = (session: string | undefined, SMS_MFA_CODE: string) =>
      sdk.adminRespondToAuthChallenge({
        UserPoolId: optional.id,
        ClientId: optional.clientId,
        ChallengeName: 'SMS_MFA',
        Session: session,
        ChallengeResponses: { USERNAME: 'zoe', SMS_MFA_CODE },
      });
    const { code } = optional.lastMessage();
    await expectError(respond(Session, other(code)), ...MISMATCH);
    expect((await respond(Session, code)).AuthenticationResult).toBeDefined();
    const publicly = await optional.signIn('zoe');
    await respond(publicly.Session, optional.lastMessage().code);
  });
});

describe('account recovery', () => {
  it('does not go by SMS for a user whose second factor that is', async () => {
    const attributes = { phone_number: PHONE, phone_number_verified: 'true' };
    await optional.user('rec', attributes);
    const forgot = (Username: string) => sdk.forgotPassword({ ClientId: optional.clientId, Username });
    expect((await forgot('rec')).CodeDeliveryDetails?.DeliveryMedium).toBe('SMS');
    await prefer(optional, 'rec', 'SMSMfaSettings');
    await expectError(
      forgot('rec'),
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
    await optional.user('rec2', { ...attributes, email: EMAIL, email_verified: 'true' });
    await prefer(optional, 'rec2', 'SMSMfaSettings');
    expect((await forgot('rec2')).CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');
  });

  it('does not go by e-mail, either, where a mailbox would be both', async () => {
    const mail = { email: EMAIL, email_verified: 'true' };
    const forgot = (to: TestPool, Username: string) =>
      sdk.forgotPassword({ ClientId: to.clientId, Username });
    await optional.user('mailbox', mail);
    expect((await forgot(optional, 'mailbox')).CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');
    await prefer(optional, 'mailbox', 'EmailMfaSettings');
    const refusal = [
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    ] as const;
    await expectError(forgot(optional, 'mailbox'), ...refusal);
    // In a pool that demands a factor the address is one without being chosen.
    await demanding.user('mailbox', mail);
    await expectError(forgot(demanding, 'mailbox'), ...refusal);
    await expectError(
      sdk.adminResetUserPassword({ UserPoolId: demanding.id, Username: 'mailbox' }),
      ...refusal,
    );
    await optional.user('both', { ...mail, phone_number: PHONE, phone_number_verified: 'true' });
    await prefer(optional, 'both', 'EmailMfaSettings');
    expect((await forgot(optional, 'both')).CodeDeliveryDetails?.DeliveryMedium).toBe('SMS');
  });
});
