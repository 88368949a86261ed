import { describe, expect } from 'vitest';
import type { UserAttributes } from '../../src/index.js';
import { PASSWORD } from '../support/cognito.js';
import { serve } from '../support/served.js';
import { type Made, type PoolSettings, settingsOn } from '../support/settings.js';

/* What the settings of CreateUserPool and UpdateUserPool have a pool write to its users. */

const server = await serve();
const { test } = server;
const { poolWays } = await settingsOn(server);

const username = 'ada';
const password = PASSWORD;
const email = 'ada@example.com';
const phone_number = '+15550001234';

const common = {
  autoVerifiedAttributes: ['email', 'phone_number'],
  smsConfiguration: { snsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
  mfaConfiguration: 'OPTIONAL',
} satisfies PoolSettings;

describe.each(poolWays)('%s', (operation, way) => {
  /** What is sent to a user, which is one message: the code in it is `#`. */
  const sent = async (made: Made, of: string, send: () => Promise<unknown>) => {
    const before = server.messages(made.userPoolId, of).length;
    await send();
    const [message, ...more] = server.messages(made.userPoolId, of).slice(before);
    expect(more).toEqual([]);
    const { medium, subject, body = '', code = '' } = message ?? {};
    return { medium, subject, body: body.replace(code, '#') };
  };
  const signUp = ({ auth }: Made, of: string, userAttributes: UserAttributes) =>
    auth.signUp({ username: of, password, userAttributes });

  test(`${operation} embedded`, 'messages of their own', async () => {
    const made = await way({
      ...common,
      emailVerificationMessage: 'Type {####} in',
      emailVerificationSubject: 'Is it you?',
      smsVerificationMessage: 'Your number: {####}',
      smsAuthenticationMessage: 'In with {####}',
      adminCreateUserConfig: {
        inviteMessageTemplate: {
          emailMessage: '{username}: {####}',
          emailSubject: 'Come in',
          smsMessage: 'SMS, {username}: {####}',
        },
      },
    });
    expect(await sent(made, 'bob', () => signUp(made, 'bob', { email }))).toEqual({
      medium: 'EMAIL',
      subject: 'Is it you?',
      body: 'Type # in',
    });
    expect(await sent(made, 'cleo', () => signUp(made, 'cleo', { phone_number }))).toEqual({
      medium: 'SMS',
      body: 'Your number: #',
    });
    const invite = (of: string, medium: 'EMAIL' | 'SMS') => () =>
      made.users.create({
        username: of,
        userAttributes: { email, phone_number },
        desiredDeliveryMediums: [medium],
      });
    expect(await sent(made, 'dan', invite('dan', 'EMAIL'))).toEqual({
      medium: 'EMAIL',
      subject: 'Come in',
      body: 'dan: #',
    });
    expect(await sent(made, 'eve', invite('eve', 'SMS'))).toEqual({ medium: 'SMS', body: 'SMS, eve: #' });
    await made.user(username, { phone_number, phone_number_verified: true });
    await made.users.setMfaPreference({ username, smsMfaSettings: { enabled: true, preferredMfa: true } });
    expect(await sent(made, username, () => made.auth.signIn({ username, password }))).toEqual({
      medium: 'SMS',
      body: 'In with #',
    });
  });

  test(`${operation} embedded`, 'messages by template, which go before the others', async () => {
    const made = await way({
      ...common,
      emailVerificationMessage: 'Not this one {####}',
      emailVerificationSubject: 'Nor this one',
      smsVerificationMessage: 'Nor this one {####}',
      verificationMessageTemplate: {
        emailMessage: 'Template {####}',
        emailSubject: 'Template?',
        smsMessage: 'SMS by template {####}',
        defaultEmailOption: 'CONFIRM_WITH_CODE',
      },
    });
    expect(await sent(made, 'bob', () => signUp(made, 'bob', { email }))).toEqual({
      medium: 'EMAIL',
      subject: 'Template?',
      body: 'Template #',
    });
    expect(await sent(made, 'cleo', () => signUp(made, 'cleo', { phone_number }))).toEqual({
      medium: 'SMS',
      body: 'SMS by template #',
    });
  });
});
