import { beforeAll, describe, expect } from 'vitest';
import { all, allRefused, type Pool, pool, serve } from '../support/served.js';

const server = await serve();
const { test } = server;
let mine: Pool;
beforeAll(async () => {
  mine = await pool(server);
});

const NOBODY = { username: 'nobody' };
const USER = 'UserNotFoundException';
const PARAMETER = 'InvalidParameterException';
const CREATED = 'AdminCreateUser AdminSetUserPassword';

describe('CognitoUsersService: lists', () => {
  let many: Pool;
  const names = ['ada', 'bob', 'cyd', 'dan', 'eve'];
  beforeAll(async () => {
    many = await pool(server);
    for (const name of names) await many.user(name, { email: `${name}@example.com`, 'custom:plan': 'pro' });
  });

  test(`${CREATED} ListUsers`, 'one page has everything of a user', async () => {
    const page = await many.users.list();
    expect(page.paginationToken).toBeUndefined();
    expect(page.users.map(({ username }) => username).sort()).toEqual(names);
    expect(page.users.find(({ username }) => username === 'ada')).toMatchObject({
      userStatus: 'CONFIRMED',
      enabled: true,
      userCreateDate: expect.any(Date),
      userLastModifiedDate: expect.any(Date),
      userAttributes: { email: 'ada@example.com', 'custom:plan': 'pro', sub: expect.any(String) },
    });
  });

  test(`${CREATED} ListUsers`, 'filter picks', async () => {
    const { users } = await many.users.list({ filter: 'username = "bob"' });
    expect(users.map(({ username }) => username)).toEqual(['bob']);
    expect(await all(many.users.iterate({ filter: 'email ^= "c"' }))).toMatchObject([{ username: 'cyd' }]);
  });

  test(`${CREATED} ListUsers embedded`, 'attributesToGet, limit, paginationToken', async () => {
    const first = await many.users.list({ limit: 2, attributesToGet: ['email'] });
    expect(first.users).toHaveLength(2);
    for (const { userAttributes } of first.users) expect(Object.keys(userAttributes)).toEqual(['email']);
    const second = await many.users.list({ limit: 2, paginationToken: first.paginationToken });
    expect(second.users).toHaveLength(2);
    expect((await all(many.users.iterate({ limit: 2 }))).map(({ username }) => username).sort()).toEqual(
      names,
    );
    expect((await all(many.users.iterate())).length).toBe(names.length);
  });

  test(`${CREATED} ListUsers embedded`, 'a condition takes any text as it is', async () => {
    const texts = ['" or "', 'back\\slash', '\\', 'quo"te', '" ^= "', 'ä 😀'];
    for (const [index, name] of texts.entries()) await mine.user(`hostile${index}`, { name });
    for (const [index, name] of texts.entries()) {
      const username = `hostile${index}`;
      const { users } = await mine.users.list({ filter: { attribute: 'name', equals: name } });
      expect(users.map((user) => user.username)).toEqual([username]);
      const startsWith = [...name].slice(0, -1).join('') || name;
      const found = await all(mine.users.iterate({ filter: { attribute: 'name', startsWith } }));
      expect(found.map((user) => user.username)).toContain(username);
    }
    const invalid = expect.objectContaining({ code: 'argument_invalid' });
    for (const filter of [
      { attribute: 'name = "x" or name', equals: 'x' },
      { attribute: 'name' },
      { attribute: 'name', equals: { $ne: '' } },
      { attribute: 'name', equals: 'x', startsWith: 'y' },
      { equals: 'x' },
    ]) {
      await expect(mine.users.list({ filter: filter as never })).rejects.toThrow(invalid);
    }
  });

  test('ListUsers embedded', 'what is refused', () =>
    allRefused([
      [PARAMETER, () => many.users.list({ filter: 'nonsense' })],
      [PARAMETER, () => many.users.list({ paginationToken: 'rubbish' })],
      [PARAMETER, () => many.users.list({ limit: 61 })],
      [PARAMETER, () => many.users.list({ attributesToGet: ['custom:none'] })],
    ]),
  );
});

describe('CognitoUsersService: attributes', () => {
  test(
    `${CREATED} AdminUpdateUserAttributes AdminDeleteUserAttributes AdminGetUser`,
    'writes, removes',
    async () => {
      const username = await mine.user('attributes', { email: 'attributes@example.com' });
      const attributes = async () => (await mine.users.get({ username })).userAttributes;
      await mine.users.updateAttributes({
        username,
        userAttributes: {
          nickname: 'Addy',
          'custom:plan': 'pro',
          email: 'attributes@example.com',
          email_verified: true,
          name: undefined,
        },
        clientMetadata: { any: 'thing' },
      });
      expect(await attributes()).toMatchObject({
        nickname: 'Addy',
        'custom:plan': 'pro',
        email_verified: true,
      });
      await mine.users.deleteAttributes({ username, userAttributeNames: ['nickname', 'custom:plan'] });
      expect(await attributes()).not.toHaveProperty('nickname');
      expect(await attributes()).not.toHaveProperty('custom:plan');
      expect(await attributes()).toHaveProperty('email', 'attributes@example.com');
    },
  );

  test('AdminUpdateUserAttributes AdminDeleteUserAttributes embedded', 'what is refused', () =>
    allRefused([
      [USER, () => mine.users.updateAttributes({ ...NOBODY, userAttributes: { name: 'x' } })],
      [PARAMETER, () => mine.users.updateAttributes({ ...NOBODY, userAttributes: {}, username: '' })],
      [
        PARAMETER,
        () => mine.users.updateAttributes({ username: 'attributes', userAttributes: { 'custom:no': '' } }),
      ],
      [USER, () => mine.users.deleteAttributes({ ...NOBODY, userAttributeNames: ['name'] })],
      [PARAMETER, () => mine.users.deleteAttributes({ username: 'attributes', userAttributeNames: ['sub'] })],
    ]),
  );

  test(`${CREATED} AdminUpdateUserAttributes embedded`, 'another’s alias is refused', async () => {
    const aliased = await pool(server, { AliasAttributes: ['email'] });
    await aliased.user('first', { email: 'a@example.com', email_verified: true });
    await aliased.user('second');
    const userAttributes = { email: 'a@example.com', email_verified: true };
    await allRefused([
      ['AliasExistsException', () => aliased.users.updateAttributes({ username: 'second', userAttributes })],
    ]);
  });
});

describe('CognitoUsersService: passwords and factors', () => {
  test(
    `${CREATED} AdminResetUserPassword embedded`,
    'resetPassword sends a code that sets another one',
    async () => {
      const username = await mine.user('reset', { email: 'reset@example.com', email_verified: true });
      expect(await mine.users.resetPassword({ username, clientMetadata: { a: 'b' } })).toBeUndefined();
      expect((await mine.users.get({ username })).userStatus).toBe('RESET_REQUIRED');
      const password = 'Correct-horse-10';
      await mine.auth.confirmForgotPassword({ username, confirmationCode: server.code(username), password });
      expect((await mine.users.get({ username })).userStatus).toBe('CONFIRMED');

      await mine.users.create({ username: 'invited', messageAction: 'SUPPRESS' });
      await mine.user('unreachable');
      await allRefused([
        [USER, () => mine.users.resetPassword(NOBODY)],
        ['NotAuthorizedException', () => mine.users.resetPassword({ username: 'invited' })],
        [PARAMETER, () => mine.users.resetPassword({ username: 'unreachable' })],
      ]);
    },
  );

  test(
    `${CREATED} AdminSetUserMFAPreference AdminSetUserSettings SetUserPoolMfaConfig embedded`,
    'second factors',
    async () => {
      const factors = await pool(server, {
        SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' },
        EmailConfiguration: {
          EmailSendingAccount: 'DEVELOPER',
          SourceArn: 'arn:aws:ses:eu-central-1:123456789012:identity/a@example.com',
        },
      });
      await factors.pools.setMfaConfig({
        mfaConfiguration: 'OPTIONAL',
        emailMfaConfiguration: {},
        smsMfaConfiguration: {
          smsConfiguration: { snsCallerArn: 'arn:aws:iam::123456789012:role/sms', externalId: 'x' },
        },
      });
      const username = await factors.user('factors', {
        email: 'factors@example.com',
        email_verified: true,
        phone_number: '+15550001234',
        phone_number_verified: true,
      });
      await factors.users.setMfaPreference({
        username,
        smsMfaSettings: { enabled: true },
        emailMfaSettings: { enabled: true, preferredMfa: true },
      });
      const after = await factors.users.get({ username });
      expect(after.preferredMfaSetting).toBe('EMAIL_OTP');
      expect([...(after.userMFASettingList ?? [])].sort()).toEqual(['EMAIL_OTP', 'SMS_MFA']);
      const mfaOptions = [{ deliveryMedium: 'SMS' as const, attributeName: 'phone_number' }];
      await factors.users.setSettings({ username, mfaOptions });
      expect((await factors.users.get({ username })).mfaOptions).toEqual(mfaOptions);
      await factors.users.setSettings({ username, mfaOptions: [] });
      expect(await factors.users.get({ username })).not.toHaveProperty('mfaOptions');

      const preferred = { enabled: true, preferredMfa: true };
      await allRefused([
        [USER, () => factors.users.setMfaPreference({ ...NOBODY, emailMfaSettings: preferred })],
        [
          PARAMETER,
          () =>
            factors.users.setMfaPreference({
              username,
              emailMfaSettings: preferred,
              smsMfaSettings: preferred,
            }),
        ],
        [USER, () => factors.users.setSettings({ ...NOBODY, mfaOptions: [] })],
        [PARAMETER, () => factors.users.setSettings({ username, mfaOptions: [{ deliveryMedium: 'EMAIL' }] })],
      ]);
    },
  );
});

describe('CognitoUsersService: events and sessions', () => {
  test(
    `${CREATED} AdminListUserAuthEvents AdminUpdateAuthEventFeedback`,
    'events of a pool with threat protection',
    async () => {
      const watched = await pool(server, {
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
      });
      const username = await watched.user('watched');
      for (let count = 0; count < 3; count++) {
        await watched.signIn(username);
        server.advance(1_000);
      }
      const { authEvents, nextToken } = await watched.users.listAuthEvents({ username, maxResults: 2 });
      expect(authEvents).toHaveLength(2);
      expect(authEvents[0]).toMatchObject({
        eventId: expect.any(String),
        eventType: 'SignIn',
        eventResponse: 'Pass',
        creationDate: expect.any(Date),
      });
      const rest = await watched.users.listAuthEvents({ username, maxResults: 2, nextToken });
      expect(rest.authEvents).toHaveLength(1);
      expect(await all(watched.users.iterateAuthEvents({ username, maxResults: 2 }))).toHaveLength(3);

      const eventId = authEvents[0]?.eventId as string;
      await watched.users.updateAuthEventFeedback({ username, eventId, feedbackValue: 'Invalid' });
      const [newest] = await all(watched.users.iterateAuthEvents({ username }));
      expect(newest).toMatchObject({ eventId, eventFeedback: { feedbackValue: 'Invalid' } });

      await mine.user('unwatched');
      const feedback = { eventId, feedbackValue: 'Valid' } as const;
      await allRefused([
        [USER, () => watched.users.listAuthEvents(NOBODY)],
        [PARAMETER, () => watched.users.listAuthEvents({ username, nextToken: 'rubbish' })],
        ['UserPoolAddOnNotEnabledException', () => mine.users.listAuthEvents({ username: 'unwatched' })],
        [USER, () => watched.users.updateAuthEventFeedback({ ...NOBODY, ...feedback })],
        [
          'ResourceNotFoundException',
          () => watched.users.updateAuthEventFeedback({ username, ...feedback, eventId: 'none' }),
        ],
        [
          'UserPoolAddOnNotEnabledException',
          () => mine.users.updateAuthEventFeedback({ username: 'unwatched', ...feedback }),
        ],
      ]);
    },
  );

  test(
    `${CREATED} AdminListUserSessions AdminRevokeUserSession SetUserPoolSessionConfiguration`,
    'sessions',
    async () => {
      const tracked = await pool(server);
      await tracked.pools.setSessionConfiguration({
        userSessionTracking: 'ENABLED',
        tokenSession: { maxPerUser: 5 },
      });
      const username = await tracked.user('tracked');
      const accessToken = await tracked.token(username);
      await tracked.token(username);
      const { sessions } = await tracked.users.listSessions({ username });
      expect(sessions).toHaveLength(2);
      expect(sessions[0]).toMatchObject({
        sessionId: expect.any(String),
        sessionType: 'TOKEN',
        clientId: tracked.clientId,
        createDate: expect.any(Date),
      });
      expect(await all(tracked.users.iterateSessions({ username }))).toEqual(sessions);
      for (const { sessionId } of sessions) {
        await tracked.users.revokeSession({ username, sessionId, revokeAssociatedSessions: 'NONE' });
      }
      expect(await all(tracked.users.iterateSessions({ username }))).toEqual([]);
      const sessionId = sessions[0]?.sessionId as string;
      await mine.user('untracked');
      await allRefused([
        ['NotAuthorizedException', () => tracked.auth.getUser({ accessToken })],
        [USER, () => tracked.users.listSessions(NOBODY)],
        [PARAMETER, () => tracked.users.listSessions({ username, nextToken: 'rubbish' })],
        ['OperationNotEnabledException', () => mine.users.listSessions({ username: 'untracked' })],
        [USER, () => tracked.users.revokeSession({ ...NOBODY, sessionId })],
        ['ResourceNotFoundException', () => tracked.users.revokeSession({ username, sessionId })],
        [
          'OperationNotEnabledException',
          () => mine.users.revokeSession({ username: 'untracked', sessionId }),
        ],
      ]);
    },
  );
});
