import type {
  ChallengeNameType,
  CreateUserPoolClientRequest,
  CreateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { SrpClient } from './srp-client.js';
import { decode, expectError, list, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
const PHONE = '+15550001234';
const INCORRECT = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const INVALID_SESSION = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
const MISMATCH = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const;
const CLIENT: Partial<CreateUserPoolClientRequest> = {
  ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
};

const poolWith = (settings: Partial<CreateUserPoolRequest>) => TestPool.create(server, settings, CLIENT);

/** Passwords, and codes by either medium. */
let pool: TestPool;
let hiding: TestPool;
/** Passwords only. */
let classic: TestPool;

beforeAll(async () => {
  pool = await poolWith({
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsConfiguration: SMS,
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
  });
  hiding = await pool.client({ ...CLIENT, PreventUserExistenceErrors: 'ENABLED' });
  classic = await poolWith({});
  await pool.user('amy', {
    email: 'amy@example.com',
    email_verified: 'true',
    phone_number: PHONE,
    phone_number_verified: 'true',
  });
  await classic.user('amy');
});

const begin = (to: TestPool, USERNAME: string, more: Record<string, string> = {}, Session?: string) =>
  sdk.initiateAuth({
    ClientId: to.clientId,
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME, ...more },
    Session,
  });

const respond = (
  to: TestPool,
  ChallengeName: ChallengeNameType,
  Session: string | undefined,
  ChallengeResponses: Record<string, string>,
) => sdk.respondToAuthChallenge({ ClientId: to.clientId, ChallengeName, Session, ChallengeResponses });

const realmOf = (to: TestPool) => to.id.slice(to.id.indexOf('_') + 1);

/** The other of two codes of eight digits. */
const wrong = (code: string | undefined) => (code === '00000000' ? '11111111' : '00000000');

describe('USER_AUTH', () => {
  it('lets the user choose among what the pool allows and the user has', async () => {
    const { ChallengeName, AvailableChallenges, ChallengeParameters, Session } = await begin(pool, 'amy');
    expect(ChallengeName).toBe('SELECT_CHALLENGE');
    expect(AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP']);
    expect(ChallengeParameters).toEqual({ USERNAME: 'amy' });
    expect(Session).toMatch(/^AYABe/);

    await pool.user('bob', { email: 'bob@example.com', phone_number: PHONE, phone_number_verified: 'true' });
    expect((await begin(pool, 'bob')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD', 'SMS_OTP']);
    expect((await begin(classic, 'amy')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
  });

  it('works for administrators', async () => {
    const { AuthenticationResult } = await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: 'amy', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD },
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('has to be allowed', async () => {
    const client = await pool.client();
    await expectError(
      begin(client, 'amy'),
      'InvalidParameterException',
      'USER_AUTH is not enabled for the client.',
    );
  });

  it('wants its parameters, and the hash of a client with a secret', async () => {
    await expectError(begin(pool, ''), 'InvalidParameterException', 'Missing required parameter USERNAME');
    await expectError(
      begin(pool, 'amy', { PREFERRED_CHALLENGE: 'SMS_MFA' }),
      'InvalidParameterException',
      'Invalid value of parameter PREFERRED_CHALLENGE',
    );
    const secret = await pool.client({ ...CLIENT, GenerateSecret: true });
    const SECRET_HASH = secretHashOf(secret.clientSecret as string, 'amy', secret.clientId);
    await expectError(
      begin(secret, 'amy'),
      'NotAuthorizedException',
      `Client ${secret.clientId} is configured with secret but SECRET_HASH was not received`,
    );
    expect((await begin(secret, 'amy', { SECRET_HASH })).ChallengeName).toBe('SELECT_CHALLENGE');
  });

  it('says at the start who may not sign in', async () => {
    await expectError(begin(pool, 'nobody'), 'UserNotFoundException', 'User does not exist.');
    await pool.user('off');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'off' });
    await expectError(begin(pool, 'off'), 'NotAuthorizedException', 'User is disabled.');
  });
});

describe('a password', () => {
  it('is preferred and sent at once', async () => {
    const { AuthenticationResult } = await begin(pool, 'amy', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(decode(AuthenticationResult?.AccessToken).claims['username']).toBe('amy');
    await expectError(
      begin(pool, 'amy', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-one1' }),
      ...INCORRECT,
    );
  });

  it('is preferred and asked for', async () => {
    const { ChallengeName, Session } = await begin(pool, 'amy', { PREFERRED_CHALLENGE: 'PASSWORD' });
    expect(ChallengeName).toBe('PASSWORD');
    const answer = (responses: Record<string, string>) =>
      respond(pool, 'PASSWORD', Session, { USERNAME: 'amy', ...responses });
    await expectError(answer({}), 'InvalidParameterException', 'Missing required parameter PASSWORD');
    await expectError(answer({ PASSWORD: 'Wrong-one1' }), ...INCORRECT);
    expect((await answer({ PASSWORD })).AuthenticationResult?.AccessToken).toBeDefined();
    await expectError(
      answer({ PASSWORD }),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('is chosen, and sent with the choice or after it', async () => {
    const choose = async (more: Record<string, string>) => {
      const { Session } = await begin(pool, 'amy');
      return respond(pool, 'SELECT_CHALLENGE', Session, { USERNAME: 'amy', ANSWER: 'PASSWORD', ...more });
    };
    expect((await choose({ PASSWORD })).AuthenticationResult?.AccessToken).toBeDefined();
    const { ChallengeName, Session } = await choose({});
    expect(ChallengeName).toBe('PASSWORD');
    const { AuthenticationResult } = await respond(pool, 'PASSWORD', Session, { USERNAME: 'amy', PASSWORD });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('locks after five wrong ones', async () => {
    await pool.user('locked');
    const { Session } = await begin(pool, 'locked');
    const guess = (word: string) =>
      respond(pool, 'SELECT_CHALLENGE', Session, { USERNAME: 'locked', ANSWER: 'PASSWORD', PASSWORD: word });
    for (let failures = 0; failures < 5; failures++) await expectError(guess('Wrong-one1'), ...INCORRECT);
    await expectError(guess(PASSWORD), 'NotAuthorizedException', 'Password attempts exceeded');
  });

  it('that is temporary leads to a new one', async () => {
    await pool.invited('eve', { email: 'eve@example.com', email_verified: 'true' });
    const { ChallengeName, AvailableChallenges } = await begin(pool, 'eve', {
      PREFERRED_CHALLENGE: 'EMAIL_OTP',
    });
    expect(ChallengeName).toBe('SELECT_CHALLENGE');
    expect(AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    const next = await begin(pool, 'eve', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(next.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });
});

describe('SRP', () => {
  const finish = async (
    client: SrpClient,
    {
      ChallengeName,
      ChallengeParameters,
    }: { ChallengeName?: string | undefined; ChallengeParameters?: Record<string, string> | undefined },
    password = PASSWORD,
  ) => {
    expect(ChallengeName).toBe('PASSWORD_VERIFIER');
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password });
    return respond(pool, 'PASSWORD_VERIFIER', undefined, { USERNAME: 'amy', ...proof });
  };

  it('is preferred and begun at once, or asked for', async () => {
    const client = new SrpClient();
    const { SRP_A } = client;
    const atOnce = await begin(pool, 'amy', { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A });
    expect((await finish(client, atOnce)).AuthenticationResult?.AccessToken).toBeDefined();
    const { ChallengeName, Session } = await begin(pool, 'amy', { PREFERRED_CHALLENGE: 'PASSWORD_SRP' });
    expect(ChallengeName).toBe('PASSWORD_SRP');
    await expectError(
      respond(pool, 'PASSWORD_SRP', Session, { USERNAME: 'amy' }),
      'InvalidParameterException',
      'Missing required parameter SRP_A',
    );
    const asked = await respond(pool, 'PASSWORD_SRP', Session, { USERNAME: 'amy', SRP_A });
    await expectError(finish(client, asked, 'Wrong-one1'), ...INCORRECT);
  });

  it('is chosen, and begun with the choice or after it', async () => {
    const client = new SrpClient();
    const { SRP_A } = client;
    const choose = async (more: Record<string, string>) => {
      const { Session } = await begin(pool, 'amy');
      return respond(pool, 'SELECT_CHALLENGE', Session, { USERNAME: 'amy', ANSWER: 'PASSWORD_SRP', ...more });
    };
    expect((await finish(client, await choose({ SRP_A }))).AuthenticationResult).toBeDefined();
    const { ChallengeName, Session } = await choose({});
    expect(ChallengeName).toBe('PASSWORD_SRP');
    const asked = await respond(pool, 'PASSWORD_SRP', Session, { USERNAME: 'amy', SRP_A });
    expect((await finish(client, asked)).AuthenticationResult).toBeDefined();
  });
});

describe.each([
  ['EMAIL_OTP', 'EMAIL', 'a***@e***', 'amy@example.com'],
  ['SMS_OTP', 'SMS', '+*******1234', PHONE],
] as const)('a code by %s', (name, medium, masked, destination) => {
  it('is preferred, sent, and good for tokens', async () => {
    const { ChallengeName, ChallengeParameters, AvailableChallenges, Session } = await begin(pool, 'amy', {
      PREFERRED_CHALLENGE: name,
    });
    expect(ChallengeName).toBe(name);
    expect(ChallengeParameters).toEqual({
      CODE_DELIVERY_DELIVERY_MEDIUM: medium,
      CODE_DELIVERY_DESTINATION: masked,
    });
    expect(AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP']);
    const { code, ...message } = pool.lastMessage();
    expect(message).toMatchObject({ medium, destination, trigger: 'CustomMessage_Authentication' });
    expect(code).toMatch(/^\d{8}$/);
    const answer = (responses: Record<string, string>, session = Session) =>
      respond(pool, name, session, { USERNAME: 'amy', ...responses });
    await expectError(answer({ [`${name}_CODE`]: wrong(code) }), ...MISMATCH);
    await expectError(answer({}), 'InvalidParameterException', `Missing required parameter ${name}_CODE`);
    const { AuthenticationResult } = await answer({ [`${name}_CODE`]: code as string });
    expect(decode(AuthenticationResult?.AccessToken).claims['username']).toBe('amy');
    await expectError(
      answer({ [`${name}_CODE`]: code as string }),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('is chosen, and lives as long as its session', async () => {
    const { Session } = await begin(pool, 'amy');
    const chosen = await respond(pool, 'SELECT_CHALLENGE', Session, { USERNAME: 'amy', ANSWER: name });
    expect(chosen.ChallengeName).toBe(name);
    const { code } = pool.lastMessage();
    clock.advance(3 * MINUTE);
    await expectError(
      respond(pool, name, chosen.Session, { USERNAME: 'amy', [`${name}_CODE`]: code as string }),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
  });

  it('belongs to its session and user', async () => {
    await pool.user(`other-${name}`);
    const first = await begin(pool, 'amy', { PREFERRED_CHALLENGE: name });
    const { code } = pool.lastMessage();
    const second = await begin(pool, 'amy', { PREFERRED_CHALLENGE: name });
    const response = { USERNAME: 'amy', [`${name}_CODE`]: code as string };
    if (pool.lastMessage().code !== code) {
      await expectError(respond(pool, name, second.Session, response), ...MISMATCH);
    }
    await expectError(
      respond(pool, name, first.Session, { ...response, USERNAME: `other-${name}` }),
      ...INVALID_SESSION,
    );
    await expectError(respond(hiding, name, first.Session, response), ...INVALID_SESSION);
    await respond(pool, name, first.Session, response);
  });
});

describe('a session', () => {
  it.each(['a global sign-out', 'a disabling'])('ends with %s, for good', async (how) => {
    const Username = `leaves-by-${how.slice(2).replace(' ', '-')}`;
    await pool.user(Username, { email: `${Username}@example.com`, email_verified: 'true' });
    const { Session } = await begin(pool, Username, { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    const EMAIL_OTP_CODE = pool.lastMessage().code as string;
    const client = new SrpClient();
    const { ChallengeParameters } = await begin(pool, Username, {
      PREFERRED_CHALLENGE: 'PASSWORD_SRP',
      SRP_A: client.SRP_A,
    });
    const key = { UserPoolId: pool.id, Username };
    if (how === 'a global sign-out') await sdk.adminUserGlobalSignOut(key);
    else {
      await sdk.adminDisableUser(key);
      await sdk.adminEnableUser(key);
    }
    await expectError(
      respond(pool, 'EMAIL_OTP', Session, { USERNAME: Username, EMAIL_OTP_CODE }),
      ...INVALID_SESSION,
    );
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(
      respond(pool, 'PASSWORD_VERIFIER', undefined, { USERNAME: Username, ...proof }),
      ...INCORRECT,
    );
    const again = await begin(pool, Username, { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(again.AuthenticationResult).toBeDefined();
  });

  it('is of no use to a user who was disabled or deleted meanwhile', async () => {
    await pool.user('gone', { email: 'gone@example.com', email_verified: 'true' });
    const { Session } = await begin(pool, 'gone', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    const EMAIL_OTP_CODE = pool.lastMessage().code as string;
    const answer = () => respond(pool, 'EMAIL_OTP', Session, { USERNAME: 'gone', EMAIL_OTP_CODE });
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'gone' });
    await expectError(answer(), 'NotAuthorizedException', 'User is disabled.');
    await sdk.adminDeleteUser({ UserPoolId: pool.id, Username: 'gone' });
    await expectError(answer(), ...INVALID_SESSION);
  });

  it('answers its own challenge only', async () => {
    const { Session } = await begin(pool, 'amy');
    for (const [name, responses] of [
      ['EMAIL_OTP', { EMAIL_OTP_CODE: '12345678' }],
      ['SMS_OTP', { SMS_OTP_CODE: '12345678' }],
      ['PASSWORD', { PASSWORD }],
      ['NEW_PASSWORD_REQUIRED', { NEW_PASSWORD: PASSWORD }],
      ['DEVICE_SRP_AUTH', { DEVICE_KEY: 'x', SRP_A: 'a' }],
    ] as const) {
      await expectError(respond(pool, name, Session, { USERNAME: 'amy', ...responses }), ...INVALID_SESSION);
    }
    await expectError(begin(pool, 'amy', {}, Session), ...INVALID_SESSION);
  });
});

describe('what cannot be chosen', () => {
  it('is refused, and the session stays', async () => {
    const { Session } = await begin(classic, 'amy');
    const choose = (ANSWER: string) =>
      respond(classic, 'SELECT_CHALLENGE', Session, { USERNAME: 'amy', ANSWER, PASSWORD });
    for (const ANSWER of ['EMAIL_OTP', 'WEB_AUTHN', 'SMS_MFA', 'constructor']) {
      await expectError(
        choose(ANSWER),
        'InvalidParameterException',
        `${ANSWER} is not available for the user.`,
      );
    }
    await expectError(
      respond(classic, 'SELECT_CHALLENGE', Session, { USERNAME: 'amy' }),
      'InvalidParameterException',
      'Missing required parameter ANSWER',
    );
    expect((await choose('PASSWORD')).AuthenticationResult).toBeDefined();
  });

  it('are codes, for users who have a further factor to prove', async () => {
    await pool.user('mfa', { email: 'mfa@example.com', email_verified: 'true', phone_number: PHONE });
    const SmsMfaConfiguration = { SmsConfiguration: SMS };
    const config = { UserPoolId: pool.id, SmsMfaConfiguration };
    await sdk.setUserPoolMfaConfig({ ...config, MfaConfiguration: 'OPTIONAL' });
    expect((await begin(pool, 'mfa')).AvailableChallenges).toContain('EMAIL_OTP');
    await sdk.adminSetUserMFAPreference({
      UserPoolId: pool.id,
      Username: 'mfa',
      SMSMfaSettings: { Enabled: true },
    });
    expect((await begin(pool, 'mfa')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    const { ChallengeName } = await begin(pool, 'mfa', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(ChallengeName).toBe('SMS_MFA');
    expect((await begin(pool, 'amy')).AvailableChallenges).toContain('EMAIL_OTP');
    await sdk.setUserPoolMfaConfig({ ...config, MfaConfiguration: 'ON' });
    expect((await begin(pool, 'amy')).AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD']);
    await sdk.setUserPoolMfaConfig({ UserPoolId: pool.id, MfaConfiguration: 'OFF' });
  });
});

describe('a user who does not exist, in a client that hides it', () => {
  const choices = async (to: TestPool, username: string) => {
    try {
      return (await begin(to, username)).AvailableChallenges?.join() ?? '';
    } catch (error) {
      // No way to begin: as for a user who has lost the last one.
      expect((error as Error).message).toBe(INCORRECT[1]);
      return '';
    }
  };
  /** Which ways a name is offered is chance: the first name that is offered these. */
  let ghost: string;
  beforeAll(async () => {
    const wanted = 'PASSWORD_SRP,PASSWORD,EMAIL_OTP,SMS_OTP';
    const isWanted = async (name: string) => (await choices(hiding, name)) === wanted;
    for (let n = 0; !(await isWanted(`ghost${n}`)); n++) expect(n).toBeLessThan(500);
    for (let n = 0; ghost === undefined; n++) if (await isWanted(`ghost${n}`)) ghost = `ghost${n}`;
  });

  it('is offered what a user may be offered: neither more nor less tells that there is nobody', async () => {
    const users: Record<string, Record<string, string>> = {
      plain: {},
      mailed: { email: 'm@example.com', email_verified: 'true' },
      unverified: { email: 'u@example.com' },
      called: { phone_number: PHONE, phone_number_verified: 'true' },
    };
    const ofUsers = new Set<string>();
    for (const [name, attributes] of Object.entries(users)) {
      await pool.user(`hidden-${name}`, attributes);
      ofUsers.add(await choices(hiding, `hidden-${name}`));
    }
    const ofNobody = new Set<string>();
    for (let n = 0; n < 200; n++) ofNobody.add(await choices(hiding, `nobody${n}`));
    for (const choice of [...ofUsers, 'EMAIL_OTP', await choices(hiding, 'amy')]) {
      expect(ofNobody).toContain(choice);
    }
    expect(await choices(hiding, 'NOBODY7')).toBe(await choices(hiding, 'NOBODY7'));
    const hidingClassic = await classic.client({ ...CLIENT, PreventUserExistenceErrors: 'ENABLED' });
    for (let n = 0; n < 20; n++) {
      expect(await choices(hidingClassic, `nobody${n}`)).toBe('PASSWORD_SRP,PASSWORD');
    }
  });

  it('may choose like others, and gets nowhere', async () => {
    const { ChallengeName, AvailableChallenges, ChallengeParameters, Session } = await begin(hiding, ghost);
    expect(ChallengeName).toBe('SELECT_CHALLENGE');
    expect(AvailableChallenges).toEqual(['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP']);
    expect(ChallengeParameters).toEqual({ USERNAME: ghost });
    const choose = (ANSWER: string, more: Record<string, string> = {}) =>
      respond(hiding, 'SELECT_CHALLENGE', Session, { USERNAME: ghost, ANSWER, ...more });
    await expectError(choose('PASSWORD', { PASSWORD }), ...INCORRECT);
    const before = pool.messages().length;
    const sent = await choose('EMAIL_OTP');
    expect(sent.ChallengeName).toBe('EMAIL_OTP');
    expect(sent.ChallengeParameters?.['CODE_DELIVERY_DESTINATION']).toMatch(/^[a-z]\*\*\*@[a-z]\*\*\*$/);
    await expectError(
      respond(hiding, 'EMAIL_OTP', sent.Session, { USERNAME: ghost, EMAIL_OTP_CODE: '12345678' }),
      ...MISMATCH,
    );
    await expectError(
      respond(hiding, 'EMAIL_OTP', sent.Session, { USERNAME: 'amy', EMAIL_OTP_CODE: '12345678' }),
      ...INVALID_SESSION,
    );
    expect(pool.messages()).toHaveLength(before);
  });

  it('is sent codes to where the name says', async () => {
    const shown = async (username: string, PREFERRED_CHALLENGE: string) =>
      (await begin(hiding, username, { PREFERRED_CHALLENGE })).ChallengeParameters?.[
        'CODE_DELIVERY_DESTINATION'
      ];
    const first = async (names: string[], preferred: string) => {
      for (const name of names) {
        const destination = await shown(name, preferred).catch(() => undefined);
        if (destination !== undefined) return destination;
      }
      return undefined;
    };
    const hundred = [...Array(100).keys()];
    const mails = hundred.map((n) => `zoe${n}@nowhere.example`);
    expect(await first(mails, 'EMAIL_OTP')).toBe('z***@n***');
    const numbers = hundred.map((n) => `+15559${String(n).padStart(2, '0')}6543`);
    expect(await first(numbers, 'SMS_OTP')).toBe('+*******6543');
    expect(await shown(ghost, 'SMS_OTP')).toMatch(/^\+\*+\d{4}$/);
    expect(await shown(ghost, 'SMS_OTP')).toBe(await shown(ghost, 'SMS_OTP'));
  });

  it('proves nothing by SRP', async () => {
    const client = new SrpClient();
    const { ChallengeParameters } = await begin(hiding, ghost, {
      PREFERRED_CHALLENGE: 'PASSWORD_SRP',
      SRP_A: client.SRP_A,
    });
    const proof = client.prove(ChallengeParameters, { realm: realmOf(pool), password: PASSWORD });
    await expectError(
      respond(hiding, 'PASSWORD_VERIFIER', undefined, { USERNAME: ghost, ...proof }),
      ...INCORRECT,
    );
  });
});

describe('who signs up', () => {
  const signUp = (to: TestPool, Username: string, more: object = {}) =>
    sdk.signUp({
      ClientId: to.clientId,
      Username,
      UserAttributes: list({ email: `${Username}@example.com` }),
      ...more,
    });
  const confirm = (to: TestPool, Username: string, Session?: string) =>
    sdk.confirmSignUp({
      ClientId: to.clientId,
      Username,
      ConfirmationCode: to.lastMessage().code,
      Session,
    });

  it('signs in with the session of the confirmation, once', async () => {
    const { Session } = await signUp(pool, 'new');
    const confirmed = await confirm(pool, 'new', Session);
    const { AuthenticationResult } = await begin(pool, 'new', {}, confirmed.Session);
    expect(decode(AuthenticationResult?.AccessToken).claims['username']).toBe('new');
    await expectError(
      begin(pool, 'new', {}, confirmed.Session),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    );
  });

  it('needs no session of the sign-up for that, and soon', async () => {
    await signUp(pool, 'soon');
    const { Session } = await confirm(pool, 'soon');
    await expectError(begin(pool, 'amy', {}, Session), ...INVALID_SESSION);
    clock.advance(3 * MINUTE);
    await expectError(
      begin(pool, 'soon', {}, Session),
      'NotAuthorizedException',
      'Invalid session for the user, session is expired.',
    );
  });

  it('is confirmed with a session that has run out, and not with that of another', async () => {
    const { Session } = await signUp(pool, 'slow');
    clock.advance(3 * MINUTE);
    await confirm(pool, 'slow', Session);
    const other = await signUp(pool, 'other');
    await signUp(pool, 'third');
    await expectError(confirm(pool, 'third', other.Session), ...INVALID_SESSION);
    await expectError(confirm(pool, 'third', 'x'.repeat(30)), ...INVALID_SESSION);
    await expectError(
      begin(pool, 'third', {}, other.Session),
      'UserNotConfirmedException',
      'User is not confirmed.',
    );
    await confirm(pool, 'third');
    await expectError(begin(pool, 'third', {}, other.Session), ...INVALID_SESSION);
  });

  it('gets no session where a code is no way to begin: a password is asked for', async () => {
    const passwords = await poolWith({ AutoVerifiedAttributes: ['email'] });
    const { Session } = await signUp(passwords, 'pw', { Password: PASSWORD });
    expect(await confirm(passwords, 'pw', Session)).not.toHaveProperty('Session');
    await expectError(begin(passwords, 'pw', {}, Session), ...INVALID_SESSION);
    const { AuthenticationResult } = await begin(passwords, 'pw', {
      PREFERRED_CHALLENGE: 'PASSWORD',
      PASSWORD,
    });
    expect(AuthenticationResult).toBeDefined();

    await signUp(pool, 'meanwhile', { Password: PASSWORD });
    const confirmed = await confirm(pool, 'meanwhile');
    await sdk.setUserPoolMfaConfig({
      UserPoolId: pool.id,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await expectError(begin(pool, 'meanwhile', {}, confirmed.Session), ...INVALID_SESSION);
    await signUp(pool, 'demanded', { Password: PASSWORD });
    expect(await confirm(pool, 'demanded')).not.toHaveProperty('Session');
    const first = await begin(pool, 'demanded', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD });
    expect(first.ChallengeName).toBe('MFA_SETUP');
    await sdk.setUserPoolMfaConfig({ UserPoolId: pool.id, MfaConfiguration: 'OFF' });
  });

  it('gets no session where USER_AUTH is not allowed', async () => {
    const client = await pool.client();
    expect(await signUp(client, 'plain', { Password: PASSWORD })).not.toHaveProperty('Session');
    expect(await confirm(client, 'plain')).not.toHaveProperty('Session');
  });

  it('does without a password only where codes sign in', async () => {
    const refusal = ['InvalidParameterException', 'Password is required'] as const;
    await signUp(pool, 'codes');
    await confirm(pool, 'codes');
    const { ChallengeName, AvailableChallenges } = await begin(pool, 'codes', {
      PREFERRED_CHALLENGE: 'PASSWORD',
      PASSWORD,
    });
    expect(ChallengeName).toBe('SELECT_CHALLENGE');
    expect(AvailableChallenges).toEqual(['EMAIL_OTP']);
    await expectError(signUp(classic, 'codes'), ...refusal);
    await expectError(signUp(await pool.client(), 'codes2'), ...refusal);
    await expectError(signUp(pool, 'codes3', { UserAttributes: [] }), ...refusal);
  });
});

describe('a user whom an administrator makes', () => {
  const make = (Username: string, attributes: Record<string, string>, more: object = {}) =>
    sdk.adminCreateUser({
      UserPoolId: pool.id,
      Username,
      UserAttributes: list(attributes),
      ...more,
    });
  const verified = (name: string) => ({ email: `${name}@example.com`, email_verified: 'true' });

  it('needs no password where a code can be sent', async () => {
    const before = pool.messages().length;
    const { User } = await make('made', verified('made'));
    expect(User?.UserStatus).toBe('CONFIRMED');
    expect(pool.messages()).toHaveLength(before);
    const { ChallengeName, Session } = await begin(pool, 'made', { PREFERRED_CHALLENGE: 'EMAIL_OTP' });
    expect(ChallengeName).toBe('EMAIL_OTP');
    const { AuthenticationResult } = await respond(pool, 'EMAIL_OTP', Session, {
      USERNAME: 'made',
      EMAIL_OTP_CODE: pool.lastMessage().code as string,
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  });

  it('has one where it is given, or nothing is verified', async () => {
    const given = await make('given', verified('given'), { TemporaryPassword: PASSWORD });
    expect(given.User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    const unverified = await make('unverified', { email: 'unverified@example.com' });
    expect(unverified.User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
  });
});

describe('SignInPolicy', () => {
  it('is described as it was given', async () => {
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: pool.id });
    expect(UserPool?.Policies?.SignInPolicy).toEqual({
      AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'],
    });
    const other = await sdk.describeUserPool({ UserPoolId: classic.id });
    expect(other.UserPool?.Policies?.SignInPolicy).toEqual({ AllowedFirstAuthFactors: ['PASSWORD'] });
  });

  it('allows passwords at least, and in the cheapest tier at most', async () => {
    const create = (AllowedFirstAuthFactors: ('PASSWORD' | 'EMAIL_OTP')[], more: object = {}) =>
      sdk.createUserPool({ PoolName: 'p', Policies: { SignInPolicy: { AllowedFirstAuthFactors } }, ...more });
    await expectError(
      create(['EMAIL_OTP']),
      'InvalidParameterException',
      'Password should be configured as one of the allowed first auth factors.',
    );
    await expectError(
      create(['PASSWORD', 'EMAIL_OTP'], { UserPoolTier: 'LITE' }),
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In',
    );
  });
});
