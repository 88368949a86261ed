import { beforeAll, describe, expect, it } from 'vitest';
import { DAY, decode, expectError, list, MINUTE, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, {
    Schema: [
      { Name: 'given_name', Required: true },
      { Name: 'tenant', AttributeDataType: 'String', Mutable: false },
      {
        Name: 'level',
        AttributeDataType: 'Number',
        NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
      },
      { Name: 'active', AttributeDataType: 'Boolean' },
      { Name: 'since', AttributeDataType: 'DateTime' },
    ],
  });
});

const create = (Username: string, more: object = {}, to = pool) =>
  sdk.adminCreateUser({ UserPoolId: to.id, Username, ...more });

describe('AdminCreateUser', () => {
  it('answers the user who has to change the password; sub is the last attribute', async () => {
    const now = new Date(clock.now());
    const { User } = await create('first', {
      UserAttributes: list({ email: 'a@b.c', 'custom:tenant': 't' }),
    });
    expect(User).toEqual({
      Username: 'first',
      Attributes: [
        { Name: 'email', Value: 'a@b.c' },
        { Name: 'custom:tenant', Value: 't' },
        { Name: 'sub', Value: expect.stringMatching(/^[0-9a-f-]{14}70/) },
      ],
      Enabled: true,
      UserCreateDate: now,
      UserLastModifiedDate: now,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
    });
  });

  it('invites: by e-mail, with the temporary password that the policy takes', async () => {
    await create('invited', { UserAttributes: list({ email: 'invited@example.com' }) });
    const message = pool.lastMessage();
    expect(message).toEqual({
      userPoolId: pool.id,
      username: 'invited',
      destination: 'invited@example.com',
      medium: 'EMAIL',
      trigger: 'CustomMessage_AdminCreateUser',
      code: expect.any(String),
      subject: 'Your temporary password',
      body: `Your username is invited and temporary password is ${message.code}.`,
      sentAt: new Date(clock.now()).toISOString(),
    });
    expect((await pool.signIn('invited', message.code)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('invites by the media that are asked for, and over the phone first by default', async () => {
    const UserAttributes = list({ email: 'both@example.com', phone_number: '+15550100' });
    const sentTo = async (Username: string, DesiredDeliveryMediums?: ('EMAIL' | 'SMS')[]) => {
      const before = pool.messages().length;
      await create(Username, { UserAttributes, DesiredDeliveryMediums });
      return pool
        .messages()
        .slice(before)
        .map(({ medium }) => medium)
        .sort();
    };
    expect(await sentTo('media1')).toEqual(['SMS']);
    expect(await sentTo('media2', ['EMAIL'])).toEqual(['EMAIL']);
    expect(await sentTo('media3', ['EMAIL', 'SMS'])).toEqual(['EMAIL', 'SMS']);
    await expect(create('media4', { DesiredDeliveryMediums: ['SMS'] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expectError(pool.get('media4'), 'UserNotFoundException', 'User does not exist.');
  });

  it("fills the pool's own invitation", async () => {
    const other = await TestPool.create(server, {
      AdminCreateUserConfig: {
        InviteMessageTemplate: {
          EmailSubject: 'Hello {username}',
          EmailMessage: 'User {username}, password {####}, once more {####}',
          SMSMessage: '{username}: {####}',
        },
      },
    });
    const UserAttributes = list({ email: 'a@b.c', phone_number: '+15550100' });
    await create(
      'bob',
      { UserAttributes, TemporaryPassword: 'Temp$&1pw', DesiredDeliveryMediums: ['EMAIL', 'SMS'] },
      other,
    );
    const [sms, email] = other.messages().sort((a, b) => b.medium.localeCompare(a.medium));
    expect(email).toMatchObject({
      subject: 'Hello bob',
      body: 'User bob, password Temp$&1pw, once more Temp$&1pw',
      code: 'Temp$&1pw',
    });
    expect(sms).toMatchObject({ body: 'bob: Temp$&1pw' });
    expect(sms).not.toHaveProperty('subject');
  });

  it('SUPPRESS sends nothing', async () => {
    const before = pool.messages().length;
    await create('silent', { UserAttributes: list({ email: 'a@b.c' }), MessageAction: 'SUPPRESS' });
    expect(pool.messages()).toHaveLength(before);
  });

  it('RESEND gives another password and its whole time again, to those who still need it', async () => {
    await create('again', {
      UserAttributes: list({ email: 'again@example.com' }),
      TemporaryPassword: PASSWORD,
    });
    clock.advance(6 * DAY);
    await create('again', { MessageAction: 'RESEND' });
    const { code, trigger } = pool.lastMessage();
    expect(trigger).toBe('CustomMessage_AdminCreateUser');
    await expectError(pool.signIn('again'), 'NotAuthorizedException', 'Incorrect username or password.');
    clock.advance(6 * DAY);
    expect((await pool.signIn('again', code)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    await create('again', { MessageAction: 'RESEND', TemporaryPassword: 'Given1!x' });
    expect((await pool.signIn('again', 'Given1!x')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');

    await expectError(
      create('nobody', { MessageAction: 'RESEND' }),
      'UserNotFoundException',
      'User does not exist.',
    );
    await pool.user('done');
    await expectError(
      create('done', { MessageAction: 'RESEND' }),
      'UnsupportedUserStateException',
      'Resend not possible. done status is not FORCE_CHANGE_PASSWORD',
    );
  });

  it('refuses a name that is taken, and a pool that is not there', async () => {
    await create('twice');
    await expectError(create('twice'), 'UsernameExistsException', 'User account already exists');
    await expectError(
      sdk.adminCreateUser({ UserPoolId: 'us-east-1_nothing00', Username: 'u' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });

  it('refuses a temporary password against the policy, in words of its own', async () => {
    await expectError(
      create('weak', { TemporaryPassword: 'Short1!' }),
      'InvalidPasswordException',
      'Password did not conform with password policy: Password not long enough',
    );
    await expectError(pool.get('weak'), 'UserNotFoundException', 'User does not exist.');
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'an unknown attribute',
      { 'custom:none': 'x' },
      'Attributes did not conform to the schema: user.custom:none: Attribute does not exist in the schema.\n',
    ],
    [
      'a value that is too long',
      { birthdate: '2000-01-012' },
      'Attributes did not conform to the schema: user.birthdate: String must be no longer than 10 characters\n',
    ],
    ['a bad e-mail address', { email: 'nope' }, 'Invalid email address format.'],
    ...[
      'a@b.c,d@e.f',
      'a,b@c.d',
      'a@b@c.d',
      'a@b.c!',
      'a@b..c',
      'a@.b.c',
      'a@b.c.',
      'a@b_c.d',
      'a b@c.d',
      'a@b.c ',
      '@b.c',
      'a@',
      'a@b.c\r\nbcc:d@e.f',
    ].map((email): [string, Record<string, string>, string] => [
      `the e-mail address ${JSON.stringify(email)}`,
      { email },
      'Invalid email address format.',
    ]),
    [
      'a long e-mail address',
      { email: `a@${'b'.repeat(2047)}` },
      "1 validation error detected: Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048",
    ],
    ['a bad phone number', { phone_number: '5550100' }, 'Invalid phone number format.'],
    ['a phone number with blanks', { phone_number: '+1 555 0100' }, 'Invalid phone number format.'],
    ['a sub', { sub: 'x' }, 'Cannot modify the non-mutable attribute sub'],
    ['a flag for no address', { email_verified: 'true' }, 'Email is required to verify/un-verify an email'],
    [
      'a flag for no number',
      { phone_number_verified: 'true' },
      'Phone Number is required to verify/un-verify a phone number',
    ],
  ])('refuses %s', async (_, attributes, message) => {
    await expectError(
      create('bad', { UserAttributes: list(attributes) }),
      'InvalidParameterException',
      message,
    );
  });

  it.each<Record<string, string>>([
    { 'custom:level': '0' },
    { 'custom:level': '10' },
    { 'custom:level': '1.5' },
    { 'custom:active': 'yes' },
    { 'custom:since': 'yesterday-ish' },
    { birthdate: '2000' },
    { email_verified: 'maybe', email: 'a@b.c' },
  ])('refuses %o, which its type does not allow', async (attributes) => {
    await expect(create('bad', { UserAttributes: list(attributes) })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('takes values of every type, the last of two, and no empty ones', async () => {
    const { User } = await create('typed', {
      UserAttributes: [
        { Name: 'nickname', Value: 'first' },
        { Name: 'nickname', Value: 'second' },
        { Name: 'locale', Value: '' },
        ...list({ 'custom:level': '9', 'custom:active': 'true', 'custom:since': '2020-01-01T00:00:00Z' }),
      ],
      MessageAction: 'SUPPRESS',
    });
    expect(record(User?.Attributes)).toEqual({
      nickname: 'second',
      'custom:level': '9',
      'custom:active': 'true',
      'custom:since': '2020-01-01T00:00:00Z',
      sub: expect.any(String),
    });
  });

  it('keeps names apart by case, unless the pool ignores it', async () => {
    await create('Cased');
    await create('cased');
    const folded = await TestPool.create(server, { UsernameConfiguration: { CaseSensitive: false } });
    await folded.user('Cased');
    await expectError(create('cASED', {}, folded), 'UsernameExistsException', 'User account already exists');
    expect((await folded.get('CASED')).Username).toBe('Cased');
    await folded.signIn('cased');
  });
});

it.each([
  "o'hara+cognest!#$%&*/=?^_`{|}~-@mail.example.com",
  'jörg@müller.example',
  'root@localhost',
  '"a"@b-c.d1',
])('takes the e-mail address %s', async (email) => {
  await create(`has-${email.replace(/\W/g, '')}`, { UserAttributes: list({ email }) });
});

describe('a pool whose usernames are e-mail addresses or phone numbers', () => {
  it('keeps the sub for a username, and the name as an attribute that signs in at once', async () => {
    const emails = await TestPool.create(server, { UsernameAttributes: ['email'] });
    const { User } = await create(
      'ann@example.com',
      { TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' },
      emails,
    );
    const { sub, email } = record(User?.Attributes);
    expect(User?.Username).toBe(sub);
    expect(email).toBe('ann@example.com');
    expect((await emails.signIn('ann@example.com')).ChallengeParameters?.['USER_ID_FOR_SRP']).toBe(sub);
    expect((await emails.get('ann@example.com')).Username).toBe(sub);
    expect((await emails.get(sub as string)).Username).toBe(sub);
    await expectError(
      create('ann@example.com', {}, emails),
      'UsernameExistsException',
      'An account with the given email already exists.',
    );
    await expectError(create('ann', {}, emails), 'InvalidParameterException', 'Username should be an email.');
  });

  it('takes either kind where both are allowed', async () => {
    const both = await TestPool.create(server, { UsernameAttributes: ['email', 'phone_number'] });
    await create('+15550100', { MessageAction: 'SUPPRESS' }, both);
    await expectError(
      create('+15550100', {}, both),
      'UsernameExistsException',
      'An account with the given phone_number already exists.',
    );
    await expectError(
      create('plain', {}, both),
      'InvalidParameterException',
      'Username should be either an email or a phone number.',
    );
    await expectError(
      create('other@example.com', { UserAttributes: list({ phone_number: '+15550100' }) }, both),
      'UsernameExistsException',
      'An account with the given phone_number already exists.',
    );
    const phones = await TestPool.create(server, { UsernameAttributes: ['phone_number'] });
    await expectError(
      create('a@b.c', {}, phones),
      'InvalidParameterException',
      'Username should be a phone number.',
    );
  });
});

describe('a pool with aliases', () => {
  const verified = { email: 'alias@example.com', email_verified: 'true' };

  it('signs in by a verified address, not by one that is not', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email', 'preferred_username'] });
    await aliases.user('real', { ...verified, preferred_username: 'prefers' });
    await aliases.user('unverified', { email: 'unverified@example.com' });
    const { AuthenticationResult } = await aliases.signIn('alias@example.com');
    expect(decode(AuthenticationResult?.AccessToken).claims['username']).toBe('real');
    await aliases.signIn('prefers');
    await expectError(
      aliases.signIn('unverified@example.com'),
      'UserNotFoundException',
      'User does not exist.',
    );
    expect((await aliases.get('alias@example.com')).Username).toBe('real');
  });

  it("moves an alias only when told to; its former owner's address is unverified then", async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email'] });
    await aliases.user('one', verified);
    await expectError(
      create('two', { UserAttributes: list(verified) }, aliases),
      'AliasExistsException',
      'User account already exists for the alias.',
    );
    await expectError(aliases.get('two'), 'UserNotFoundException', 'User does not exist.');
    await create('two', { UserAttributes: list(verified), ForceAliasCreation: true }, aliases);
    expect((await aliases.get('alias@example.com')).Username).toBe('two');
    expect(record((await aliases.get('one')).UserAttributes)['email_verified']).toBe('false');
  });

  it('never moves a preferred username', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['preferred_username'] });
    await aliases.user('one', { preferred_username: 'mine' });
    await expectError(
      create(
        'two',
        { UserAttributes: list({ preferred_username: 'mine' }), ForceAliasCreation: true },
        aliases,
      ),
      'AliasExistsException',
      'User account already exists for the alias.',
    );
  });

  it('takes no username that looks like an alias', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email', 'phone_number'] });
    await expectError(
      create('a@b.c', {}, aliases),
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
    await expectError(
      create('plain', { UserAttributes: list({ preferred_username: 'a@b.c' }) }, aliases),
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
    await expectError(
      create('+15550100', {}, aliases),
      'InvalidParameterException',
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    );
  });
});

describe('AdminGetUser', () => {
  it('answers the user under UserAttributes, by username or sub', async () => {
    await pool.user('seen', { email: 'seen@example.com' });
    const { $metadata, ...user } = await pool.get('seen');
    expect($metadata.httpStatusCode).toBe(200);
    expect(user).toEqual({
      Username: 'seen',
      UserAttributes: [
        { Name: 'email', Value: 'seen@example.com' },
        { Name: 'sub', Value: expect.any(String) },
      ],
      Enabled: true,
      UserCreateDate: new Date(clock.now()),
      UserLastModifiedDate: new Date(clock.now()),
      UserStatus: 'CONFIRMED',
    });
    const { sub } = record(user.UserAttributes);
    expect((await pool.get(sub as string)).Username).toBe('seen');
    await expectError(pool.signIn(sub as string), 'UserNotFoundException', 'User does not exist.');
  });

  it('names what is not there', async () => {
    await expectError(pool.get('nobody'), 'UserNotFoundException', 'User does not exist.');
    await expectError(
      sdk.adminGetUser({ UserPoolId: 'us-east-1_nothing00', Username: 'u' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});

describe('AdminSetUserPassword', () => {
  const set = (Username: string, Password: string, Permanent?: boolean, to = pool) =>
    sdk.adminSetUserPassword({ UserPoolId: to.id, Username, Password, Permanent });

  it('sets a permanent password or, by default, a temporary one, whatever the status', async () => {
    await pool.invited('ivy');
    clock.advance(MINUTE);
    await set('ivy', 'Perm1!xx', true);
    expect(await pool.get('ivy')).toMatchObject({
      UserStatus: 'CONFIRMED',
      UserLastModifiedDate: new Date(clock.now()),
    });
    await set('ivy', 'Temp1!xx');
    expect((await pool.get('ivy')).UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect((await pool.signIn('ivy', 'Temp1!xx')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');

    await sdk.signUp({
      ClientId: pool.clientId,
      Username: 'upward',
      Password: PASSWORD,
      UserAttributes: list({ given_name: 'U' }),
    });
    await set('upward', 'Perm1!xx', true);
    expect((await pool.get('upward')).UserStatus).toBe('CONFIRMED');
  });

  it('ends no session', async () => {
    await pool.user('stays');
    const { AccessToken, RefreshToken } = await pool.tokens('stays');
    await set('stays', 'Temp1!xx');
    await sdk.getUser({ AccessToken });
    await pool.refresh(RefreshToken);
  });

  it.each([
    ['Sh0rt!x', 'Password not long enough'],
    ['lowercase1!', 'Password must have uppercase characters'],
    ['UPPERCASE1!', 'Password must have lowercase characters'],
    ['NoNumbers!', 'Password must have numeric characters'],
    ['NoSymbols1', 'Password must have symbol characters'],
    ['Ünïcödé1!', 'Password must have uppercase characters'],
  ])('refuses %s: %s', async (password, reason) => {
    await pool.invited(`weak-${password}`);
    await expectError(
      set(`weak-${password}`, password, true),
      'InvalidPasswordException',
      `Password does not conform to policy: ${reason}`,
    );
  });

  it('asks for no more than the policy does', async () => {
    const lax = await TestPool.create(server, { Policies: { PasswordPolicy: { MinimumLength: 6 } } });
    await lax.invited('u');
    await set('u', 'aaaaaa', true, lax);
    await lax.signIn('u', 'aaaaaa');
  });

  it('remembers as many passwords as the policy says', async () => {
    const strict = await TestPool.create(server, {
      Policies: { PasswordPolicy: { MinimumLength: 6, PasswordHistorySize: 2 } },
    });
    await create('u', { TemporaryPassword: 'aaaaaa', MessageAction: 'SUPPRESS' }, strict);
    await set('u', 'bbbbbb', true, strict);
    for (const used of ['aaaaaa', 'bbbbbb']) {
      await expectError(
        set('u', used, true, strict),
        'PasswordHistoryPolicyViolationException',
        'Password has previously been used',
      );
    }
    await set('u', 'cccccc', true, strict);
    await set('u', 'aaaaaa', true, strict);
  });

  it('names a user who is not there', async () => {
    await expectError(set('nobody', PASSWORD, true), 'UserNotFoundException', 'User does not exist.');
  });
});

describe('AdminDisableUser and AdminEnableUser', () => {
  it('shut a user out and let them in again, without the sessions from before', async () => {
    const UserPoolId = pool.id;
    await pool.user('off');
    const { AccessToken, RefreshToken } = await pool.tokens('off');
    clock.advance(MINUTE);
    await sdk.adminDisableUser({ UserPoolId, Username: 'off' });
    expect(await pool.get('off')).toMatchObject({
      Enabled: false,
      UserStatus: 'CONFIRMED',
      UserLastModifiedDate: new Date(clock.now()),
    });
    for (const call of [
      pool.signIn('off'),
      pool.signIn('off', 'wrong'),
      pool.refresh(RefreshToken),
      sdk.getUser({ AccessToken }),
    ]) {
      await expectError(call, 'NotAuthorizedException', 'User is disabled.');
    }
    await sdk.adminDisableUser({ UserPoolId, Username: 'off' });
    await sdk.adminEnableUser({ UserPoolId, Username: 'off' });
    await expectError(
      sdk.getUser({ AccessToken }),
      'NotAuthorizedException',
      'Access Token has been revoked',
    );
    await expectError(pool.refresh(RefreshToken), 'NotAuthorizedException', 'Refresh Token has been revoked');
    await pool.signIn('off');
  });

  it('name a user who is not there', async () => {
    const nobody = { UserPoolId: pool.id, Username: 'nobody' };
    for (const call of [
      sdk.adminDisableUser(nobody),
      sdk.adminEnableUser(nobody),
      sdk.adminDeleteUser(nobody),
      sdk.adminUserGlobalSignOut(nobody),
      sdk.adminConfirmSignUp(nobody),
    ]) {
      await expectError(call, 'UserNotFoundException', 'User does not exist.');
    }
  });
});

describe('AdminDeleteUser', () => {
  it('takes memberships and aliases along; a successor is another user', async () => {
    const aliases = await TestPool.create(server, { AliasAttributes: ['email'] });
    const attributes = { email: 'gone@example.com', email_verified: 'true' };
    const user = { UserPoolId: aliases.id, Username: 'gone' };
    await aliases.user('gone', attributes);
    const before = record((await aliases.get('gone')).UserAttributes)['sub'];
    await sdk.createGroup({ UserPoolId: aliases.id, GroupName: 'g' });
    await sdk.adminAddUserToGroup({ ...user, GroupName: 'g' });
    const { RefreshToken } = await aliases.tokens('gone');
    await sdk.adminDeleteUser(user);
    await expectError(aliases.get('gone'), 'UserNotFoundException', 'User does not exist.');
    await expectError(
      aliases.refresh(RefreshToken),
      'NotAuthorizedException',
      'The user has been deleted for the associated refresh token',
    );
    await aliases.user('gone', attributes);
    expect(record((await aliases.get('gone')).UserAttributes)['sub']).not.toBe(before);
    expect((await sdk.adminListGroupsForUser(user)).Groups).toEqual([]);
    await expectError(
      aliases.refresh(RefreshToken),
      'NotAuthorizedException',
      'The user has been deleted for the associated refresh token',
    );
  });
});

describe('AdminConfirmSignUp', () => {
  it('confirms, and verifies nothing', async () => {
    const Username = 'pending';
    await sdk.signUp({
      ClientId: pool.clientId,
      Username,
      Password: PASSWORD,
      UserAttributes: list({ given_name: 'P', email: 'p@example.com' }),
    });
    await sdk.adminConfirmSignUp({ UserPoolId: pool.id, Username });
    const user = await pool.get(Username);
    expect(user.UserStatus).toBe('CONFIRMED');
    expect(record(user.UserAttributes)['email_verified']).toBe('false');
    await pool.signIn(Username);
    await expectError(
      sdk.adminConfirmSignUp({ UserPoolId: pool.id, Username }),
      'NotAuthorizedException',
      'User cannot be confirmed. Current status is CONFIRMED',
    );
  });
});

describe('AdminUserGlobalSignOut', () => {
  it('ends every session of the user, and minds none', async () => {
    const user = { UserPoolId: pool.id, Username: 'leaver' };
    await pool.user('leaver');
    await sdk.adminUserGlobalSignOut(user);
    const { AccessToken, RefreshToken } = await pool.tokens('leaver');
    await sdk.adminUserGlobalSignOut(user);
    await expectError(
      sdk.getUser({ AccessToken }),
      'NotAuthorizedException',
      'Access Token has been revoked',
    );
    await expectError(pool.refresh(RefreshToken), 'NotAuthorizedException', 'Refresh Token has been revoked');
    await sdk.getUser({ AccessToken: (await pool.tokens('leaver')).AccessToken });
  });
});
