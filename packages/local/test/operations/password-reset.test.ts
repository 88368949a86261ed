import { beforeAll, describe, expect, it } from 'vitest';
import { serveWithTriggers } from '../triggers/support.js';
import { expectError, HOUR, PASSWORD, serve, TestPool } from './support.js';

const server = await serve();
const { sdk, clock } = server;
const VERIFIED = { email: 'amy@example.com', email_verified: 'true' };
const NEW = 'Brand-new1';
let pool: TestPool;

beforeAll(async () => {
  pool = await TestPool.create(server, { AutoVerifiedAttributes: ['email'] });
});

const reset = (Username: string, of = pool) => sdk.adminResetUserPassword({ UserPoolId: of.id, Username });
const confirm = (Username: string, ConfirmationCode: string) =>
  sdk.confirmForgotPassword({ ClientId: pool.clientId, Username, ConfirmationCode, Password: NEW });

describe('AdminResetUserPassword', () => {
  it('sends a code, and the old password signs nobody in', async () => {
    await pool.user('amy', VERIFIED);
    const before = await pool.tokens('amy');
    await reset('amy');
    expect((await pool.get('amy')).UserStatus).toBe('RESET_REQUIRED');
    await expectError(
      pool.signIn('amy'),
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
    const message = pool.lastMessage();
    expect(message).toMatchObject({
      destination: 'amy@example.com',
      trigger: 'CustomMessage_ForgotPassword',
    });
    // Who was signed in stays so.
    await sdk.getUser({ AccessToken: before.AccessToken });
    await confirm('amy', message.code);
    expect((await pool.get('amy')).UserStatus).toBe('CONFIRMED');
    await pool.tokens('amy', NEW);
    await expectError(pool.signIn('amy'), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('may be repeated; the newest code counts, for an hour', async () => {
    await pool.user('again', VERIFIED);
    await reset('again');
    const first = pool.lastMessage().code;
    await reset('again');
    const second = pool.lastMessage().code;
    if (first !== second) {
      await expectError(
        confirm('again', first),
        'CodeMismatchException',
        'Invalid verification code provided, please try again.',
      );
    }
    clock.advance(HOUR);
    await expectError(
      confirm('again', second),
      'ExpiredCodeException',
      'Invalid code provided, please request a code again.',
    );
    await sdk.adminSetUserPassword({
      UserPoolId: pool.id,
      Username: 'again',
      Password: PASSWORD,
      Permanent: true,
    });
    await pool.tokens('again');
  });

  it('needs something verified to send the code to', async () => {
    await pool.user('unreachable', { email: 'amy@example.com' });
    await expectError(
      reset('unreachable'),
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
    expect((await pool.get('unreachable')).UserStatus).toBe('CONFIRMED');
  });

  it('is there for administrators where users cannot recover by themselves', async () => {
    const guarded = await TestPool.create(server, {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    });
    await guarded.user('amy', VERIFIED);
    await reset('amy', guarded);
    expect(guarded.lastMessage().destination).toBe('amy@example.com');
  });

  it('refuses users whose state does not allow it', async () => {
    await pool.invited('invited', VERIFIED);
    await sdk.signUp({ ClientId: pool.clientId, Username: 'fresh', Password: PASSWORD });
    for (const name of ['invited', 'fresh']) {
      await expectError(
        reset(name),
        'NotAuthorizedException',
        'User password cannot be reset in the current state.',
      );
    }
    await pool.user('off', VERIFIED);
    await sdk.adminDisableUser({ UserPoolId: pool.id, Username: 'off' });
    await expectError(reset('off'), 'NotAuthorizedException', 'User is disabled.');
    await expectError(reset('nobody'), 'UserNotFoundException', 'User does not exist.');
  });
});

describe('DeleteUser', () => {
  it('deletes who holds the token, for good', async () => {
    await pool.user('gone', { email: 'gone@example.com' });
    await pool.user('stays');
    const { AccessToken, RefreshToken } = await pool.tokens('gone');
    const answer = await sdk.deleteUser({ AccessToken });
    expect(answer.$metadata.httpStatusCode).toBe(200);
    const missing = ['UserNotFoundException', 'User does not exist.'] as const;
    await expectError(pool.get('gone'), ...missing);
    await expectError(sdk.getUser({ AccessToken }), ...missing);
    await expectError(sdk.deleteUser({ AccessToken }), ...missing);
    await expectError(
      pool.refresh(RefreshToken),
      'NotAuthorizedException',
      'The user has been deleted for the associated refresh token',
    );
    await pool.tokens('stays');
  });

  it('leaves the name free, with nothing of the one before', async () => {
    const aliased = await TestPool.create(server, { AliasAttributes: ['email'] });
    await aliased.user('one', VERIFIED);
    const { AccessToken } = await aliased.tokens('amy@example.com');
    await sdk.deleteUser({ AccessToken });
    await aliased.user('one', { email: 'amy@example.com', email_verified: 'true' });
    await expectError(sdk.deleteUser({ AccessToken }), 'NotAuthorizedException', 'Invalid access token.');
  });

  it('takes nothing but an access token that is good', async () => {
    await pool.user('signedout');
    const { AccessToken, IdToken } = await pool.tokens('signedout');
    await expectError(
      sdk.deleteUser({ AccessToken: IdToken }),
      'NotAuthorizedException',
      'Invalid Access Token',
    );
    await sdk.adminUserGlobalSignOut({ UserPoolId: pool.id, Username: 'signedout' });
    await expectError(
      sdk.deleteUser({ AccessToken }),
      'NotAuthorizedException',
      'Access Token has been revoked',
    );
    await pool.get('signedout');
  });
});

describe('the function that words the message', () => {
  it('gets the ClientMetadata of AdminResetUserPassword, and its text goes out', async () => {
    const own = await serveWithTriggers();
    const developer = await TestPool.create(own, {
      AutoVerifiedAttributes: ['email'],
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
      },
    });
    await developer.user('amy', VERIFIED);
    const asked: unknown[] = [];
    own.triggers.customMessage = (event) => {
      asked.push([event.triggerSource, event.callerContext.clientId, event.request.clientMetadata]);
      event.response.emailMessage = `Reset: ${event.request.codeParameter}`;
      return event;
    };
    await own.sdk.adminResetUserPassword({
      UserPoolId: developer.id,
      Username: 'amy',
      ClientMetadata: { by: 'admin' },
    });
    expect(asked).toEqual([['CustomMessage_ForgotPassword', 'CLIENT_ID_NOT_APPLICABLE', { by: 'admin' }]]);
    const message = developer.lastMessage();
    expect(message.body).toBe(`Reset: ${message.code}`);
  });
});
