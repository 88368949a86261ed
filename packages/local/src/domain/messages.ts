import type { CodeDeliveryDetailsType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import type { MessageTrigger } from '../outbox/outbox.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';

export type Medium = 'EMAIL' | 'SMS';

/** Where a message goes. */
export interface Destination {
  readonly attribute: 'email' | 'phone_number';
  readonly value: string;
}

export function mediumOf({ attribute }: Pick<Destination, 'attribute'>): Medium {
  return attribute === 'email' ? 'EMAIL' : 'SMS';
}

/** `CodeDeliveryDetails`, with the destination masked as AWS does (behaviour.md, B.1). */
export function deliveryDetails(destination: Destination): CodeDeliveryDetailsType {
  return {
    AttributeName: destination.attribute,
    DeliveryMedium: mediumOf(destination),
    Destination: masked(destination),
  };
}

function masked({ attribute, value }: Destination): string {
  if (attribute === 'email') {
    const at = value.lastIndexOf('@');
    return `${value.charAt(0)}***@${value.charAt(at + 1)}***`;
  }
  const digits = value.slice(1);
  return `+${'*'.repeat(Math.max(digits.length - 4, 0))}${digits.slice(-4)}`;
}

interface Template {
  readonly subject?: string;
  readonly body: string;
}

function verificationTemplate({ settings }: UserPoolRecord, medium: Medium): Template {
  const template = settings.VerificationMessageTemplate;
  if (medium === 'SMS') {
    return {
      body: template?.SmsMessage ?? settings.SmsVerificationMessage ?? 'Your verification code is {####}. ',
    };
  }
  return {
    subject: template?.EmailSubject ?? settings.EmailVerificationSubject ?? 'Your verification code',
    body: template?.EmailMessage ?? settings.EmailVerificationMessage ?? 'Your confirmation code is {####}',
  };
}

function invitationTemplate({ settings }: UserPoolRecord, medium: Medium): Template {
  const template = settings.AdminCreateUserConfig?.InviteMessageTemplate;
  const body = 'Your username is {username} and temporary password is {####}.';
  if (medium === 'SMS') return { body: template?.SMSMessage ?? body };
  return {
    subject: template?.EmailSubject ?? 'Your temporary password',
    body: template?.EmailMessage ?? body,
  };
}

/**
 * Hands a message to the outbox. To be called when what it is about has been committed, and before the
 * operation answers: what was acknowledged has its message, what was undone has none.
 *
 * @param code The confirmation code, or the temporary password of an invitation.
 */
export function deliver(
  { outbox, clock }: OperationContext,
  pool: UserPoolRecord,
  user: Pick<UserRecord, 'username'>,
  destination: Destination,
  trigger: MessageTrigger,
  code: string,
): void {
  const medium = mediumOf(destination);
  const template =
    trigger === 'CustomMessage_AdminCreateUser'
      ? invitationTemplate(pool, medium)
      : verificationTemplate(pool, medium);
  const fill = (text: string) =>
    text.replaceAll('{username}', () => user.username).replaceAll('{####}', () => code);
  outbox.deliver({
    userPoolId: pool.id,
    username: user.username,
    destination: destination.value,
    medium,
    trigger,
    code,
    ...(template.subject !== undefined && { subject: fill(template.subject) }),
    body: fill(template.body),
    sentAt: new Date(clock.now()).toISOString(),
  });
}
