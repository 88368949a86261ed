import { describe, expect, it } from 'vitest';
import type { CustomMessageTriggerEvent } from '../../src/triggers/custom-message.js';
import type {
  CustomEmailSenderTriggerEvent,
  CustomSMSSenderTriggerEvent,
} from '../../src/triggers/custom-sender.js';
import { expectError, list, PASSWORD, TestPool } from '../operations/support.js';
import { copyOf, serveWithTriggers } from './support.js';

const server = await serveWithTriggers();
const { triggers, sdk } = server;
const SMS = {
  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' },
};
const pool = await TestPool.create(server, {
  AutoVerifiedAttributes: ['email', 'phone_number'],
  ...SMS,
  EmailConfiguration: {
    EmailSendingAccount: 'DEVELOPER',
    SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
  },
});

function signUp(username: string, attributes: Record<string, string>, on = pool) {
  return sdk.signUp({
    ClientId: on.clientId,
    Username: username,
    Password: PASSWORD,
    UserAttributes: list(attributes),
    ClientMetadata: { lang: 'de' },
  });
}

function remember(): CustomMessageTriggerEvent[] {
  const events: CustomMessageTriggerEvent[] = [];
  triggers.customMessage = (event) => {
    events.push(copyOf(event));
    return event;
  };
  return events;
}

describe('CustomMessage', () => {
  it('gets the event of AWS', async () => {
    const events = remember();
    const { UserSub } = await signUp('seen', { email: 'seen@example.com' });
    expect(events).toEqual([
      {
        version: '1',
        region: 'us-east-1',
        userPoolId: pool.id,
        triggerSource: 'CustomMessage_SignUp',
        userName: 'seen',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
        request: {
          userAttributes: {
            sub: UserSub,
            email: 'seen@example.com',
            email_verified: 'false',
            'cognito:user_status': 'UNCONFIRMED',
          },
          codeParameter: '{####}',
          linkParameter: '{##Click Here##}',
          usernameParameter: null,
          clientMetadata: { lang: 'de' },
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
    ]);
    expect(pool.lastMessage().body).toBe(`Your confirmation code is ${pool.lastMessage().code}`);
  });

  it('says what an e-mail says, with the code where its parameter stands', async () => {
    triggers.customMessage = (event) => {
      event.response.emailSubject = `Willkommen, ${event.userName}`;
      event.response.emailMessage = `Code: ${event.request.codeParameter}!`;
      event.response.smsMessage = 'never looked at {####}';
      return event;
    };
    await signUp('written', { email: 'written@example.com' });
    const { subject, body, code } = pool.lastMessage();
    expect({ subject, body }).toEqual({ subject: 'Willkommen, written', body: `Code: ${code}!` });
    expect(code).toMatch(/^\d{6}$/);
  });

  it('says what an SMS says, and leaves out what it does not', async () => {
    triggers.customMessage = (event) => {
      event.response.smsMessage = `${event.request.codeParameter} is it`;
      event.response.emailSubject = 'of no SMS';
      return event;
    };
    await signUp('texted', { phone_number: '+15550101' });
    const message = pool.lastMessage();
    expect(message.body).toBe(`${message.code} is it`);
    expect(message.subject).toBeUndefined();
  });

  it('writes invitations, which must have the username, too', async () => {
    triggers.customMessage = (event) => {
      event.response.emailMessage = `${event.request.usernameParameter} / ${event.request.codeParameter}`;
      return event;
    };
    const invite = (Username: string) =>
      sdk.adminCreateUser({
        UserPoolId: pool.id,
        Username,
        TemporaryPassword: PASSWORD,
        UserAttributes: list({ email: `${Username}@example.com` }),
        DesiredDeliveryMediums: ['EMAIL'],
        ClientMetadata: { by: 'admin' },
      });
    await invite('guest');
    expect(pool.lastMessage()).toMatchObject({
      trigger: 'CustomMessage_AdminCreateUser',
      subject: 'Your temporary password',
      body: `guest / ${PASSWORD}`,
    });
    triggers.customMessage = (event) => {
      event.response.emailMessage = `only ${event.request.codeParameter}`;
      return event;
    };
    await expectError(
      invite('nameless'),
      'InvalidLambdaResponseException',
      'CustomMessage returned an invalid message: the text must contain {username}.',
    );
    expect((await pool.get('nameless')).UserStatus).toBe('FORCE_CHANGE_PASSWORD');
  });

  it('is asked with the source of each message', async () => {
    await pool.user('many', { email: 'many@example.com', email_verified: 'true' });
    await signUp('again', { email: 'again@example.com' });
    const events = remember();
    const metadata = { ClientMetadata: { n: '1' } };
    await sdk.resendConfirmationCode({ ClientId: pool.clientId, Username: 'again', ...metadata });
    await sdk.forgotPassword({ ClientId: pool.clientId, Username: 'many', ...metadata });
    const { AccessToken } = await pool.tokens('many');
    await sdk.getUserAttributeVerificationCode({ AccessToken, AttributeName: 'email', ...metadata });
    await sdk.updateUserAttributes({
      AccessToken,
      UserAttributes: list({ email: 'more@example.com' }),
      ...metadata,
    });
    await sdk.adminUpdateUserAttributes({
      UserPoolId: pool.id,
      Username: 'many',
      UserAttributes: list({ email: 'most@example.com' }),
      ...metadata,
    });
    expect(events.map(({ triggerSource, userName }) => [triggerSource, userName])).toEqual([
      ['CustomMessage_ResendCode', 'again'],
      ['CustomMessage_ForgotPassword', 'many'],
      ['CustomMessage_VerifyUserAttribute', 'many'],
      ['CustomMessage_UpdateUserAttribute', 'many'],
      ['CustomMessage_UpdateUserAttribute', 'many'],
    ]);
    expect(events.map(({ callerContext }) => callerContext.clientId)).toEqual([
      ...Array.from({ length: 4 }, () => pool.clientId),
      'CLIENT_ID_NOT_APPLICABLE',
    ]);
    expect(events.map(({ request }) => request.clientMetadata)).toEqual(
      Array.from({ length: 5 }, () => ({ n: '1' })),
    );
  });

  it('writes codes of sign-in', async () => {
    const withMfa = await TestPool.create(server, SMS);
    await sdk.setUserPoolMfaConfig({
      UserPoolId: withMfa.id,
      MfaConfiguration: 'ON',
      SmsMfaConfiguration: { ...SMS, SmsAuthenticationMessage: 'Code {####}' },
    });
    await withMfa.user('second', { phone_number: '+15550102', phone_number_verified: 'true' });
    const events = remember();
    const { ChallengeName } = await withMfa.signIn('second');
    expect(ChallengeName).toBe('SMS_MFA');
    expect(events.map(({ triggerSource }) => triggerSource)).toEqual(['CustomMessage_Authentication']);
  });

  it.each([
    ['without the code', 'emailMessage', 'no code', 'the text must contain {####}'],
    [
      'with too long an SMS',
      'smsMessage',
      `{####}${'x'.repeat(140)}`,
      'smsMessage may have 140 characters at most',
    ],
    [
      'with too long a subject',
      'emailSubject',
      'x'.repeat(141),
      'emailSubject may have 140 characters at most',
    ],
  ] as const)('is refused %s; the user is there, nothing is sent', async (_, member, text, reason) => {
    triggers.customMessage = (event) => {
      event.response[member] = text;
      return event;
    };
    const before = pool.messages().length;
    const username = `refused-${member}`;
    await expectError(
      signUp(username, { email: `${username}@example.com` }),
      'InvalidLambdaResponseException',
      `CustomMessage returned an invalid message: ${reason}.`,
    );
    expect(pool.messages()).toHaveLength(before);
    expect((await pool.get(username)).UserStatus).toBe('UNCONFIRMED');
  });

  it('may not change e-mail of a pool that sends by the default account', async () => {
    const plain = await TestPool.create(server, { AutoVerifiedAttributes: ['email'] });
    triggers.customMessage = (event) => {
      event.response.emailMessage = 'Code {####}';
      return event;
    };
    await expectError(
      signUp('plain', { email: 'plain@example.com' }, plain),
      'InvalidLambdaResponseException',
      'CustomMessage returned emailMessage or emailSubject: they need EmailSendingAccount DEVELOPER in the EmailConfiguration of the user pool.',
    );
  });

  it('fails the call by its error', async () => {
    triggers.customMessage = () => {
      throw new Error('no template');
    };
    await expectError(
      signUp('failed', { email: 'failed@example.com' }),
      'UserLambdaValidationException',
      'CustomMessage failed with error no template.',
    );
  });
});

describe('CustomEmailSender and CustomSMSSender', () => {
  it('get the code in clear, and CustomMessage is not asked', async () => {
    const events: (CustomEmailSenderTriggerEvent | CustomSMSSenderTriggerEvent)[] = [];
    triggers.customEmailSender = (event) => events.push(copyOf(event));
    triggers.customSMSSender = (event) => events.push(copyOf(event));
    const asked = remember();
    await signUp('mailed', { email: 'mailed@example.com' });
    const mailed = pool.lastMessage().code;
    await signUp('phoned', { phone_number: '+15550103' });
    const phoned = pool.lastMessage().code;
    expect(asked).toEqual([]);
    expect(events).toMatchObject([
      {
        version: '1',
        triggerSource: 'CustomEmailSender_SignUp',
        userName: 'mailed',
        request: {
          type: 'customEmailSenderRequestV1',
          code: mailed,
          userAttributes: { email: 'mailed@example.com', 'cognito:user_status': 'UNCONFIRMED' },
          clientMetadata: { lang: 'de' },
        },
      },
      {
        triggerSource: 'CustomSMSSender_SignUp',
        userName: 'phoned',
        request: { type: 'customSMSSenderRequestV1', code: phoned },
      },
    ]);
  });

  it('are not waited for, and fail for the log alone', async () => {
    let fail = (_: Error) => {};
    triggers.customEmailSender = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    await signUp('unsent', { email: 'unsent@example.com' });
    expect(server.warnings).toEqual([]);
    fail(new Error('SMTP is down'));
    await expect
      .poll(() => server.warnings)
      .toEqual([expect.stringContaining(`CustomEmailSender of the pool ${pool.id} failed`)]);
    expect(server.warnings[0]).toContain('SMTP is down');
  });
});
