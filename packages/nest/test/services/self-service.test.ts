import { beforeAll, describe, expect } from 'vitest';
import { SoftwarePasskey } from '../../../../test/support/software-authenticator.js';
import { appCode, wrongCode } from '../../../local/test/operations/authenticator-app.js';
import { all, allRefused, type Pool, pool, serve } from '../support/served.js';

const server = await serve();
const { test } = server;
let mine: Pool;
beforeAll(async () => {
  mine = await pool(server);
});

const NEEDS = 'AdminCreateUser AdminSetUserPassword InitiateAuth';
const UNAUTHORISED = 'NotAuthorizedException';
const NOT_FOUND = 'ResourceNotFoundException';
const PARAMETER = 'InvalidParameterException';
const bad = { accessToken: 'rubbish' };

async function signedIn(at: Pool, username: string, attributes = {}) {
  await at.user(username, attributes);
  return { username, accessToken: await at.token(username) };
}

describe('their profile', () => {
  test(`${NEEDS} UpdateUserAttributes DeleteUserAttributes GetUser`, 'attributes', async () => {
    const { accessToken } = await signedIn(mine, 'profile', { email: 'profile@example.com' });
    const attributes = async () => (await mine.auth.getUser({ accessToken })).userAttributes;
    const output = await mine.auth.updateUserAttributes({
      accessToken,
      userAttributes: { nickname: 'Addy', 'custom:plan': 'pro', name: undefined },
      clientMetadata: { any: 'thing' },
    });
    expect(output).toEqual({ codeDeliveryDetailsList: [] });
    expect(await attributes()).toMatchObject({ nickname: 'Addy', 'custom:plan': 'pro' });
    await mine.auth.deleteUserAttributes({ accessToken, userAttributeNames: ['nickname', 'custom:plan'] });
    expect(await attributes()).not.toHaveProperty('nickname');
    expect(await attributes()).not.toHaveProperty('custom:plan');
    expect(await attributes()).toHaveProperty('email', 'profile@example.com');
  });

  test(`${NEEDS} UpdateUserAttributes DeleteUserAttributes embedded`, 'what is refused', async () => {
    const { accessToken } = await signedIn(mine, 'refused');
    const narrow = await pool(server, {}, { WriteAttributes: ['nickname'] });
    const { accessToken: narrowed } = await signedIn(narrow, 'narrow');
    const other = { accessToken: narrowed };
    await allRefused([
      [UNAUTHORISED, () => mine.auth.deleteUser(bad)],
      [UNAUTHORISED, () => mine.auth.updateUserAttributes({ ...bad, userAttributes: { name: 'x' } })],
      [
        PARAMETER,
        () => mine.auth.updateUserAttributes({ accessToken, userAttributes: { 'custom:no': 'x' } }),
      ],
      [UNAUTHORISED, () => narrow.auth.updateUserAttributes({ ...other, userAttributes: { name: 'x' } })],
      [UNAUTHORISED, () => mine.auth.deleteUserAttributes({ ...bad, userAttributeNames: ['name'] })],
      [PARAMETER, () => mine.auth.deleteUserAttributes({ accessToken, userAttributeNames: ['custom:no'] })],
      [UNAUTHORISED, () => narrow.auth.deleteUserAttributes({ ...other, userAttributeNames: ['name'] })],
    ]);
  });

  test(
    `${NEEDS} GetUserAttributeVerificationCode VerifyUserAttribute embedded`,
    'verifies an address',
    async () => {
      const { username, accessToken } = await signedIn(mine, 'verify', { email: 'old@example.com' });
      const changed = await mine.auth.updateUserAttributes({
        accessToken,
        userAttributes: { email: 'new@example.com' },
      });
      expect(changed.codeDeliveryDetailsList).toMatchObject([
        { attributeName: 'email', deliveryMedium: 'EMAIL', destination: expect.stringContaining('@') },
      ]);
      const attributeName = 'email';
      const sent = await mine.auth.getUserAttributeVerificationCode({
        accessToken,
        attributeName,
        clientMetadata: { a: 'b' },
      });
      expect(sent.codeDeliveryDetails).toMatchObject({ attributeName, deliveryMedium: 'EMAIL' });
      const code = server.code(username);
      const wrong = code === '000000' ? '111111' : '000000';
      await allRefused([
        [
          'CodeMismatchException',
          () => mine.auth.verifyUserAttribute({ accessToken, attributeName, code: wrong }),
        ],
        [UNAUTHORISED, () => mine.auth.verifyUserAttribute({ ...bad, attributeName, code })],
        [UNAUTHORISED, () => mine.auth.getUserAttributeVerificationCode({ ...bad, attributeName })],
        [PARAMETER, () => mine.auth.getUserAttributeVerificationCode({ accessToken, attributeName: 'name' })],
      ]);
      expect((await mine.auth.getUser({ accessToken })).userAttributes.email_verified).toBe(false);
      expect(await mine.auth.verifyUserAttribute({ accessToken, attributeName, code })).toBeUndefined();
      expect((await mine.auth.getUser({ accessToken })).userAttributes).toMatchObject({
        email: 'new@example.com',
        email_verified: true,
      });
      await allRefused([
        ['ExpiredCodeException', () => mine.auth.verifyUserAttribute({ accessToken, attributeName, code })],
      ]);
    },
  );

  test(`${NEEDS} DeleteUser GetUser`, 'deletes the account', async () => {
    const { username, accessToken } = await signedIn(mine, 'leaving');
    expect(await mine.auth.deleteUser({ accessToken })).toBeUndefined();
    await allRefused([['UserNotFoundException', () => mine.users.get({ username })]]);
  });
});

describe('their factors', () => {
  test(
    `${NEEDS} AssociateSoftwareToken VerifySoftwareToken SetUserMFAPreference GetUserAuthFactors`,
    'an authenticator app',
    async () => {
      const factors = await pool(server);
      await factors.pools.setMfaConfig({
        mfaConfiguration: 'OPTIONAL',
        softwareTokenMfaConfiguration: { enabled: true },
      });
      const { accessToken } = await signedIn(factors, 'app');
      const { auth } = factors;
      const preferred = { enabled: true, preferredMfa: true };
      const none = { ...bad, userCode: '123456' };
      await allRefused([
        [PARAMETER, () => auth.setUserMfaPreference({ accessToken, softwareTokenMfaSettings: preferred })],
        [UNAUTHORISED, () => auth.setUserMfaPreference({ ...bad, softwareTokenMfaSettings: preferred })],
        [UNAUTHORISED, () => auth.associateSoftwareToken(bad)],
        [UNAUTHORISED, () => auth.associateSoftwareToken({ session: 'rubbish-session-of-more-than-twenty' })],
        [UNAUTHORISED, () => auth.verifySoftwareToken(none)],
      ]);
      const { secretCode } = await auth.associateSoftwareToken({ accessToken });
      expect(secretCode).toMatch(/^[A-Z2-7]{16,}$/);
      const userCode = appCode(secretCode, server.nowMs());
      const friendlyDeviceName = 'Phone';
      await allRefused([
        [
          'EnableSoftwareTokenMFAException',
          () => auth.verifySoftwareToken({ accessToken, userCode: wrongCode(secretCode, server.nowMs()) }),
        ],
      ]);
      expect(await auth.verifySoftwareToken({ accessToken, userCode, friendlyDeviceName })).toMatchObject({
        status: 'SUCCESS',
      });
      await auth.setUserMfaPreference({ accessToken, softwareTokenMfaSettings: preferred });
      expect(await auth.getUserAuthFactors({ accessToken })).toMatchObject({
        username: 'app',
        preferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
        userMFASettingList: ['SOFTWARE_TOKEN_MFA'],
        configuredUserAuthFactors: expect.arrayContaining(['PASSWORD']),
      });
      await allRefused([[UNAUTHORISED, () => auth.getUserAuthFactors(bad)]]);
      // With the session of a sign-in that waits for the set-up there is no access token yet.
      const challenged = await factors.signIn('app');
      expect(challenged.ChallengeName).toBe('SOFTWARE_TOKEN_MFA');

      const { accessToken: without } = await signedIn(mine, 'no-app');
      await allRefused([
        [
          'SoftwareTokenMFANotFoundException',
          () => mine.auth.associateSoftwareToken({ accessToken: without }),
        ],
      ]);
    },
  );

  test(
    `${NEEDS} AssociateSoftwareToken VerifySoftwareToken SetUserPoolMfaConfig embedded`,
    'an app with the session of MFA_SETUP',
    async () => {
      const required = await pool(server);
      await required.pools.setMfaConfig({
        mfaConfiguration: 'ON',
        softwareTokenMfaConfiguration: { enabled: true },
      });
      await required.user('new');
      const { ChallengeName, Session = '' } = await required.signIn('new');
      expect(ChallengeName).toBe('MFA_SETUP');
      const { secretCode, session = '' } = await required.auth.associateSoftwareToken({ session: Session });
      const userCode = appCode(secretCode, server.nowMs());
      expect(await required.auth.verifySoftwareToken({ session, userCode })).toMatchObject({
        status: 'SUCCESS',
        session: expect.any(String),
      });
    },
  );

  test(`${NEEDS} SetUserSettings embedded`, 'text messages, the old way', async () => {
    const snsCallerArn = 'arn:aws:iam::123456789012:role/sms';
    const texted = await pool(server, {
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: { SnsCallerArn: snsCallerArn, ExternalId: 'x' },
    });
    const { accessToken } = await signedIn(texted, 'texted', {
      phone_number: '+15550001234',
      phone_number_verified: true,
    });
    const mfaOptions = [{ deliveryMedium: 'SMS' as const, attributeName: 'phone_number' }];
    await texted.auth.setUserSettings({ accessToken, mfaOptions });
    expect((await texted.auth.getUser({ accessToken })).mfaOptions).toEqual(mfaOptions);
    await texted.auth.setUserSettings({ accessToken, mfaOptions: [] });
    expect(await texted.auth.getUser({ accessToken })).not.toHaveProperty('mfaOptions');
    await allRefused([
      [UNAUTHORISED, () => texted.auth.setUserSettings({ ...bad, mfaOptions })],
      [
        PARAMETER,
        () => texted.auth.setUserSettings({ accessToken, mfaOptions: [{ deliveryMedium: 'EMAIL' }] }),
      ],
    ]);
  });

  test(
    `${NEEDS} StartWebAuthnRegistration CompleteWebAuthnRegistration ListWebAuthnCredentials DeleteWebAuthnCredential`,
    'passkeys',
    async () => {
      const keyed = await pool(
        server,
        { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
        { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
      );
      const { auth } = keyed;
      const { accessToken } = await signedIn(keyed, 'keyed');
      await allRefused([
        ['WebAuthnConfigurationMissingException', () => auth.startWebAuthnRegistration({ accessToken })],
      ]);
      await keyed.pools.setMfaConfig({
        webAuthnConfiguration: { relyingPartyId: 'localhost', userVerification: 'preferred' },
      });

      const passkeys = [new SoftwarePasskey(), new SoftwarePasskey()];
      for (const passkey of passkeys) {
        const { credentialCreationOptions } = await auth.startWebAuthnRegistration({ accessToken });
        // The W3C's letters, which the browser reads.
        expect(credentialCreationOptions).toMatchObject({
          challenge: expect.any(String),
          rp: { id: 'localhost' },
          user: { id: expect.any(String), name: expect.any(String), displayName: expect.any(String) },
          pubKeyCredParams: expect.arrayContaining([{ type: 'public-key', alg: -7 }]),
        });
        const { challenge, rp } = credentialCreationOptions;
        const options = { challenge, rp: { id: rp.id as string } };
        const foreign = new SoftwarePasskey().create(options, { origin: 'https://evil.example' });
        await allRefused([
          [
            'WebAuthnOriginNotAllowedException',
            () => auth.completeWebAuthnRegistration({ accessToken, credential: foreign }),
          ],
        ]);
        const credential = passkey.create(options);
        expect(await auth.completeWebAuthnRegistration({ accessToken, credential })).toBeUndefined();
        await allRefused([
          [
            'WebAuthnChallengeNotFoundException',
            () => auth.completeWebAuthnRegistration({ accessToken, credential }),
          ],
          [UNAUTHORISED, () => auth.completeWebAuthnRegistration({ ...bad, credential })],
        ]);
      }

      const { credentials, nextToken } = await auth.listWebAuthnCredentials({ accessToken, maxResults: 1 });
      expect(credentials).toMatchObject([
        {
          credentialId: expect.any(String),
          friendlyCredentialName: expect.any(String),
          relyingPartyId: 'localhost',
          authenticatorTransports: expect.any(Array),
          createdAt: expect.any(Date),
        },
      ]);
      expect((await auth.listWebAuthnCredentials({ accessToken, nextToken })).credentials).toHaveLength(1);
      const listed = await all(auth.iterateWebAuthnCredentials({ accessToken, maxResults: 1 }));
      expect(listed.map(({ credentialId }) => credentialId).sort()).toEqual(
        passkeys.map(({ id }) => id).sort(),
      );
      const credentialId = listed[0]?.credentialId as string;
      expect(await auth.deleteWebAuthnCredential({ accessToken, credentialId })).toBeUndefined();
      expect(await all(auth.iterateWebAuthnCredentials({ accessToken }))).toHaveLength(1);

      const { accessToken: without } = await signedIn(mine, 'keyless');
      await allRefused([
        [UNAUTHORISED, () => auth.startWebAuthnRegistration(bad)],
        ['WebAuthnNotEnabledException', () => mine.auth.startWebAuthnRegistration({ accessToken: without })],
        [UNAUTHORISED, () => auth.listWebAuthnCredentials(bad)],
        [PARAMETER, () => auth.listWebAuthnCredentials({ accessToken, nextToken: 'rubbish' })],
        [UNAUTHORISED, () => auth.deleteWebAuthnCredential({ ...bad, credentialId })],
        [NOT_FOUND, () => auth.deleteWebAuthnCredential({ accessToken, credentialId })],
      ]);
    },
  );
});

describe('their sessions', () => {
  test(
    `${NEEDS} ListUserSessions RevokeUserSession SetUserPoolSessionConfiguration`,
    'lists and ends others',
    async () => {
      const tracked = await pool(server);
      await tracked.pools.setSessionConfiguration({
        userSessionTracking: 'ENABLED',
        tokenSession: { maxPerUser: 5 },
      });
      const { auth } = tracked;
      const { username, accessToken } = await signedIn(tracked, 'tracked');
      const other = { accessToken: await tracked.token(username) };
      const { sessions } = await auth.listUserSessions({ accessToken });
      expect(sessions).toHaveLength(2);
      expect(await all(auth.iterateUserSessions({ accessToken }))).toEqual(sessions);
      const mineNow = sessions.find(({ isCurrentSession }) => isCurrentSession)?.sessionId as string;
      const sessionId = sessions.find(({ isCurrentSession }) => !isCurrentSession)?.sessionId as string;
      await allRefused([
        [PARAMETER, () => auth.revokeUserSession({ accessToken, sessionId: mineNow })],
        [UNAUTHORISED, () => auth.revokeUserSession({ ...bad, sessionId })],
      ]);
      await auth.revokeUserSession({ accessToken, sessionId, revokeAssociatedSessions: 'NONE' });
      const untracked = { accessToken: (await signedIn(mine, 'untracked')).accessToken };
      await allRefused([
        [UNAUTHORISED, () => auth.getUser(other)],
        [NOT_FOUND, () => auth.revokeUserSession({ accessToken, sessionId })],
        ['OperationNotEnabledException', () => mine.auth.revokeUserSession({ ...untracked, sessionId })],
        [UNAUTHORISED, () => auth.listUserSessions(bad)],
        [PARAMETER, () => auth.listUserSessions({ accessToken, nextToken: 'rubbish' })],
        ['OperationNotEnabledException', () => mine.auth.listUserSessions(untracked)],
      ]);
    },
  );
});

describe('input that is a whole request body', () => {
  test(`${NEEDS} UpdateUserAttributes GetUser`, 'cannot name another token in the API’s words', async () => {
    const { accessToken } = await signedIn(mine, 'spread');
    const input = { accessToken, userAttributes: { nickname: 'n' } };
    for (const surplus of ['{"AccessToken":"x"}', '{"__proto__":null}', '{"PASSWORD":"x"}']) {
      const body = { ...input, ...JSON.parse(surplus) };
      Object.defineProperties(body, Object.getOwnPropertyDescriptors(JSON.parse(surplus)));
      await expect(mine.auth.updateUserAttributes(body)).rejects.toMatchObject({ code: 'argument_invalid' });
    }
    await mine.auth.updateUserAttributes(input);
    expect((await mine.auth.getUser({ accessToken })).userAttributes.nickname).toBe('n');
  });
});
