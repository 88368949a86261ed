import type { CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { DAY, expectError, HOUR, list, PASSWORD, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, { AutoVerifiedAttributes: ['email'] });
});

const signUp = (Username: string, attributes: Record<string, string> = {}, to = pool, more: object = {}) =>
  sdk.signUp({
    ClientId: to.clientId,
    Username,
    Password: PASSWORD,
    UserAttributes: list(attributes),
    ...more,
  });
const confirm = (Username: string, ConfirmationCode: string, to = pool, more: object = {}) =>
  sdk.confirmSignUp({ ClientId: to.clientId, Username, ConfirmationCode, ...more });
const resend = (Username: string, to = pool) =>
  sdk.resendConfirmationCode({ ClientId: to.clientId, Username });
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const MISMATCH = ['CodeMismatchException', 'Invalid verification code provided, please try again.'] as const;
const EXPIRED = ['ExpiredCodeException', 'Invalid code provided, please request a code again.'] as const;
const NOT_FOUND = ['UserNotFoundException', 'Username/client id combination not found.'] as const;
const LIMIT = ['LimitExceededException', 'Attempt limit exceeded, please try after some time.'] as const;

describe('SignUp', () => {
  it('makes an unconfirmed user and sends a code to the address', async () => {
    const answer = await signUp('amy', { email: 'zoe@booking.example' });
    expect(answer).toMatchObject({
      UserConfirmed: false,
      UserSub: expect.stringMatching(/^[0-9a-f-]{14}70/),
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'z***@b***' },
    });
    const user = await pool.get('amy');
    expect(user.UserStatus).toBe('UNCONFIRMED');
    expect(record(user.UserAttributes)).toEqual({
      email: 'zoe@booking.example',
      email_verified: 'false',
      sub: answer.UserSub,
    });
    const message = pool.lastMessage();
    expect(message).toEqual({
      userPoolId: pool.id,
      username: 'amy',
      destination: 'zoe@booking.example',
      medium: 'EMAIL',
      trigger: 'CustomMessage_SignUp',
      code: expect.stringMatching(/^\d{6}$/),
      subject: 'Your verification code',
      body: `Your confirmation code is ${message.code}`,
      sentAt: new Date(clock.now()).toISOString(),
    });
  });

  it('sends to the phone where both are to be verified, with the last four digits shown', async () => {
    const both = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email', 'phone_number'],
      SmsConfiguration: SMS,
    });
    const { CodeDeliveryDetails } = await signUp('u', { email: 'a@b.c', phone_number: '+12065558920' }, both);
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: '+*******8920',
    });
    expect(both.messages()).toHaveLength(1);
    const { code, body } = both.lastMessage();
    expect(body).toBe(`Your verification code is ${code}. `);
    await confirm('u', code, both);
    expect(record((await both.get('u')).UserAttributes)).toMatchObject({
      phone_number_verified: 'true',
      email_verified: 'false',
    });
  });

  it('sends nothing where nothing is to be verified, or there is nothing to send to', async () => {
    const plain = await TestPool.create(server);
    expect(await signUp('u', { email: 'a@b.c' }, plain)).not.toHaveProperty('CodeDeliveryDetails');
    expect(plain.messages()).toEqual([]);
    expect(await signUp('nomail')).not.toHaveProperty('CodeDeliveryDetails');
  });

  it.each<[string, Partial<CreateUserPoolRequest>]>([
    [
      'the template',
      {
        VerificationMessageTemplate: {
          EmailSubject: 'S',
          EmailMessage: 'T {####} T',
          SmsMessage: 'x {####}',
        },
      },
    ],
    ['the older members', { EmailVerificationSubject: 'S', EmailVerificationMessage: 'T {####} T' }],
  ])('writes what %s say', async (_, settings) => {
    const own = await TestPool.create(server, { AutoVerifiedAttributes: ['email'], ...settings });
    await signUp('u', { email: 'a@b.c' }, own);
    const { code, body, subject } = own.lastMessage();
    expect({ body, subject }).toEqual({ subject: 'S', body: `T ${code} T` });
  });

  it('refuses a name that is taken, in words of its own', async () => {
    await signUp('taken');
    await expectError(signUp('taken'), 'UsernameExistsException', 'User already exists');
    const emails = await TestPool.create(server, { UsernameAttributes: ['email'] });
    await signUp('a@b.c', {}, emails);
    await expectError(
      signUp('a@b.c', {}, emails),
      'UsernameExistsException',
      'An account with the given email already exists.',
    );
    await expectError(signUp('ann', {}, emails), 'InvalidParameterException', 'Username should be an email.');
  });

  it('is for administrators only where the pool says so', async () => {
    const closed = await TestPool.create(server, {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    await expectError(
      signUp('u', {}, closed),
      'NotAuthorizedException',
      'SignUp is not permitted for this user pool',
    );
  });

  it('refuses a weak password, and none at all', async () => {
    await expectError(
      signUp('weak', {}, pool, { Password: 'nouppercase1!' }),
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have uppercase characters',
    );
    await expect(signUp('none', {}, pool, { Password: undefined })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expectError(pool.get('weak'), 'UserNotFoundException', 'User does not exist.');
  });

  it('wants what the pool requires, under the names of its directory', async () => {
    const strict = await TestPool.create(server, {
      Schema: [
        { Name: 'family_name', Required: true },
        { Name: 'email', Required: true },
      ],
    });
    await expectError(
      signUp('u', { email: 'a@b.c' }, strict),
      'InvalidParameterException',
      'Attributes did not conform to the schema: name.familyName: The attribute name.familyName is required',
    );
    await expectError(
      signUp('u', { family_name: 'F' }, strict),
      'InvalidParameterException',
      'Attributes did not conform to the schema: email: The attribute is required',
    );
    await signUp('u', { family_name: 'F', email: 'a@b.c' }, strict);
  });

  it('writes only what the client may', async () => {
    const narrow = await pool.client({ WriteAttributes: ['email'] });
    await signUp('narrow', { email: 'a@b.c' }, narrow);
    await expectError(
      signUp('wide', { nickname: 'n' }, narrow),
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    );
    for (const name of ['email_verified', 'phone_number_verified', 'sub']) {
      await expectError(
        signUp('bold', { email: 'a@b.c', [name]: 'true' }),
        'InvalidParameterException',
        `Cannot modify the non-mutable attribute ${name}`,
      );
    }
    const developer = await TestPool.create(server, {
      Schema: [{ Name: 'x', AttributeDataType: 'String', DeveloperOnlyAttribute: true }],
    });
    await expectError(
      signUp('u', { 'dev:custom:x': '1' }, developer),
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    );
  });

  it('tells a value that is left out from an empty one', async () => {
    await expectError(
      signUp('bad', {}, pool, { UserAttributes: [{ Name: 'nickname' }] }),
      'InvalidParameterException',
      'Attribute value for nickname must not be null',
    );
  });

  it('checks values, and sets immutable attributes this once', async () => {
    await expectError(
      signUp('bad', { email: 'nope' }),
      'InvalidParameterException',
      'Invalid email address format.',
    );
    await expectError(
      signUp('bad', { phone_number: '1' }),
      'InvalidParameterException',
      'Invalid phone number format.',
    );
    await expectError(
      signUp('bad', { 'custom:none': 'x' }),
      'InvalidParameterException',
      'Attributes did not conform to the schema: user.custom:none: Attribute does not exist in the schema.\n',
    );
    const fixed = await TestPool.create(server, {
      Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: false }],
    });
    await signUp('u', { 'custom:tenant': 't' }, fixed);
    expect(record((await fixed.get('u')).UserAttributes)['custom:tenant']).toBe('t');
  });

  it('wants the hash of a client with a secret', async () => {
    const client = await pool.client({ GenerateSecret: true });
    await expectError(
      signUp('hashed', {}, client),
      'NotAuthorizedException',
      `Client ${client.clientId} is configured for secret but secret was not received`,
    );
    await expectError(
      signUp('hashed', {}, client, { SecretHash: 'x' }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${client.clientId}`,
    );
    const SecretHash = secretHashOf(client.clientSecret as string, 'hashed', client.clientId);
    await signUp('hashed', {}, client, { SecretHash });
    await expectError(
      signUp('other', {}, { clientId: 'nothing' } as TestPool),
      'ResourceNotFoundException',
      'User pool client nothing does not exist.',
    );
  });
});

describe('ConfirmSignUp', () => {
  it('confirms the user and verifies the address', async () => {
    await signUp('con', { email: 'con@example.com' });
    await confirm('con', pool.lastMessage().code);
    const user = await pool.get('con');
    expect(user.UserStatus).toBe('CONFIRMED');
    expect(record(user.UserAttributes)['email_verified']).toBe('true');
    await pool.signIn('con');
    await expectError(
      confirm('con', pool.lastMessage().code),
      'NotAuthorizedException',
      'User cannot be confirmed. Current status is CONFIRMED',
    );
  });

  it('refuses another code, one that is over, and any when none is pending', async () => {
    await signUp('late', { email: 'late@example.com' });
    const { code } = pool.lastMessage();
    await expectError(confirm('late', wrong(code)), ...MISMATCH);
    await expectError(confirm('late', 'not a code'.replaceAll(' ', '')), ...MISMATCH);
    clock.advance(DAY - 1);
    await expectError(confirm('late', wrong(code)), ...MISMATCH);
    clock.advance(1);
    await expectError(confirm('late', code), ...EXPIRED);
    await signUp('nocode');
    await expectError(confirm('nocode', '123456'), ...EXPIRED);
    await expectError(confirm('nobody', '123456'), ...NOT_FOUND);
  });

  it('names the status of a user who does not wait for it', async () => {
    await pool.invited('invitee');
    await expectError(
      confirm('invitee', '123456'),
      'NotAuthorizedException',
      'User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD',
    );
  });

  it('allows fifteen attempts an hour', async () => {
    await signUp('guess', { email: 'guess@example.com' });
    const { code } = pool.lastMessage();
    for (let i = 0; i < 15; i++) await expectError(confirm('guess', wrong(code)), ...MISMATCH);
    await expectError(confirm('guess', code), ...LIMIT);
    clock.advance(HOUR);
    await confirm('guess', code);
  });

  it('takes no code that went to an address or number which is not the user’s any more', async () => {
    const other = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email', 'phone_number'],
      SmsConfiguration: SMS,
    });
    const change = (Username: string, given: Record<string, string>) =>
      sdk.adminUpdateUserAttributes({ UserPoolId: other.id, Username, UserAttributes: list(given) });
    const confirm = (Username: string, ConfirmationCode: string) =>
      sdk.confirmSignUp({ ClientId: other.clientId, Username, ConfirmationCode });
    const sentBySignUp = () =>
      other.messages().findLast(({ trigger }) => trigger === 'CustomMessage_SignUp')?.code as string;

    await signUp('mover', { email: 'old@example.com' }, other);
    const old = sentBySignUp();
    // Not even where an administrator vouches for the new one.
    for (const given of [
      { email: 'new@example.com' },
      { email: 'newer@example.com', email_verified: 'true' },
    ]) {
      await change('mover', given);
      await expectError(confirm('mover', old), ...EXPIRED);
      expect((await other.get('mover')).UserStatus).toBe('UNCONFIRMED');
    }
    await change('mover', { email: 'new@example.com' });
    await sdk.resendConfirmationCode({ ClientId: other.clientId, Username: 'mover' });
    expect(other.lastMessage().destination).toBe('new@example.com');
    await confirm('mover', other.lastMessage().code);
    expect(record((await other.get('mover')).UserAttributes)).toMatchObject({
      email: 'new@example.com',
      email_verified: 'true',
    });

    // What it went to is gone, or has come back; the other address does not matter.
    await signUp('leaver', { email: 'stays@example.com', phone_number: '+12065558920' }, other);
    const sent = sentBySignUp();
    await change('leaver', { phone_number: '' });
    await expectError(confirm('leaver', sent), ...EXPIRED);
    await change('leaver', { phone_number: '+12065558920', email: 'goes@example.com' });
    await confirm('leaver', sent);
    expect(record((await other.get('leaver')).UserAttributes)).toMatchObject({
      email_verified: 'false',
      phone_number_verified: 'true',
    });
  });

  it('gives an alias to one user only, or moves it when told to', async () => {
    const aliases = await TestPool.create(server, {
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
    });
    const email = 'shared@example.com';
    await signUp('one', { email }, aliases);
    await confirm('one', aliases.lastMessage().code, aliases);
    await signUp('two', { email }, aliases);
    const { code } = aliases.lastMessage();
    await expectError(
      confirm('two', code, aliases),
      'AliasExistsException',
      'An account with the email already exists.',
    );
    expect((await aliases.get('two')).UserStatus).toBe('UNCONFIRMED');
    await confirm('two', code, aliases, { ForceAliasCreation: true });
    expect((await aliases.get(email)).Username).toBe('two');
    expect(record((await aliases.get('one')).UserAttributes)['email_verified']).toBe('false');
  });

  it('wants the hash of a client with a secret', async () => {
    const client = await pool.client({ GenerateSecret: true });
    await expectError(
      confirm('amy', '123456', client),
      'NotAuthorizedException',
      `Client ${client.clientId} is configured for secret but secret was not received`,
    );
  });
});

describe('ResendConfirmationCode', () => {
  it('sends another code, which alone is good', async () => {
    await signUp('more', { email: 'more@example.com' });
    const first = pool.lastMessage();
    const { CodeDeliveryDetails } = await resend('more');
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'm***@e***',
    });
    const second = pool.lastMessage();
    expect(second.trigger).toBe('CustomMessage_ResendCode');
    if (second.code !== first.code) await expectError(confirm('more', first.code), ...MISMATCH);
    await confirm('more', second.code);
    await expectError(resend('more'), 'InvalidParameterException', 'User is already confirmed.');
  });

  it('refuses where nothing is verified, and a user who is not there', async () => {
    const plain = await TestPool.create(server);
    await signUp('u', { email: 'a@b.c' }, plain);
    await expectError(
      resend('u', plain),
      'InvalidParameterException',
      'Cannot resend codes. Auto verification not turned on.',
    );
    await expectError(resend('nobody'), ...NOT_FOUND);
  });

  it('sends five an hour', async () => {
    await signUp('five', { email: 'five@example.com' });
    for (let i = 0; i < 5; i++) await resend('five');
    await expectError(resend('five'), ...LIMIT);
    clock.advance(HOUR);
    await resend('five');
  });
});

describe('PreventUserExistenceErrors ENABLED', () => {
  it('lets nobody tell a user from a name that nobody has', async () => {
    const hiding = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });
    await expectError(confirm('ghost', '123456', hiding), ...EXPIRED);
    const before = pool.messages().length;
    const first = await resend('ghost', hiding);
    expect(first.CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: expect.stringMatching(/^[a-z]\*{3}@[a-z]\*{3}$/),
    });
    expect((await resend('ghost', hiding)).CodeDeliveryDetails).toEqual(first.CodeDeliveryDetails);
    expect((await resend('ghost@example.com', hiding)).CodeDeliveryDetails?.Destination).toBe('g***@e***');
    expect(pool.messages()).toHaveLength(before);
    await expectError(confirm('ghost', 'abcdef', hiding), ...MISMATCH);
    for (let i = 2; i < 5; i++) await resend('ghost', hiding);
    await expectError(resend('ghost', hiding), ...LIMIT);
  });
});
