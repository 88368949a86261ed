import { describe, expect } from 'vitest';
import type { UserAttributes } from '../../src/index.js';
import { PASSWORD } from '../support/cognito.js';
import { allRefused, serve } from '../support/served.js';
import { type Made, type PoolSettings, settingsOn } from '../support/settings.js';
import { challenged, signedIn } from '../support/sign-in.js';

/*
 * What the settings of CreateUserPool and UpdateUserPool do to a pool's users. That they are kept, and what of them is
 * refused: pool-settings.test.ts; what they say in messages: pool-messages.test.ts.
 */

const server = await serve();
const { test } = server;
const { make, poolWays } = await settingsOn(server);

const PARAMETER = 'InvalidParameterException';
const NOT_AUTHORIZED = 'NotAuthorizedException';
const INVALID_PASSWORD = 'InvalidPasswordException';
const DAY_MS = 86_400_000;
const SMS = { smsConfiguration: { snsCallerArn: 'arn:aws:iam::123456789012:role/sms' } };
const email = 'ada@example.com';
const phone_number = '+15550001234';
const username = 'ada';
const password = PASSWORD;

/** The media of what was sent to a user, oldest first. */
const media = ({ userPoolId }: Made, of = username) =>
  server.messages(userPoolId, of).map(({ medium }) => medium);

describe.each(poolWays)('%s', (operation, way) => {
  const has = (title: string, body: () => Promise<void>) => test(`${operation} embedded`, title, body);
  const passwordPolicy = (policy: NonNullable<PoolSettings['policies']>['passwordPolicy']) =>
    way({ policies: { passwordPolicy: policy } });

  has('verifies by itself what autoVerifiedAttributes names', async () => {
    const none = await way({});
    expect(await none.auth.signUp({ username, password, userAttributes: { email } })).not.toHaveProperty(
      'codeDeliveryDetails',
    );
    const both = await way({ autoVerifiedAttributes: ['email', 'phone_number'], ...SMS });
    await both.auth.signUp({ username, password, userAttributes: { email } });
    await both.auth.signUp({ username: 'bob', password, userAttributes: { phone_number } });
    expect([media(both), media(both, 'bob')]).toEqual([['EMAIL'], ['SMS']]);
  });

  const wrongPasswords = [
    'Short-pass1',
    'lowercase-only1',
    'UPPERCASE-ONLY1',
    'No-numbers-here',
    'NoSymbolsHere1',
  ];
  has('asks of passwords what its policy says, and no more', async () => {
    const strict = await passwordPolicy({
      minimumLength: 12,
      requireUppercase: true,
      requireLowercase: true,
      requireNumbers: true,
      requireSymbols: true,
    });
    for (const wrong of wrongPasswords) {
      await allRefused([[INVALID_PASSWORD, () => strict.auth.signUp({ username, password: wrong })]]);
    }
    expect(await strict.auth.signUp({ username, password: 'All-of-them-1' })).toHaveProperty('userSub');
    const lenient = await passwordPolicy({ minimumLength: 6 });
    for (const easy of ['simple', 'SIMPLE', '123456', '------']) {
      expect(await lenient.auth.signUp({ username: easy, password: easy })).toHaveProperty('userSub');
    }
  });

  has('takes no password of the history again', async () => {
    const USED = 'PasswordHistoryPolicyViolationException';
    const { users } = await passwordPolicy({ minimumLength: 8, passwordHistorySize: 2 });
    await users.create({ username, messageAction: 'SUPPRESS' });
    const set = (next: string) => users.setPassword({ username, password: next, permanent: true });
    await set('password-1');
    await set('password-2');
    await allRefused([
      [USED, () => set('password-1')],
      [USED, () => set('password-2')],
    ]);
    await set('password-3');
    await set('password-1');
  });

  const validities: readonly [member: string, settings: PoolSettings][] = [
    ['temporaryPasswordValidityDays', { policies: { passwordPolicy: { temporaryPasswordValidityDays: 2 } } }],
    ['unusedAccountValidityDays', { adminCreateUserConfig: { unusedAccountValidityDays: 2 } }],
  ];
  has('takes temporary passwords for as long as it says', async () => {
    for (const [member, settings] of validities) {
      const { auth, users } = await way(settings);
      await users.create({ username, temporaryPassword: password, messageAction: 'SUPPRESS' });
      server.advance(2 * DAY_MS - 1000);
      const { status } = await auth.signIn({ username, password });
      expect(status, member).toBe('challenge');
      server.advance(2000);
      await allRefused([[NOT_AUTHORIZED, () => auth.signIn({ username, password })]]);
    }
  });

  has('lets users begin with what signInPolicy allows', async () => {
    const choice = { username, authFlow: 'USER_AUTH' } as const;
    const open = await way({
      policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    });
    const usual = await way({});
    for (const made of [open, usual]) await made.user(username, { email, email_verified: true });
    const asked = challenged(
      await open.auth.signIn({ ...choice, preferredChallenge: 'EMAIL_OTP' as const }),
      'EMAIL_OTP',
    );
    const code = server.messages(open.userPoolId, username).at(-1)?.code as string;
    signedIn(await open.auth.respondToChallenge(asked, { code }));
    const { availableChallenges } = challenged(await usual.auth.signIn(choice), 'SELECT_CHALLENGE');
    expect(availableChallenges).not.toContain('EMAIL_OTP');
  });

  has('asks those for a second factor who have one, and has no other than SMS', async () => {
    const on = await way({ mfaConfiguration: 'OPTIONAL', ...SMS });
    const off = await way(SMS);
    for (const made of [on, off]) {
      await made.user(username, { phone_number, phone_number_verified: true });
      await made.users.setMfaPreference({ username, smsMfaSettings: { enabled: true, preferredMfa: true } });
    }
    challenged(await on.auth.signIn({ username, password }), 'SMS_MFA');
    signedIn(await off.auth.signIn({ username, password }));
    await allRefused([[PARAMETER, () => way({ mfaConfiguration: 'OPTIONAL' })]]);
  });

  has('keeps an address until the new one is verified, where it says so', async () => {
    const autoVerifiedAttributes = ['email'] as const;
    const careful = await way({
      autoVerifiedAttributes: [...autoVerifiedAttributes],
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
    });
    const usual = await way({ autoVerifiedAttributes: [...autoVerifiedAttributes] });
    const addressAfterChange = async (made: Made) => {
      await made.user(username, { email, email_verified: true });
      const accessToken = await made.token(username);
      await made.auth.updateUserAttributes({ accessToken, userAttributes: { email: 'new@example.com' } });
      const { userAttributes } = await made.auth.getUser({ accessToken });
      return { address: userAttributes.email, accessToken };
    };
    expect((await addressAfterChange(usual)).address).toBe('new@example.com');
    const { address, accessToken } = await addressAfterChange(careful);
    expect(address).toBe(email);
    const code = server.messages(careful.userPoolId, username).at(-1)?.code as string;
    await careful.auth.verifyUserAttribute({ accessToken, attributeName: 'email', code });
    const { userAttributes } = await careful.auth.getUser({ accessToken });
    expect(userAttributes).toMatchObject({ email: 'new@example.com', email_verified: true });
  });

  has('remembers devices as deviceConfiguration says', async () => {
    const off = await way({});
    await off.user(username);
    expect(signedIn(await off.auth.signIn({ username, password })).tokens).not.toHaveProperty(
      'newDeviceMetadata',
    );
    for (const deviceOnlyRememberedOnUserPrompt of [true, false]) {
      const on = await way({
        deviceConfiguration: { deviceOnlyRememberedOnUserPrompt, challengeRequiredOnNewDevice: false },
      });
      await on.user(username);
      const { accessToken, newDeviceMetadata } = signedIn(
        await on.auth.signIn({ username, password }),
      ).tokens;
      if (newDeviceMetadata === undefined) throw new Error('no device');
      expect(await on.auth.confirmDevice({ accessToken, newDeviceMetadata })).toMatchObject({
        userConfirmationNecessary: deviceOnlyRememberedOnUserPrompt,
      });
    }
  });

  has(
    'takes a remembered device for a second factor, where challengeRequiredOnNewDevice says so',
    async () => {
      for (const challengeRequiredOnNewDevice of [true, false]) {
        const made = await way({
          deviceConfiguration: { challengeRequiredOnNewDevice, deviceOnlyRememberedOnUserPrompt: false },
          mfaConfiguration: 'OPTIONAL',
          ...SMS,
        });
        await made.user(username, { phone_number, phone_number_verified: true });
        const { accessToken, newDeviceMetadata } = signedIn(
          await made.auth.signIn({ username, password }),
        ).tokens;
        if (newDeviceMetadata === undefined) throw new Error('no device');
        const { device } = await made.auth.confirmDevice({ accessToken, newDeviceMetadata });
        await made.users.setMfaPreference({
          username,
          smsMfaSettings: { enabled: true, preferredMfa: true },
        });
        const { status } = await made.auth.signIn({ username, password, device });
        expect(status).toBe(challengeRequiredOnNewDevice ? 'signed-in' : 'challenge');
      }
    },
  );

  has('takes no sign-ups where administrators alone create users', async () => {
    const { auth } = await way({ adminCreateUserConfig: { allowAdminCreateUserOnly: true } });
    await allRefused([[NOT_AUTHORIZED, () => auth.signUp({ username, password })]]);
  });

  has('sends codes for new passwords as accountRecoverySetting says', async () => {
    const recovery = (...names: ('verified_email' | 'verified_phone_number' | 'admin_only')[]) =>
      way({
        accountRecoverySetting: {
          recoveryMechanisms: names.map((name, index) => ({ name, priority: index + 1 })),
        },
        ...SMS,
      });
    const both = { email, email_verified: true, phone_number, phone_number_verified: true };
    const first = async (made: Made) => {
      await made.user(username, both);
      await made.auth.forgotPassword({ username });
      return media(made);
    };
    expect(await first(await recovery('verified_phone_number', 'verified_email'))).toEqual(['SMS']);
    expect(await first(await recovery('verified_email', 'verified_phone_number'))).toEqual(['EMAIL']);
    const administrators = await recovery('admin_only');
    await administrators.user(username, both);
    // The service does not say so: not on a public route.
    await administrators.auth.forgotPassword({ username });
    expect(media(administrators)).toEqual([]);
  });
});

describe('CreateUserPool alone', () => {
  const has = (title: string, body: () => Promise<void>) => test('CreateUserPool embedded', title, body);

  has('lets users in by their aliases, and by nothing else', async () => {
    const aliases = { email, email_verified: true, phone_number, phone_number_verified: true } as const;
    const preferred_username = 'countess';
    const made = await make({ aliasAttributes: ['email', 'preferred_username'] });
    await made.user(username, { ...aliases, preferred_username });
    for (const alias of [email, preferred_username]) {
      expect(signedIn(await made.auth.signIn({ username: alias, password })).username).toBe(username);
    }
    await allRefused([['UserNotFoundException', () => made.signIn(phone_number)]]);
    const unverified = await make({ aliasAttributes: ['email'] });
    await unverified.user(username, { email });
    await allRefused([['UserNotFoundException', () => unverified.signIn(email)]]);
  });

  has('names users by their addresses', async () => {
    const made = await make({ usernameAttributes: ['email'] });
    await made.user(email);
    const user = await made.users.get({ username: email });
    expect(user.userAttributes).toMatchObject({ email, sub: user.username });
    await allRefused([[PARAMETER, () => made.users.create({ username: 'ada' })]]);
  });

  has('tells the case of names, or not', async () => {
    const tells = await make({ usernameConfiguration: { caseSensitive: true } });
    const takesBoth = await make({ usernameConfiguration: { caseSensitive: false } });
    for (const made of [tells, takesBoth]) await made.user('Ada');
    expect((await takesBoth.users.get({ username: 'aDA' })).username.toLowerCase()).toBe('ada');
    await allRefused([
      ['UsernameExistsException', () => takesBoth.users.create({ username: 'ADA' })],
      ['UserNotFoundException', () => tells.users.get({ username: 'ada' })],
    ]);
    expect(await takesBoth.pools.describe()).toMatchObject({
      usernameConfiguration: { caseSensitive: false },
    });
  });

  has('holds users to its schema', async () => {
    const schema = [
      { name: 'email', required: true },
      { name: 'birthdate', mutable: false },
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
      { name: 'fixed', attributeDataType: 'String', mutable: false },
      { name: 'inner', attributeDataType: 'String', developerOnlyAttribute: true, mutable: true },
    ] as const;
    const made = await make({ schema: schema.map((attribute) => ({ ...attribute })) });
    const { schemaAttributes = [] } = await made.pools.describe();
    for (const { name, ...attribute } of schema) {
      expect(
        schemaAttributes.find((kept) => kept.name?.replace(/^(dev:)?custom:/, '') === name),
        name,
      ).toMatchObject(attribute);
    }
    const signUp = (userAttributes: UserAttributes) =>
      made.auth.signUp({ username, password, userAttributes: { email, ...userAttributes } });
    await allRefused([
      [PARAMETER, () => made.auth.signUp({ username, password })],
      [PARAMETER, () => signUp({ 'custom:code': '1' })],
      [PARAMETER, () => signUp({ 'custom:code': '12345' })],
      [PARAMETER, () => signUp({ 'custom:age': '17' })],
      [PARAMETER, () => signUp({ 'custom:age': '100' })],
      [PARAMETER, () => signUp({ 'custom:age': 'old' })],
      [PARAMETER, () => signUp({ 'custom:none': 'x' })],
      [NOT_AUTHORIZED, () => signUp({ 'dev:custom:inner': 'x' })],
    ]);
    await signUp({ 'custom:code': '12', 'custom:age': '18', 'custom:fixed': 'a' });
    const update = (userAttributes: UserAttributes) =>
      made.users.updateAttributes({ username, userAttributes });
    await update({ 'dev:custom:inner': 'x', 'custom:code': '1234' });
    await allRefused([[PARAMETER, () => update({ 'custom:fixed': 'b' })]]);
    expect((await made.users.get({ username })).userAttributes).toMatchObject({
      'custom:code': '1234',
      'custom:age': '18',
      'custom:fixed': 'a',
      'dev:custom:inner': 'x',
    });
  });
});
