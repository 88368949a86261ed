import { describe, expect, it } from 'vitest';
import type { UserMigrationTriggerEvent } from '../../src/triggers/user-migration.js';
import { expectError, PASSWORD, record, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk } = server;
const pool = await TestPool.create(server, { AliasAttributes: ['email'] });
const hiding = await pool.client({ PreventUserExistenceErrors: 'ENABLED' });

type Response = UserMigrationTriggerEvent['response'];

/** Answers for a name that the old directory knows, with the password that it knows. */
function migrate(response: Response): UserMigrationTriggerEvent[] {
  const events: UserMigrationTriggerEvent[] = [];
  triggers.userMigration = (event) => {
    events.push(copyOf(event));
    if (event.request.password !== undefined && event.request.password !== PASSWORD) {
      throw new Error('Bad password');
    }
    Object.assign(event.response, response);
    return event;
  };
  return events;
}

const QUIET = { finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' } as const;

describe('UserMigration at sign-in', () => {
  it('gets the event of AWS, and the user is there from then on', async () => {
    const events = migrate({
      ...QUIET,
      userAttributes: { email: 'old@example.com', email_verified: 'true' },
    });
    const { AuthenticationResult } = await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'old', PASSWORD },
      ClientMetadata: { from: 'web' },
    });
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    expect(events).toEqual([
      {
        version: '1',
        region: 'us-east-1',
        userPoolId: pool.id,
        triggerSource: 'UserMigration_Authentication',
        userName: 'old',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
        request: { password: PASSWORD, validationData: { from: 'web' } },
        response: {},
      },
    ]);
    // By name and by alias, without the function.
    await pool.signIn('old');
    await pool.signIn('old@example.com');
    expect(events).toHaveLength(1);
    expect(record((await pool.get('old')).UserAttributes)).toMatchObject({ email: 'old@example.com' });
    await expectError(
      pool.signIn('old', 'wrong'),
      'NotAuthorizedException',
      'Incorrect username or password.',
    );
  });

  it('takes a password that breaks the policy', async () => {
    triggers.userMigration = (event) => {
      event.response = { ...QUIET, userAttributes: {} };
      return event;
    };
    expect((await pool.signIn('weak', 'abc')).AuthenticationResult).toBeDefined();
    expect((await pool.signIn('weak', 'abc')).AuthenticationResult).toBeDefined();
  });

  it('asks for a reset without finalUserStatus CONFIRMED', async () => {
    migrate({ messageAction: 'SUPPRESS', userAttributes: {} });
    await expectError(
      pool.signIn('stale'),
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
    expect((await pool.get('stale')).UserStatus).toBe('RESET_REQUIRED');
  });

  it('fails by its error, and creates nobody', async () => {
    migrate({ ...QUIET, userAttributes: {} });
    await expectError(
      pool.signIn('someone', 'wrong'),
      'UserLambdaValidationException',
      'UserMigration failed with error Bad password.',
    );
    await expectError(pool.get('someone'), 'UserNotFoundException', 'User does not exist.');
  });

  it('knows nobody when it sets no attributes', async () => {
    migrate({});
    await expectError(pool.signIn('nobody'), 'UserNotFoundException', 'User does not exist.');
    await expectError(hiding.signIn('nobody'), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('may give the user another name than the one typed', async () => {
    migrate({
      ...QUIET,
      userAttributes: { username: 'real', email: 'typed@example.com', email_verified: 'true' },
    });
    expect((await pool.signIn('typed@example.com')).AuthenticationResult).toBeDefined();
    expect((await pool.get('typed@example.com')).Username).toBe('real');
  });

  it('fails when what it describes is no user of the pool', async () => {
    migrate({ ...QUIET, userAttributes: { 'custom:unknown': 'x' } });
    await expectError(
      pool.signIn('odd'),
      'UserNotFoundException',
      `Exception migrating user in app client ${pool.clientId}`,
    );
  });

  it('moves an alias only with forceAliasCreation', async () => {
    await pool.user('owner', { email: 'shared@example.com', email_verified: 'true' });
    const userAttributes = { email: 'shared@example.com', email_verified: 'true' };
    migrate({ ...QUIET, userAttributes });
    await expectError(
      pool.signIn('claimer'),
      'UserNotFoundException',
      `Exception migrating user in app client ${pool.clientId}`,
    );
    migrate({ ...QUIET, userAttributes, forceAliasCreation: true });
    await pool.signIn('claimer');
    expect((await pool.get('shared@example.com')).Username).toBe('claimer');
    expect(record((await pool.get('owner')).UserAttributes)['email_verified']).toBe('false');
  });

  it('sends a welcome by SMS unless told otherwise, without the password', async () => {
    const userAttributes = { phone_number: '+15550104', email: 'welcome@example.com' };
    migrate({ finalUserStatus: 'CONFIRMED', userAttributes });
    await pool.signIn('welcome');
    expect(pool.lastMessage()).toMatchObject({
      username: 'welcome',
      medium: 'SMS',
      trigger: 'CustomMessage_AdminCreateUser',
      body: 'Your username is welcome and temporary password is ********.',
    });
    migrate({ finalUserStatus: 'CONFIRMED', userAttributes, desiredDeliveryMediums: ['EMAIL'] });
    await pool.signIn('welcome-2');
    expect(pool.lastMessage()).toMatchObject({ username: 'welcome-2', medium: 'EMAIL' });
    expect(JSON.stringify(pool.messages())).not.toContain(PASSWORD);
  });

  it('passes the ClientMetadata of the sign-in on to no message', async () => {
    migrate({ finalUserStatus: 'CONFIRMED', userAttributes: { phone_number: '+15550107' } });
    const asked: unknown[] = [];
    triggers.customMessage = (event) => {
      asked.push([event.triggerSource, event.callerContext.clientId, event.request.clientMetadata]);
      return event;
    };
    await sdk.initiateAuth({
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'quiet', PASSWORD },
      ClientMetadata: { not: 'shown' },
    });
    expect(asked).toEqual([['CustomMessage_AdminCreateUser', pool.clientId, undefined]]);
  });

  it('switches SMS as a second factor on', async () => {
    migrate({ ...QUIET, userAttributes: { phone_number: '+15550105' }, enableSMSMFA: true });
    await pool.signIn('factor');
    expect((await pool.get('factor')).UserMFASettingList).toEqual(['SMS_MFA']);
  });

  it('and PreAuthentication both run, of the user who was migrated', async () => {
    migrate({ ...QUIET, userAttributes: { email: 'both@example.com' } });
    const seen: unknown[] = [];
    triggers.preAuthentication = (event) => {
      seen.push([event.userName, event.request.userNotFound, event.request.userAttributes['email']]);
      return event;
    };
    await pool.signIn('both');
    expect(seen).toEqual([['both', false, 'both@example.com']]);
  });

  it('works for administrators, and not in SRP', async () => {
    const events = migrate({ ...QUIET, userAttributes: {} });
    await sdk.adminInitiateAuth({
      UserPoolId: pool.id,
      ClientId: pool.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'by-admin', PASSWORD },
    });
    expect(events).toHaveLength(1);
    const srp = await pool.client({
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const call = sdk.initiateAuth({
      ClientId: srp.clientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'by-srp', SRP_A: 'abc' },
    });
    await expectError(call, 'UserNotFoundException', 'User does not exist.');
    expect(events).toHaveLength(1);
  });

  it('runs once for a name that is locked out after wrong passwords', async () => {
    const events = migrate({});
    for (let tries = 0; tries < 5; tries++) {
      await expectError(
        hiding.signIn('guessed'),
        'NotAuthorizedException',
        'Incorrect username or password.',
      );
    }
    await expectError(hiding.signIn('guessed'), 'NotAuthorizedException', 'Password attempts exceeded');
    expect(events).toHaveLength(5);
  });
});

describe('UserMigration at ForgotPassword', () => {
  it('creates the user, who sets a password with the code', async () => {
    const events = migrate({
      messageAction: 'SUPPRESS',
      userAttributes: { email: 'lost@example.com', email_verified: 'true' },
    });
    const { CodeDeliveryDetails } = await sdk.forgotPassword({
      ClientId: pool.clientId,
      Username: 'lost',
      ClientMetadata: { way: 'mail' },
    });
    expect(CodeDeliveryDetails?.Destination).toBe('l***@e***');
    expect(events).toMatchObject([
      {
        triggerSource: 'UserMigration_ForgotPassword',
        userName: 'lost',
        request: { clientMetadata: { way: 'mail' } },
      },
    ]);
    expect(events[0]?.request).not.toHaveProperty('password');
    await sdk.confirmForgotPassword({
      ClientId: pool.clientId,
      Username: 'lost',
      ConfirmationCode: pool.lastMessage().code,
      Password: 'Another-1-Password',
    });
    expect((await pool.signIn('lost', 'Another-1-Password')).AuthenticationResult).toBeDefined();
  });

  it('knows nobody when it sets no attributes', async () => {
    migrate({});
    await expectError(
      sdk.forgotPassword({ ClientId: pool.clientId, Username: 'nobody' }),
      'UserNotFoundException',
      'Username/client id combination not found.',
    );
  });
});
