import type { CodeDeliveryDetailsType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { MessageTrigger } from '../../outbox/outbox.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { customMessage } from '../../triggers/custom-message.js';
import { customSender } from '../../triggers/custom-sender.js';
import type { Caller } from '../../triggers/event.js';

export type Medium = 'EMAIL' | 'SMS';

/** Where a message goes. */
export interface Destination {
  readonly attribute: 'email' | 'phone_number';
  readonly value: string;
}

export function mediumOf({ attribute }: Pick<Destination, 'attribute'>): Medium {
  return attribute === 'email' ? 'EMAIL' : 'SMS';
}

/** `CodeDeliveryDetails`, with the destination masked as AWS does. */
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

/** What AWS sends where the pool has no e-mail of its own is not documented: subject and text are ours. */
function authenticationTemplate({ settings, factors }: UserPoolRecord, medium: Medium): Template {
  const body = 'Your authentication code is {####}. ';
  if (medium === 'SMS') return { body: settings.SmsAuthenticationMessage ?? body };
  return {
    subject: factors.email?.Subject ?? 'Your authentication code',
    body: factors.email?.Message ?? body.trimEnd(),
  };
}

function templateOf(pool: UserPoolRecord, medium: Medium, trigger: MessageTrigger): Template {
  switch (trigger) {
    case 'CustomMessage_AdminCreateUser':
      return invitationTemplate(pool, medium);
    case 'CustomMessage_Authentication':
      return authenticationTemplate(pool, medium);
    default:
      return verificationTemplate(pool, medium);
  }
}

/**
 * Hands a message to the outbox. To be called when what it is about has been committed, and before the
 * operation answers: what was acknowledged has its message, what was undone has none.
 *
 * Where the pool has a function of its own to send it, that is handed the code, and the outbox shows what
 * the pool's template would have said; a CustomMessage function is asked only where the pool has none.
 *
 * @param code The confirmation code, or the temporary password of an invitation.
 * @throws UserLambdaValidationException, InvalidLambdaResponseException, UnexpectedLambdaException of a
 * CustomMessage function; nothing is sent then.
 */
export async function deliver(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  destination: Destination,
  trigger: MessageTrigger,
  code: string,
  caller: Caller = {},
): Promise<void> {
  const { outbox, clock, triggers } = context;
  const medium = mediumOf(destination);
  const isSent = customSender(context, pool, user, trigger, medium, code, caller);
  const asked = !isSent && triggers.has(pool, 'CustomMessage');
  const custom = asked ? await customMessage(context, pool, user, trigger, medium, caller) : {};
  const usual = templateOf(pool, medium, trigger);
  const template = {
    body: custom.body ?? usual.body,
    subject: custom.subject ?? usual.subject,
  };
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
