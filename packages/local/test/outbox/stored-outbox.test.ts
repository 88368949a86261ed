import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../src/outbox/outbox.js';
import { createStoredOutbox, formatMessage } from '../../src/outbox/stored-outbox.js';
import { openStorage } from '../../src/storage/index.js';

const message: OutgoingMessage = {
  userPoolId: 'us-east-1_Abc123',
  username: 'ana',
  destination: 'ana@example.com',
  medium: 'EMAIL',
  trigger: 'CustomMessage_SignUp',
  code: '012345',
  subject: 'Your verification code',
  body: 'Your confirmation code is 012345\nThank you.',
  sentAt: '2026-01-02T03:04:05.000Z',
};

describe('a message', () => {
  it('is printed as one readable block', () => {
    expect(formatMessage(message)).toBe(
      [
        'E-mail to ana@example.com (CustomMessage_SignUp, user ana, pool us-east-1_Abc123)',
        '  Subject: Your verification code',
        '  Your confirmation code is 012345',
        '  Thank you.',
      ].join('\n'),
    );
    const { subject: _, ...sms } = { ...message, medium: 'SMS' as const, destination: '+15550100' };
    expect(formatMessage(sms).split('\n').slice(0, 2)).toEqual([
      'SMS to +15550100 (CustomMessage_SignUp, user ana, pool us-east-1_Abc123)',
      '  Your confirmation code is 012345',
    ]);
  });

  it('cannot steer the terminal, nor pass for another', () => {
    const printed = formatMessage({
      ...message,
      username: 'x\u001b[2J\nSMS to +1',
      destination: 'a\r\u0007\u009b31m@b',
    });
    expect(printed.split('\n')).toHaveLength(4);
    expect(printed.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('is kept before it is printed', () => {
    const storage = openStorage({ memory: true });
    const printed: string[] = [];
    const outbox = createStoredOutbox(storage, {
      info: (text) => {
        expect(storage.messages.list()).toHaveLength(printed.length + 1);
        printed.push(text);
      },
    });
    outbox.deliver(message);
    outbox.deliver({ ...message, username: 'bob' });
    expect(storage.messages.list()).toEqual([message, { ...message, username: 'bob' }]);
    expect(printed).toHaveLength(2);
    storage.close();
  });
});
