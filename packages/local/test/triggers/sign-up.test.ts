import { describe, expect, it } from 'vitest';
import type { PostConfirmationTriggerEvent } from '../../src/triggers/post-confirmation.js';
import type { PreSignUpTriggerEvent } from '../../src/triggers/pre-sign-up.js';
import { expectError, list, PASSWORD, record, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk } = server;
const pool = await TestPool.create(server, {
  AliasAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
});

function signUp(username: string, more: Partial<Parameters<typeof sdk.signUp>[0]> = {}) {
  return sdk.signUp({ ClientId: pool.clientId, Username: username, Password: PASSWORD, ...more });
}

describe('PreSignUp at SignUp', () => {
  it('gets the event of AWS', async () => {
    const events: PreSignUpTriggerEvent[] = [];
    triggers.preSignUp = (event) => {
      events.push(copyOf(event));
      return event;
    };
    await signUp('seen', {
      UserAttributes: list({ email: 'seen@example.com' }),
      ValidationData: list({ captcha: 'c' }),
      ClientMetadata: { tenant: 't' },
    });
    expect(events).toEqual([
      {
        version: '1',
        region: 'us-east-1',
        userPoolId: pool.id,
        triggerSource: 'PreSignUp_SignUp',
        userName: 'seen',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
        request: {
          userAttributes: { email: 'seen@example.com' },
          validationData: { captcha: 'c' },
          clientMetadata: { tenant: 't' },
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
    ]);
  });

  it('leaves the user as without it when it answers nothing', async () => {
    triggers.preSignUp = (event) => event;
    const answer = await signUp('usual', { UserAttributes: list({ email: 'usual@example.com' }) });
    expect(answer.UserConfirmed).toBe(false);
    expect(answer.CodeDeliveryDetails?.AttributeName).toBe('email');
    expect((await pool.get('usual')).UserStatus).toBe('UNCONFIRMED');
  });

  it('confirms the user, to whom no code is sent, and PostConfirmation hears of it', async () => {
    triggers.preSignUp = (event) => {
      event.response.autoConfirmUser = true;
      return event;
    };
    const confirmed: PostConfirmationTriggerEvent[] = [];
    triggers.postConfirmation = async (event) => {
      confirmed.push(copyOf(event));
      return event;
    };
    const before = pool.messages().length;
    const answer = await signUp('auto', {
      UserAttributes: list({ email: 'auto@example.com' }),
      ClientMetadata: { from: 'web' },
    });
    expect(answer.UserConfirmed).toBe(true);
    expect(answer.CodeDeliveryDetails).toBeUndefined();
    expect(pool.messages()).toHaveLength(before);
    expect((await pool.signIn('auto')).AuthenticationResult).toBeDefined();
    expect(confirmed).toHaveLength(1);
    expect(confirmed[0]).toMatchObject({
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      userName: 'auto',
      callerContext: { clientId: pool.clientId },
      request: {
        userAttributes: {
          sub: answer.UserSub,
          email: 'auto@example.com',
          email_verified: 'false',
          'cognito:user_status': 'CONFIRMED',
        },
        clientMetadata: { from: 'web' },
      },
    });
  });

  it('verifies the address, which moves as an alias to the new user', async () => {
    await pool.user('former', { email: 'moved@example.com', email_verified: 'true' });
    triggers.preSignUp = (event) => {
      event.response.autoConfirmUser = true;
      event.response.autoVerifyEmail = true;
      return event;
    };
    await signUp('latter', { UserAttributes: list({ email: 'moved@example.com' }) });
    const latter = await pool.get('moved@example.com');
    expect(latter.Username).toBe('latter');
    expect(record(latter.UserAttributes)).toMatchObject({ email_verified: 'true' });
    expect(record((await pool.get('former')).UserAttributes)).toMatchObject({ email_verified: 'false' });
  });

  it('verifies a phone number', async () => {
    triggers.preSignUp = (event) => {
      event.response.autoVerifyPhone = true;
      return event;
    };
    await signUp('caller', { UserAttributes: list({ phone_number: '+15550100' }) });
    expect(record((await pool.get('caller')).UserAttributes)).toMatchObject({
      phone_number_verified: 'true',
    });
  });

  it('may not vouch for an address that is not there', async () => {
    triggers.preSignUp = (event) => {
      event.response.autoVerifyEmail = true;
      return event;
    };
    await expectError(
      signUp('without'),
      'InvalidLambdaResponseException',
      'PreSignUp asked to verify the email of a user who has none.',
    );
    await expectError(pool.get('without'), 'UserNotFoundException', 'User does not exist.');
  });

  it('refuses a user by its error', async () => {
    triggers.preSignUp = () => {
      throw new Error('Not from this domain');
    };
    await expectError(
      signUp('refused'),
      'UserLambdaValidationException',
      'PreSignUp failed with error Not from this domain.',
    );
    await expectError(pool.get('refused'), 'UserNotFoundException', 'User does not exist.');
  });

  it('is asked after the password policy and before the username is looked up', async () => {
    let asked = 0;
    triggers.preSignUp = (event) => {
      asked++;
      return event;
    };
    await expectError(
      sdk.signUp({ ClientId: pool.clientId, Username: 'seen', Password: 'short' }),
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
    );
    expect(asked).toBe(0);
    await expectError(signUp('seen'), 'UsernameExistsException', 'User already exists');
    expect(asked).toBe(1);
  });

  it('shows the name that the user will have in a pool of e-mail addresses', async () => {
    const byEmail = await TestPool.create(server, { UsernameAttributes: ['email'] });
    let shown: PreSignUpTriggerEvent | undefined;
    triggers.preSignUp = (event) => {
      shown = copyOf(event);
      return event;
    };
    const answer = await sdk.signUp({
      ClientId: byEmail.clientId,
      Username: 'eve@example.com',
      Password: PASSWORD,
    });
    expect(shown?.userName).toBe(answer.UserSub);
    expect(shown?.request.userAttributes).toEqual({ email: 'eve@example.com' });
  });

  it('runs outside of any transaction: it may call the server itself', async () => {
    triggers.preSignUp = async (event) => {
      await sdk.createGroup({ UserPoolId: pool.id, GroupName: event.userName });
      return event;
    };
    await signUp('maker');
    const { Group } = await sdk.getGroup({ UserPoolId: pool.id, GroupName: 'maker' });
    expect(Group?.GroupName).toBe('maker');
  });

  it('may take the name away itself', async () => {
    triggers.preSignUp = async (event) => {
      delete triggers.preSignUp;
      await signUp('twice');
      return event;
    };
    await expectError(signUp('twice'), 'UsernameExistsException', 'User already exists');
  });

  it('finds that the client was deleted while it ran', async () => {
    const brief = await pool.client();
    triggers.preSignUp = async (event) => {
      await sdk.deleteUserPoolClient({ UserPoolId: pool.id, ClientId: brief.clientId });
      return event;
    };
    await expectError(
      sdk.signUp({ ClientId: brief.clientId, Username: 'late', Password: PASSWORD }),
      'ResourceNotFoundException',
      `User pool client ${brief.clientId} does not exist.`,
    );
  });
});

describe('PreSignUp at AdminCreateUser', () => {
  it('is asked, and its answer ignored', async () => {
    const events: PreSignUpTriggerEvent[] = [];
    triggers.preSignUp = (event) => {
      events.push(copyOf(event));
      event.response.autoConfirmUser = true;
      event.response.autoVerifyEmail = true;
      return event;
    };
    const { User } = await sdk.adminCreateUser({
      UserPoolId: pool.id,
      Username: 'invited',
      UserAttributes: list({ email: 'invited@example.com' }),
      ValidationData: list({ why: 'new' }),
      ClientMetadata: { by: 'admin' },
    });
    expect(User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect(record(User?.Attributes)).not.toHaveProperty('email_verified');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      triggerSource: 'PreSignUp_AdminCreateUser',
      userName: 'invited',
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: {
        userAttributes: { email: 'invited@example.com' },
        validationData: { why: 'new' },
        clientMetadata: { by: 'admin' },
      },
    });
  });

  it('refuses a user by its error', async () => {
    triggers.preSignUp = () => {
      throw new Error('No more seats');
    };
    await expectError(
      sdk.adminCreateUser({ UserPoolId: pool.id, Username: 'seatless' }),
      'UserLambdaValidationException',
      'PreSignUp failed with error No more seats.',
    );
    await expectError(pool.get('seatless'), 'UserNotFoundException', 'User does not exist.');
  });
});

describe('PostConfirmation', () => {
  async function unconfirmed(username: string): Promise<string> {
    await signUp(username, { UserAttributes: list({ email: `${username}@example.com` }) });
    return pool.lastMessage().code;
  }

  function remember(): PostConfirmationTriggerEvent[] {
    const events: PostConfirmationTriggerEvent[] = [];
    triggers.postConfirmation = (event) => {
      events.push(copyOf(event));
      return event;
    };
    return events;
  }

  it('is told after ConfirmSignUp', async () => {
    const code = await unconfirmed('confirmed');
    const events = remember();
    await sdk.confirmSignUp({
      ClientId: pool.clientId,
      Username: 'confirmed',
      ConfirmationCode: code,
      ClientMetadata: { step: '2' },
    });
    expect(events).toMatchObject([
      {
        triggerSource: 'PostConfirmation_ConfirmSignUp',
        userName: 'confirmed',
        request: {
          userAttributes: { email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
          clientMetadata: { step: '2' },
        },
        response: {},
      },
    ]);
  });

  it('fails the call and leaves the user confirmed', async () => {
    const code = await unconfirmed('half');
    triggers.postConfirmation = () => {
      throw new Error('Database is down');
    };
    await expectError(
      sdk.confirmSignUp({ ClientId: pool.clientId, Username: 'half', ConfirmationCode: code }),
      'UserLambdaValidationException',
      'PostConfirmation failed with error Database is down.',
    );
    expect((await pool.get('half')).UserStatus).toBe('CONFIRMED');
  });

  it('is told after AdminConfirmSignUp', async () => {
    await unconfirmed('by-admin');
    const events = remember();
    await sdk.adminConfirmSignUp({
      UserPoolId: pool.id,
      Username: 'by-admin',
      ClientMetadata: { by: 'admin' },
    });
    expect(events).toMatchObject([
      {
        triggerSource: 'PostConfirmation_ConfirmSignUp',
        callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        request: { clientMetadata: { by: 'admin' } },
      },
    ]);
  });

  it('is told after ConfirmForgotPassword', async () => {
    await pool.user('forgetful', { email: 'forgetful@example.com', email_verified: 'true' });
    await sdk.forgotPassword({ ClientId: pool.clientId, Username: 'forgetful' });
    const events = remember();
    await sdk.confirmForgotPassword({
      ClientId: pool.clientId,
      Username: 'forgetful',
      ConfirmationCode: pool.lastMessage().code,
      Password: 'Another-1-Password',
      ClientMetadata: { way: 'mail' },
    });
    expect(events).toMatchObject([
      {
        triggerSource: 'PostConfirmation_ConfirmForgotPassword',
        userName: 'forgetful',
        request: { clientMetadata: { way: 'mail' } },
      },
    ]);
  });
});
