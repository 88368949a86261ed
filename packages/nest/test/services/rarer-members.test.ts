import { decodeJwt } from 'jose';
import { describe, expect } from 'vitest';
import { SoftwarePasskey } from '../../../../test/support/software-authenticator.js';
import type { UserAttributes } from '../../src/index.js';
import { PASSWORD } from '../support/cognito.js';
import { allRefused, serve } from '../support/served.js';
import { type FixedPoolSettings, type Made, settingsOn } from '../support/settings.js';
import { challenged, signedIn } from '../support/sign-in.js';
import { totp } from '../support/totp.js';

/* What operations take that few callers give, and what it does. */

const server = await serve();
const { test } = server;
const { make, plain } = await settingsOn(server);

const PARAMETER = 'InvalidParameterException';
const NOT_AUTHORIZED = 'NotAuthorizedException';
const username = 'ada';
const password = PASSWORD;
const email = 'ada@example.com';
const contact = { email, email_verified: true, phone_number: '+15550001234', phone_number_verified: true };
const smsConfiguration = { snsCallerArn: 'arn:aws:iam::123456789012:role/sms' };

/** A pool that writes in its own name, and does not send codes for new passwords by e-mail: those are for sign-ins. */
const ownEmail = {
  emailConfiguration: {
    emailSendingAccount: 'DEVELOPER',
    sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/a@example.com',
  },
  accountRecoverySetting: {
    recoveryMechanisms: [{ priority: 1, name: 'verified_phone_number' }],
  },
} satisfies FixedPoolSettings;

const newestCode = ({ userPoolId }: Made) => server.messages(userPoolId, username).at(-1)?.code as string;

describe('CreateGroup, UpdateGroup', () => {
  test('CreateGroup UpdateGroup embedded', 'a role, which goes into ID tokens', async () => {
    const made = await plain();
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const group = { groupName: 'admin', roleArn: role('admin'), precedence: 1 };
    expect(await made.groups.create(group)).toMatchObject(group);
    await made.groups.create({ groupName: 'staff', roleArn: role('staff'), precedence: 2 });
    await made.user(username);
    for (const groupName of ['admin', 'staff']) await made.groups.addUser({ username, groupName });
    const claims = async () =>
      decodeJwt(signedIn(await made.auth.signIn({ username, password })).tokens.idToken);
    const first = await claims();
    expect(first['cognito:preferred_role']).toBe(role('admin'));
    expect((first['cognito:roles'] as string[]).sort()).toEqual([role('admin'), role('staff')]);
    await made.groups.update({ groupName: 'admin', roleArn: role('other') });
    expect((await claims())['cognito:preferred_role']).toBe(role('other'));
    await allRefused([[PARAMETER, () => made.groups.create({ groupName: 'x', roleArn: 'no role' })]]);
  });
});

describe('the session of a sign-up', () => {
  const withCodes = () =>
    make({
      autoVerifiedAttributes: ['email'],
      policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    });
  for (const signed of [false, true]) {
    const operation = signed ? 'AdminInitiateAuth' : 'InitiateAuth';
    test(`ConfirmSignUp ${operation} embedded`, 'goes on to a sign-in without another code', async () => {
      const made = await withCodes();
      const { auth } = made;
      const { session } = await auth.signUp({ username, password, userAttributes: { email } });
      const confirmationCode = newestCode(made);
      await allRefused([
        [NOT_AUTHORIZED, () => auth.confirmSignUp({ username, confirmationCode, session: 'x'.repeat(30) })],
      ]);
      const confirmed = await auth.confirmSignUp({ username, confirmationCode, session });
      const signIn = (given: string | undefined) =>
        auth.signIn({ username, authFlow: 'USER_AUTH', signed, session: given });
      await allRefused([[NOT_AUTHORIZED, () => signIn('x'.repeat(30))]]);
      expect((await signIn(undefined)).status).toBe('challenge');
      expect(signedIn(await signIn(confirmed.session)).username).toBe(username);
      await allRefused([[NOT_AUTHORIZED, () => signIn(confirmed.session)]]);
    });
  }
});

describe('RevokeToken', () => {
  test('RevokeToken embedded', 'with or without the sessions that are linked, of which none is', async () => {
    // A sign-in by the API came through no session of the hosted pages.
    const made = await plain();
    await made.user(username);
    const signIn = async () =>
      signedIn(await made.auth.signIn({ username, password })).tokens.refreshToken ?? '';
    const kept = await signIn();
    for (const revokeAssociatedSessions of ['NONE', 'LINKED'] as const) {
      const token = await signIn();
      await made.auth.revokeToken({ token, revokeAssociatedSessions });
      await allRefused([[NOT_AUTHORIZED, () => made.auth.refresh({ refreshToken: token })]]);
    }
    expect((await made.auth.refresh({ refreshToken: kept })).status).toBe('signed-in');
    await allRefused([
      [PARAMETER, () => made.auth.revokeToken({ token: kept, revokeAssociatedSessions: 'ALL' as never })],
    ]);
  });
});

describe('CreateUserImportJob', () => {
  test('CreateUserImportJob embedded', 'no passwords, which is said', async () => {
    const { pools } = await plain();
    const job = { jobName: 'job', cloudWatchLogsRoleArn: 'arn:aws:iam::123456789012:role/logs' };
    await expect(pools.createImportJob({ ...job, passwordHashingAlgorithm: 'BCRYPT' })).rejects.toMatchObject(
      {
        name: PARAMETER,
        message: expect.stringContaining('PasswordHashingAlgorithm BCRYPT is not supported'),
      },
    );
    expect(await pools.createImportJob(job)).toMatchObject({ jobName: 'job' });
  });
});

describe('AddCustomAttributes', () => {
  test('AddCustomAttributes embedded', 'limits of values, and who may change them', async () => {
    const made = await plain();
    await made.pools.addCustomAttributes({
      customAttributes: [
        {
          name: 'code',
          attributeDataType: 'String',
          stringAttributeConstraints: { minLength: '2', maxLength: '4' },
        },
        {
          name: 'age',
          attributeDataType: 'Number',
          numberAttributeConstraints: { minValue: '18', maxValue: '99' },
        },
        {
          name: 'inner',
          attributeDataType: 'String',
          developerOnlyAttribute: true,
          mutable: true,
          required: false,
        },
        { name: 'fixed', attributeDataType: 'String', mutable: false },
      ],
    });
    await made.user(username, { 'custom:fixed': 'a' });
    const update = (userAttributes: UserAttributes) =>
      made.users.updateAttributes({ username, userAttributes });
    const right: UserAttributes = { 'custom:code': '1234', 'custom:age': '18', 'dev:custom:inner': 'x' };
    await update(right);
    expect((await made.users.get({ username })).userAttributes).toMatchObject(right);
    await allRefused([
      [PARAMETER, () => update({ 'custom:code': '1' })],
      [PARAMETER, () => update({ 'custom:code': '12345' })],
      [PARAMETER, () => update({ 'custom:age': '17' })],
      [PARAMETER, () => update({ 'custom:age': '100' })],
      [PARAMETER, () => update({ 'custom:fixed': 'b' })],
      [
        NOT_AUTHORIZED,
        async () =>
          made.auth.updateUserAttributes({
            accessToken: await made.token(username),
            userAttributes: { 'dev:custom:inner': 'y' },
          }),
      ],
      [
        PARAMETER,
        () =>
          made.pools.addCustomAttributes({
            customAttributes: [{ name: 'must', attributeDataType: 'String', required: true }],
          }),
      ],
    ]);
  });
});

describe('UpdateResourceServer', () => {
  test(
    'UpdateResourceServer CreateUserPoolClient embedded',
    'scopes, which app clients ask for',
    async () => {
      const { pools } = await plain();
      const reports = { identifier: 'reports', name: 'Reports' };
      const scopes = [{ scopeName: 'read', scopeDescription: 'Read them' }];
      await pools.createResourceServer(reports);
      const ask = () => pools.createClient({ clientName: 'reader', allowedOAuthScopes: ['reports/read'] });
      await allRefused([['ScopeDoesNotExistException', ask]]);
      expect(await pools.updateResourceServer({ ...reports, scopes })).toMatchObject({ scopes });
      expect(await ask()).toMatchObject({ allowedOAuthScopes: ['reports/read'] });
      const wrong = [{ scopeName: 'read/write', scopeDescription: 'x' }];
      await allRefused([[PARAMETER, () => pools.updateResourceServer({ ...reports, scopes: wrong })]]);
    },
  );
});

describe('SetUserPoolMfaConfig', () => {
  test('SetUserPoolMfaConfig embedded', 'how and with what words codes are sent', async () => {
    const made = await make({ ...ownEmail });
    const config = {
      mfaConfiguration: 'ON',
      smsMfaConfiguration: {
        smsAuthenticationMessage: 'By SMS: {####}',
        smsConfiguration: {
          ...smsConfiguration,
          externalId: 'external',
          snsRegion: 'eu-west-1',
          eumsSms: {
            callerArn: smsConfiguration.snsCallerArn,
            externalId: 'external',
            originationIdentity: 'Example',
            configurationSetName: 'set',
            inEntityId: '1',
            inTemplateId: '2',
            region: 'eu-central-1',
          },
        },
      },
      emailMfaConfiguration: { message: 'By e-mail: {####}', subject: 'Is it you?' },
    } as const;
    expect(await made.pools.setMfaConfig(config)).toMatchObject(config);
    expect(await made.pools.getMfaConfig()).toMatchObject(config);
    const { smsAuthenticationMessage, smsConfiguration: sms } = config.smsMfaConfiguration;
    expect(await made.pools.describe()).toMatchObject({ smsAuthenticationMessage, smsConfiguration: sms });
    await made.user(username, contact);
    for (const [answer, message] of [
      ['SMS_MFA', { medium: 'SMS', body: 'By SMS: ' }],
      ['EMAIL_OTP', { medium: 'EMAIL', subject: 'Is it you?', body: 'By e-mail: ' }],
    ] as const) {
      const choice = challenged(await made.auth.signIn({ username, password }), 'SELECT_MFA_TYPE');
      await made.auth.respondToChallenge(choice, { answer });
      const sent = server.messages(made.userPoolId, username).at(-1);
      expect(sent).toMatchObject({ ...message, body: `${message.body}${sent?.code}` });
    }
  });
});

/** The two ways to switch a user's factors on and off. */
const preferences = [
  [
    'SetUserMFAPreference',
    (made: Made, accessToken: string, settings: object) =>
      made.auth.setUserMfaPreference({ ...settings, accessToken }),
  ],
  [
    'AdminSetUserMFAPreference',
    (made: Made, _token: string, settings: object) => made.users.setMfaPreference({ ...settings, username }),
  ],
] as const;

describe.each(preferences)('%s', (operation, set) => {
  const ON = { enabled: true, preferredMfa: true };
  const OFF = { enabled: false, preferredMfa: false };
  const withFactors = async () => {
    const made = await make({
      smsConfiguration,
      ...ownEmail,
    });
    await made.pools.setMfaConfig({
      mfaConfiguration: 'OPTIONAL',
      smsMfaConfiguration: { smsConfiguration },
      softwareTokenMfaConfiguration: { enabled: true },
      emailMfaConfiguration: { message: 'Code {####}', subject: 'Sign in' },
    });
    await made.user(username, contact);
    const { accessToken } = signedIn(await made.auth.signIn({ username, password })).tokens;
    return { made, accessToken };
  };

  test(`${operation} embedded`, 'codes by SMS, by e-mail and of an app, one of them preferred', async () => {
    const { made, accessToken } = await withFactors();
    const asked = async () => {
      const result = await made.auth.signIn({ username, password });
      return result.status === 'challenge' ? result.challenge.name : result.status;
    };
    const { secretCode } = await made.auth.associateSoftwareToken({ accessToken });
    const userCode = totp(secretCode as string, server.nowMs());
    await made.auth.verifySoftwareToken({ accessToken, userCode });
    const factors = {
      smsMfaSettings: 'SMS_MFA',
      emailMfaSettings: 'EMAIL_OTP',
      softwareTokenMfaSettings: 'SOFTWARE_TOKEN_MFA',
    };
    for (const [member, challenge] of Object.entries(factors)) {
      await set(made, accessToken, { [member]: ON });
      expect(await asked()).toBe(challenge);
      expect(await made.users.get({ username })).toMatchObject({
        userMFASettingList: [challenge],
        preferredMfaSetting: challenge,
      });
      await set(made, accessToken, { [member]: OFF });
      expect(await asked()).toBe('signed-in');
    }
    // Of two that are not preferred, the user chooses.
    for (const member of ['smsMfaSettings', 'emailMfaSettings']) {
      await set(made, accessToken, { [member]: { enabled: true, preferredMfa: false } });
    }
    expect(await asked()).toBe('SELECT_MFA_TYPE');
    await allRefused([
      [PARAMETER, () => set(made, accessToken, { smsMfaSettings: ON, emailMfaSettings: ON })],
    ]);
  });

  test(`${operation} embedded`, 'a passkey for two factors, or not', async () => {
    const { made, accessToken } = await withFactors();
    await allRefused([[PARAMETER, () => set(made, accessToken, { webAuthnMfaSettings: { enabled: true } })]]);
    await made.pools.update({
      mfaConfiguration: 'OPTIONAL',
      smsConfiguration,
      policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    });
    await made.pools.setMfaConfig({
      webAuthnConfiguration: {
        relyingPartyId: 'localhost',
        userVerification: 'required',
        factorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
      },
    });
    const { credentialCreationOptions } = await made.auth.startWebAuthnRegistration({ accessToken });
    const { challenge, rp } = credentialCreationOptions;
    const credential = new SoftwarePasskey().create({ challenge, rp: { id: rp.id as string } });
    await made.auth.completeWebAuthnRegistration({ accessToken, credential });
    await set(made, accessToken, { smsMfaSettings: ON });
    const offered = async () => {
      const asked = await made.auth.signIn({ username, authFlow: 'USER_AUTH' });
      return challenged(asked, 'SELECT_CHALLENGE').availableChallenges;
    };
    for (const enabled of [true, false]) {
      await set(made, accessToken, { webAuthnMfaSettings: { enabled } });
      expect((await offered()).includes('WEB_AUTHN')).toBe(enabled);
    }
  });
});
