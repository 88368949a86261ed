import { beforeAll, describe, expect, it } from 'vitest';
import { secretHashOf } from '../../src/domain/clients/secret-hash.js';
import { expectError, HOUR, list, MINUTE, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const NEW = 'Brand-new1';
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server);
});

const MAIL = (name: string) => ({ email: `${name}@example.com`, email_verified: 'true' });
const forgot = (Username: string, to = pool, more: object = {}) =>
  sdk.forgotPassword({ ClientId: to.clientId, Username, ...more });
const confirm = (Username: string, ConfirmationCode: string, to = pool, more: object = {}) =>
  sdk.confirmForgotPassword({ ClientId: to.clientId, Username, ConfirmationCode, Password: NEW, ...more });
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const MISMATCH = ['CodeMismatchException', 'Invalid verification code provided, please try again.'] as const;
const EXPIRED = ['ExpiredCodeException', 'Invalid code provided, please request a code again.'] as const;
const NOT_FOUND = ['UserNotFoundException', 'Username/client id combination not found.'] as const;
const LIMIT = ['LimitExceededException', 'Attempt limit exceeded, please try after some time.'] as const;
const NO_MEDIUM = [
  'InvalidParameterException',
  'Cannot reset password for the user as there is no registered/verified email or phone_number',
] as const;

describe('ForgotPassword and ConfirmForgotPassword', () => {
  it('replace the password of a user who has the code', async () => {
    await pool.user('amy', MAIL('amy'));
    const { CodeDeliveryDetails } = await forgot('amy');
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'a***@e***',
    });
    const message = pool.lastMessage();
    expect(message).toMatchObject({
      username: 'amy',
      destination: 'amy@example.com',
      trigger: 'CustomMessage_ForgotPassword',
      code: expect.stringMatching(/^\d{6}$/),
      body: `Your confirmation code is ${message.code}`,
    });
    await pool.signIn('amy');
    await confirm('amy', message.code);
    await pool.signIn('amy', NEW);
    await expectError(pool.signIn('amy'), 'NotAuthorizedException', 'Incorrect username or password.');
    expect((await pool.get('amy')).UserStatus).toBe('CONFIRMED');
    await expectError(confirm('amy', message.code), ...EXPIRED);
  });

  it('take the newest code, for an hour', async () => {
    await pool.user('bob', MAIL('bob'));
    await forgot('bob');
    const first = pool.lastMessage().code;
    await forgot('bob');
    const second = pool.lastMessage().code;
    if (first !== second) await expectError(confirm('bob', first), ...MISMATCH);
    clock.advance(HOUR - 1);
    await expectError(confirm('bob', wrong(second)), ...MISMATCH);
    clock.advance(1);
    await expectError(confirm('bob', second), ...EXPIRED);
  });

  it('leave the code good after a password against the policy', async () => {
    await pool.user('cat', MAIL('cat'));
    await forgot('cat');
    const { code } = pool.lastMessage();
    await expectError(
      confirm('cat', code, pool, { Password: 'short1!' }),
      'InvalidPasswordException',
      'Password does not conform to policy: Password not long enough',
    );
    await confirm('cat', code);
  });

  it('let a user in again who is locked out', async () => {
    await pool.user('dan', MAIL('dan'));
    for (let i = 0; i < 5; i++) await expect(pool.signIn('dan', 'wrong')).rejects.toThrow();
    await expectError(pool.signIn('dan'), 'NotAuthorizedException', 'Password attempts exceeded');
    await forgot('dan');
    await confirm('dan', pool.lastMessage().code);
    await pool.signIn('dan', NEW);
  });

  it('honour the password history', async () => {
    const strict = await TestPool.create(server, {
      Policies: { PasswordPolicy: { MinimumLength: 6, PasswordHistorySize: 1 } },
    });
    await sdk.adminCreateUser({
      UserPoolId: strict.id,
      Username: 'u',
      UserAttributes: list(MAIL('u')),
      MessageAction: 'SUPPRESS',
    });
    await sdk.adminSetUserPassword({
      UserPoolId: strict.id,
      Username: 'u',
      Password: PASSWORD,
      Permanent: true,
    });
    await forgot('u', strict);
    await expectError(
      confirm('u', strict.lastMessage().code, strict, { Password: PASSWORD }),
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used',
    );
  });

  it('go by the recovery settings of the pool', async () => {
    const both = { ...MAIL('u'), phone_number: '+15550100', phone_number_verified: 'true' };
    const phoneFirst = await TestPool.create(server, {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: 'verified_email', Priority: 2 },
          { Name: 'verified_phone_number', Priority: 1 },
        ],
      },
    });
    await phoneFirst.user('u', both);
    expect((await forgot('u', phoneFirst)).CodeDeliveryDetails?.DeliveryMedium).toBe('SMS');
    await phoneFirst.user('mailonly', { ...both, phone_number_verified: 'false' });
    expect((await forgot('mailonly', phoneFirst)).CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL');

    const phoneOnly = await TestPool.create(server, {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_phone_number', Priority: 1 }] },
    });
    await phoneOnly.user('u', MAIL('u'));
    await expectError(forgot('u', phoneOnly), ...NO_MEDIUM);

    const adminOnly = await TestPool.create(server, {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    });
    await adminOnly.user('u', MAIL('u'));
    await expectError(
      forgot('u', adminOnly),
      'NotAuthorizedException',
      'Contact administrator to reset password.',
    );
  });

  it('refuse users who cannot be helped this way', async () => {
    await pool.user('unverified', { email: 'a@b.c' });
    await expectError(forgot('unverified'), ...NO_MEDIUM);
    await sdk.signUp({
      ClientId: pool.clientId,
      Username: 'unconfirmed',
      Password: PASSWORD,
      UserAttributes: list({ email: 'a@b.c' }),
    });
    await expectError(forgot('unconfirmed'), ...NO_MEDIUM);
    await expectError(
      confirm('unconfirmed', '123456'),
      'UserNotConfirmedException',
      'User is not confirmed.',
    );
    await pool.invited('invited', MAIL('invited'));
    await expectError(
      forgot('invited'),
      'NotAuthorizedException',
      'User password cannot be reset in the current state.',
    );
    await pool.user('disabled', MAIL('disabled'));
    await forgot('disabled');
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'disabled' });
    await expectError(forgot('disabled'), 'NotAuthorizedException', 'User is disabled.');
    await expectError(
      confirm('disabled', pool.lastMessage().code),
      'NotAuthorizedException',
      'User is disabled.',
    );
    await expectError(forgot('nobody'), ...NOT_FOUND);
    await expectError(confirm('nobody', '123456'), ...NOT_FOUND);
    await pool.user('asked-nothing', MAIL('x'));
    await expectError(confirm('asked-nothing', '123456'), ...EXPIRED);
  });

  it('bound the attempts of an hour', async () => {
    await pool.user('busy', MAIL('busy'));
    for (let i = 0; i < 20; i++) await forgot('busy');
    await expectError(forgot('busy'), ...LIMIT);
    const { code } = pool.lastMessage();
    for (let i = 0; i < 20; i++) await expectError(confirm('busy', wrong(code)), ...MISMATCH);
    await expectError(confirm('busy', code), ...LIMIT);
    clock.advance(HOUR + MINUTE);
    await forgot('busy');
    await confirm('busy', pool.lastMessage().code);
  });

  it('want the hash of a client with a secret', async () => {
    await pool.user('hashed', MAIL('hashed'));
    const client = await pool.client({ GenerateSecret: true });
    for (const call of [forgot('hashed', client), confirm('hashed', '123456', client)]) {
      await expectError(
        call,
        'NotAuthorizedException',
        `Client ${client.clientId} is configured for secret but secret was not received`,
      );
    }
    for (const call of [
      forgot('hashed', client, { SecretHash: 'x' }),
      confirm('hashed', '123456', client, { SecretHash: 'x' }),
    ]) {
      await expectError(
        call,
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${client.clientId}`,
      );
    }
    const SecretHash = secretHashOf(client.clientSecret as string, 'hashed', client.clientId);
    await forgot('hashed', client, { SecretHash });
    await confirm('hashed', pool.lastMessage().code, client, { SecretHash });
  });
});

describe('PreventUserExistenceErrors ENABLED', () => {
  it('answers alike for users who are not there, disabled or out of reach; nothing is sent', async () => {
    const hiding = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });
    await pool.user('off', MAIL('off'));
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'off' });
    await pool.user('silent', { email: 'silent@example.com' });
    const before = pool.messages().length;
    for (const name of ['ghost', 'off', 'silent']) {
      await expectError(confirm(name, '123456', hiding), ...EXPIRED);
      const { CodeDeliveryDetails } = await forgot(name, hiding);
      expect(CodeDeliveryDetails).toEqual({
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: expect.stringMatching(/^[a-z]\*{3}@[a-z]\*{3}$/),
      });
      expect((await forgot(name, hiding)).CodeDeliveryDetails).toEqual(CodeDeliveryDetails);
      await expectError(confirm(name, 'abcdef', hiding), ...MISMATCH);
    }
    expect(pool.messages()).toHaveLength(before);
  });
});

describe('a code for a new password is dropped', () => {
  const verified = (name: string, email: string, flag = 'true') =>
    sdk.adminUpdateUserAttributes({
      UserPoolId: pool.id,
      Username: name,
      UserAttributes: list({ email, email_verified: flag }),
    });
  const asked = async (name: string) => {
    await pool.user(name, MAIL(name));
    await forgot(name);
    return pool.lastMessage().code;
  };

  it('with the address that it went to, even when that comes back', async () => {
    const code = await asked('moved');
    await verified('moved', 'elsewhere@example.com');
    await expectError(confirm('moved', code), ...EXPIRED);
    await verified('moved', 'moved@example.com');
    await expectError(confirm('moved', code), ...EXPIRED);
    await forgot('moved');
    await confirm('moved', pool.lastMessage().code);
    await pool.signIn('moved', NEW);
  });

  it('when the address is not a proven one any more, or is deleted', async () => {
    const code = await asked('doubted');
    await verified('doubted', 'doubted@example.com', 'false');
    await expectError(confirm('doubted', code), ...EXPIRED);
    const other = await asked('gone');
    await sdk.adminDeleteUserAttributes({
      UserPoolId: pool.id,
      Username: 'gone',
      UserAttributeNames: ['email'],
    });
    await expectError(confirm('gone', other), ...EXPIRED);
  });

  it('when the user changes the address, at once or once it is proven', async () => {
    const code = await asked('self');
    const { AccessToken } = await pool.tokens('self');
    await sdk.updateUserAttributes({ AccessToken, UserAttributes: list({ email: 'self2@example.com' }) });
    await expectError(confirm('self', code), ...EXPIRED);

    const keeping = await TestPool.create(server, {
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    });
    await keeping.user('kim', MAIL('kim'));
    const kim = await keeping.tokens('kim');
    await forgot('kim', keeping);
    const old = keeping.lastMessage().code;
    await sdk.updateUserAttributes({
      AccessToken: kim.AccessToken,
      UserAttributes: list({ email: 'kim2@example.com' }),
    });
    await sdk.verifyUserAttribute({
      AccessToken: kim.AccessToken,
      AttributeName: 'email',
      Code: keeping.lastMessage().code,
    });
    await expectError(confirm('kim', old, keeping), ...EXPIRED);
  });

  it('with a password that is set in another way', async () => {
    const code = await asked('set');
    await sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'set',
      Password: 'Chosen-pw-1',
      Permanent: true,
    });
    await expectError(confirm('set', code), ...EXPIRED);
    const other = await asked('changed');
    const { AccessToken } = await pool.tokens('changed');
    await sdk.changePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: 'Chosen-pw-1' });
    await expectError(confirm('changed', other), ...EXPIRED);
    await pool.signIn('changed', 'Chosen-pw-1');
  });

  it('by nothing that leaves the address as it is', async () => {
    const code = await asked('same');
    await sdk.adminUpdateUserAttributes({
      UserPoolId: pool.id,
      Username: 'same',
      UserAttributes: list({ name: 'Same', email: 'same@example.com' }),
    });
    await confirm('same', code);
    await pool.signIn('same', NEW);
  });
});
