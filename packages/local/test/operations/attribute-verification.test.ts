import { beforeAll, describe, expect, it } from 'vitest';
import { DAY, expectError, HOUR, list, record, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const SMS = {
  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', SnsRegion: 'us-east-1' },
};
const BOTH = ['email', 'phone_number'] as const;
let plain: TestPool;
let patient: TestPool;

beforeAll(async () => {
  plain = await TestPool.create(server, { ...SMS, AutoVerifiedAttributes: [...BOTH] });
  patient = await TestPool.create(server, {
    ...SMS,
    AutoVerifiedAttributes: [...BOTH],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  });
});

let users = 0;

async function someone(of: TestPool, attributes: Record<string, string> = {}, name = `user${users++}`) {
  await of.user(name, attributes);
  const username = (await of.get(name)).Username as string;
  const { AccessToken } = await of.tokens(name);
  return {
    username,
    update: async (given: Record<string, string>) =>
      (await sdk.updateUserAttributes({ AccessToken, UserAttributes: list(given) })).CodeDeliveryDetailsList,
    adminUpdate: (given: Record<string, string>) =>
      sdk.adminUpdateUserAttributes({
        UserPoolId: of.id,
        Username: username,
        UserAttributes: list(given),
      }),
    del: (...UserAttributeNames: string[]) => sdk.deleteUserAttributes({ AccessToken, UserAttributeNames }),
    send: async (AttributeName: string) =>
      (await sdk.getUserAttributeVerificationCode({ AccessToken, AttributeName })).CodeDeliveryDetails,
    verify: (AttributeName: string, Code: string) =>
      sdk.verifyUserAttribute({ AccessToken, AttributeName, Code }),
    has: async () => record((await of.get(username)).UserAttributes),
    messages: () => of.messages().filter((message) => message.username === username),
    code: () => of.messages().findLast((message) => message.username === username)?.code as string,
  };
}

const MISMATCH = ['CodeMismatchException', 'Invalid verification code provided, please try again.'] as const;
const EXPIRED = ['ExpiredCodeException', 'Invalid code provided, please request a code again.'] as const;
const other = (code: string) => (code === '000000' ? '000001' : '000000');

describe('a new address or number in a pool that verifies', () => {
  it('is there at once, unverified, and gets a code that verifies it', async () => {
    const user = await someone(plain, { email: 'old@example.com', email_verified: 'true' });
    expect(await user.update({ email: 'new@home.example', phone_number: '+15551234' })).toEqual([
      { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@h***' },
      { AttributeName: 'phone_number', DeliveryMedium: 'SMS', Destination: '+****1234' },
    ]);
    expect(await user.has()).toMatchObject({
      email: 'new@home.example',
      email_verified: 'false',
      phone_number: '+15551234',
      phone_number_verified: 'false',
    });
    const [mail, sms] = user.messages();
    expect(mail).toMatchObject({
      destination: 'new@home.example',
      trigger: 'CustomMessage_UpdateUserAttribute',
      body: `Your confirmation code is ${mail?.code}`,
    });
    expect(sms).toMatchObject({ destination: '+15551234', medium: 'SMS' });
    await user.verify('phone_number', sms?.code as string);
    expect(await user.has()).toMatchObject({ email_verified: 'false', phone_number_verified: 'true' });
    await user.verify('email', mail?.code as string);
    expect(await user.has()).toMatchObject({ email_verified: 'true' });
  });

  it('gets none when an administrator calls it verified', async () => {
    const user = await someone(plain);
    await user.adminUpdate({ email: 'a@example.com', email_verified: 'true' });
    expect(user.messages()).toEqual([]);
    expect(await user.has()).toMatchObject({ email_verified: 'true' });
    await user.adminUpdate({ email: 'b@example.com' });
    expect(user.messages()).toHaveLength(1);
    expect(await user.has()).toMatchObject({ email: 'b@example.com', email_verified: 'false' });
    await user.verify('email', user.code());
    expect(await user.has()).toMatchObject({ email_verified: 'true' });
  });

  it('makes the code for the one before worthless', async () => {
    const user = await someone(plain);
    await user.update({ email: 'a@example.com' });
    const first = user.code();
    await user.adminUpdate({ email: 'b@example.com', email_verified: 'false' });
    const second = user.code();
    if (first !== second) await expectError(user.verify('email', first), ...MISMATCH);
    await user.adminUpdate({ email: 'c@example.com', email_verified: 'true' });
    await expectError(user.verify('email', second), ...EXPIRED);
    await user.update({ email: 'd@example.com' });
    const last = user.code();
    await user.del('email');
    await expectError(user.verify('email', last), ...EXPIRED);
  });
});

describe('AttributesRequireVerificationBeforeUpdate', () => {
  it('keeps the old value until the new one is verified', async () => {
    const user = await someone(patient, { email: 'old@example.com', email_verified: 'true' });
    const deliveries = await user.update({ email: 'new@example.com', nickname: 'x' });
    expect(deliveries).toEqual([
      { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@e***' },
    ]);
    expect(await user.has()).toMatchObject({
      email: 'old@example.com',
      email_verified: 'true',
      nickname: 'x',
    });
    await expectError(user.verify('email', other(user.code())), ...MISMATCH);
    await user.verify('email', user.code());
    expect(await user.has()).toMatchObject({ email: 'new@example.com', email_verified: 'true' });
  });

  it('concerns only the attributes that it names', async () => {
    const user = await someone(patient);
    await user.update({ phone_number: '+15550000' });
    expect(await user.has()).toMatchObject({ phone_number: '+15550000', phone_number_verified: 'false' });
  });

  it('sends another code to the value that waits', async () => {
    const user = await someone(patient, { email: 'old@example.com', email_verified: 'true' });
    await user.update({ email: 'new@example.com' });
    expect(await user.send('email')).toMatchObject({ Destination: 'n***@e***' });
    await user.verify('email', user.code());
    expect(await user.has()).toMatchObject({ email: 'new@example.com' });
  });

  it('forgets the value that waits after a day, or when the old one is given again', async () => {
    const user = await someone(patient, { email: 'old@example.com', email_verified: 'true' });
    await user.update({ email: 'new@example.com' });
    await user.update({ email: 'old@example.com' });
    await expectError(user.verify('email', user.code()), ...EXPIRED);
    const late = await someone(patient, { email: 'old@example.com', email_verified: 'true' }, 'late');
    await late.update({ email: 'new@example.com' });
    const code = late.code();
    clock.advance(DAY);
    const { AccessToken } = await patient.tokens('late');
    await expectError(
      sdk.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code: code }),
      ...EXPIRED,
    );
    const { CodeDeliveryDetails } = await sdk.getUserAttributeVerificationCode({
      AccessToken,
      AttributeName: 'email',
    });
    expect(CodeDeliveryDetails?.Destination).toBe('o***@e***');
    expect(await late.has()).toMatchObject({ email: 'old@example.com', email_verified: 'true' });
  });

  it('lets an administrator who says that it is verified change it at once', async () => {
    const user = await someone(patient, { email: 'old@example.com', email_verified: 'true' });
    await user.adminUpdate({ email: 'new@example.com' });
    expect(await user.has()).toMatchObject({ email: 'old@example.com', email_verified: 'true' });
    await user.adminUpdate({ email: 'new@example.com', email_verified: 'true' });
    expect(await user.has()).toMatchObject({ email: 'new@example.com', email_verified: 'true' });
    await expectError(user.verify('email', user.code()), ...EXPIRED);
  });
});

describe('aliases', () => {
  it('go where an address goes once it is verified', async () => {
    const pool = await TestPool.create(server, {
      AliasAttributes: ['email', 'preferred_username'],
      AutoVerifiedAttributes: ['email'],
    });
    const user = await someone(pool, { email: 'old@example.com', email_verified: 'true' });
    await pool.tokens('old@example.com');
    await user.update({ email: 'new@example.com' });
    const wrong = ['UserNotFoundException', 'User does not exist.'] as const;
    await expectError(pool.signIn('old@example.com'), ...wrong);
    await expectError(pool.signIn('new@example.com'), ...wrong);
    await user.verify('email', user.code());
    await pool.tokens('new@example.com');

    await user.update({ preferred_username: 'nick' });
    await pool.tokens('nick');
    await user.update({ preferred_username: 'nicky' });
    await expectError(pool.signIn('nick'), ...wrong);
    await user.del('preferred_username', 'email');
    await expectError(pool.signIn('nicky'), ...wrong);
    await expectError(pool.signIn('new@example.com'), ...wrong);
  });

  it('are not to be had while somebody else has them', async () => {
    const pool = await TestPool.create(server, {
      AliasAttributes: ['email', 'preferred_username'],
      AutoVerifiedAttributes: ['email'],
    });
    await someone(pool, { email: 'taken@example.com', email_verified: 'true', preferred_username: 'boss' });
    const user = await someone(pool, { nickname: 'n' });
    const taken = ['AliasExistsException', 'User account already exists for the alias.'] as const;
    await expectError(user.update({ preferred_username: 'boss', nickname: 'm' }), ...taken);
    await expectError(user.adminUpdate({ email: 'taken@example.com', email_verified: 'true' }), ...taken);
    expect(await user.has()).toMatchObject({ nickname: 'n' });
    // Unverified it is nobody's yet; verifying it is what fails, and the code stays good for later.
    await user.update({ email: 'taken@example.com' });
    await expectError(
      user.verify('email', user.code()),
      'AliasExistsException',
      'An account with the email already exists.',
    );
    expect(await user.has()).toMatchObject({ email_verified: 'false' });
    await expectError(
      user.update({ preferred_username: 'boss@example.com' }),
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
    await expectError(
      user.update({ preferred_username: 'boss\0x' }),
      'InvalidParameterException',
      'preferred_username cannot hold the character U+0000.',
    );
  });

  it('are released and claimed by the flag alone', async () => {
    const pool = await TestPool.create(server, { AliasAttributes: ['email'] });
    const user = await someone(pool, { email: 'a@example.com', email_verified: 'true' });
    await user.adminUpdate({ email_verified: 'false' });
    await expect(pool.signIn('a@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await user.adminUpdate({ email_verified: 'true' });
    await pool.tokens('a@example.com');
  });

  it('change at once in a pool of e-mail addresses, and are nobody else’s', async () => {
    const pool = await TestPool.create(server, { UsernameAttributes: ['email'] });
    const user = await someone(pool, {}, 'old@example.com');
    await someone(pool, {}, 'taken@example.com');
    const taken = ['AliasExistsException', 'An account with the given email already exists.'] as const;
    await expectError(user.update({ email: 'taken@example.com' }), ...taken);
    await expectError(user.adminUpdate({ email: 'taken@example.com', email_verified: 'true' }), ...taken);
    await user.update({ email: 'new@example.com' });
    await pool.tokens('new@example.com');
    await expect(pool.signIn('old@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    expect((await user.has())['sub']).toBe(user.username);
  });

  it('wait for the code in such a pool too, and are looked at before', async () => {
    const pool = await TestPool.create(server, {
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    });
    const user = await someone(pool, {}, 'old@example.com');
    await someone(pool, {}, 'taken@example.com');
    await expectError(
      user.update({ email: 'taken@example.com' }),
      'AliasExistsException',
      'An account with the given email already exists.',
    );
    await user.update({ email: 'new@example.com' });
    await pool.tokens('old@example.com');
    await user.verify('email', user.code());
    await pool.tokens('new@example.com');
    await expect(pool.signIn('old@example.com')).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });
});

describe('GetUserAttributeVerificationCode', () => {
  it('sends a code for what is there, verified or not', async () => {
    const user = await someone(plain, {
      email: 'amy@example.com',
      email_verified: 'true',
      phone_number: '+15557777',
    });
    expect(await user.send('email')).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'a***@e***',
    });
    expect(user.messages().at(-1)?.trigger).toBe('CustomMessage_VerifyUserAttribute');
    await user.verify('email', user.code());
    expect(await user.send('phone_number')).toMatchObject({ DeliveryMedium: 'SMS' });
    await user.verify('phone_number', user.code());
    expect(await user.has()).toMatchObject({ email_verified: 'true', phone_number_verified: 'true' });
  });

  it('has nothing to send to without a value, or for anything else', async () => {
    const user = await someone(plain, { nickname: 'x' });
    const invalid = 'InvalidParameterException';
    await expectError(user.send('email'), invalid, 'User does not have a valid registered email address');
    await expectError(
      user.send('phone_number'),
      invalid,
      'User does not have a valid registered phone number',
    );
    const only = 'Invalid attribute name. Only phone_number and email can be verified.';
    await expectError(user.send('nickname'), invalid, only);
    await expectError(user.verify('nickname', '123456'), invalid, only);
  });

  it('may be asked five times an hour', async () => {
    const user = await someone(
      await plain.client({ AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: 'days' } }),
      { email: 'amy@example.com' },
    );
    for (let i = 0; i < 5; i++) await user.send('email');
    await expectError(
      user.send('email'),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
    clock.advance(HOUR);
    await user.send('email');
  });

  it('takes nothing but an access token that is good', async () => {
    const bad = ['NotAuthorizedException', 'Invalid Access Token'] as const;
    await expectError(
      sdk.getUserAttributeVerificationCode({ AccessToken: 'garbage', AttributeName: 'email' }),
      ...bad,
    );
    await expectError(
      sdk.verifyUserAttribute({ AccessToken: 'garbage', AttributeName: 'email', Code: '1' }),
      ...bad,
    );
  });
});

describe('VerifyUserAttribute', () => {
  it('takes the newest code, once, for a day, for its attribute', async () => {
    const user = await someone(
      await plain.client({ AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: 'days' } }),
      { email: 'amy@example.com', phone_number: '+15557777' },
    );
    await expectError(user.verify('email', '123456'), ...EXPIRED);
    await user.send('email');
    const first = user.code();
    await user.send('email');
    const second = user.code();
    if (first !== second) await expectError(user.verify('email', first), ...MISMATCH);
    await expectError(user.verify('phone_number', second), ...EXPIRED);
    await user.verify('email', second);
    await expectError(user.verify('email', second), ...EXPIRED);
  });

  it('refuses a code that is a day old', async () => {
    const user = await someone(plain, { email: 'amy@example.com' }, 'sleeper');
    await user.send('email');
    const code = user.code();
    clock.advance(DAY);
    const { AccessToken } = await plain.tokens('sleeper');
    await expectError(
      sdk.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code: code }),
      ...EXPIRED,
    );
  });

  it('may be tried fifteen times an hour', async () => {
    const user = await someone(plain, { email: 'amy@example.com' });
    await user.send('email');
    const wrong = other(user.code());
    for (let i = 0; i < 15; i++) await expectError(user.verify('email', wrong), ...MISMATCH);
    await expectError(
      user.verify('email', user.code()),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
  });
});
