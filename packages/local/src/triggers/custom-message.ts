import { customEmailNotAllowed, invalidCustomMessage } from '../domain/messages/faults.js';
import type { OperationContext } from '../operation.js';
import type { MessageTrigger } from '../outbox/outbox.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import {
  type Caller,
  metadataOf,
  newEvent,
  type StringMap,
  type TriggerEvent,
  userAttributes,
} from './event.js';
import { readString } from './read-response.js';

export type CustomMessageTriggerEvent = TriggerEvent<
  MessageTrigger,
  {
    userAttributes: StringMap;
    /** To be put where the code or the temporary password goes. */
    codeParameter: string;
    linkParameter: string;
    /** Of an invitation only: to be put where the username goes. */
    usernameParameter: string | null;
    clientMetadata?: StringMap | undefined;
  },
  {
    smsMessage?: string | null | undefined;
    emailMessage?: string | null | undefined;
    emailSubject?: string | null | undefined;
  }
>;

export interface CustomMessage {
  readonly subject?: string | undefined;
  readonly body?: string | undefined;
}

const CODE = '{####}';
const LINK = '{##Click Here##}';
const USERNAME = '{username}';
/** Characters. */
const MAX_LENGTH = { smsMessage: 140, emailMessage: 20_000, emailSubject: 140 } as const;

/**
 * Asked before each message what it shall say.
 *
 * @returns what is to replace the pool's template for this medium: nothing where the function set nothing.
 * @throws InvalidLambdaResponseException when the text leaves out what it has to carry, is too long, or is
 * an e-mail that a pool without its own sender may not change.
 */
export async function customMessage(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  source: MessageTrigger,
  medium: 'EMAIL' | 'SMS',
  caller: Caller,
): Promise<CustomMessage> {
  if (!context.triggers.has(pool, 'CustomMessage')) return {};
  const invites = source === 'CustomMessage_AdminCreateUser';
  const event: CustomMessageTriggerEvent = newEvent(
    context,
    pool,
    source,
    user.username,
    caller,
    {
      userAttributes: userAttributes(user),
      codeParameter: CODE,
      linkParameter: LINK,
      usernameParameter: invites ? USERNAME : null,
      ...metadataOf(caller),
    },
    { smsMessage: null, emailMessage: null, emailSubject: null },
  );
  const answer = await context.triggers.invoke(pool, 'CustomMessage', event);
  const text = (name: keyof typeof MAX_LENGTH) => {
    const value = readString(answer, name);
    if (value !== undefined && value.length > MAX_LENGTH[name]) {
      throw invalidCustomMessage(`${name} may have ${MAX_LENGTH[name]} characters at most`);
    }
    return value;
  };
  const [smsMessage, emailMessage, emailSubject] = [
    text('smsMessage'),
    text('emailMessage'),
    text('emailSubject'),
  ];
  const ownSender = pool.settings.EmailConfiguration?.EmailSendingAccount === 'DEVELOPER';
  if (!ownSender && (emailMessage !== undefined || emailSubject !== undefined)) throw customEmailNotAllowed();
  const body = medium === 'SMS' ? smsMessage : emailMessage;
  for (const placeholder of invites ? [CODE, USERNAME] : [CODE]) {
    if (body !== undefined && !body.includes(placeholder)) {
      throw invalidCustomMessage(`the text must contain ${placeholder}`);
    }
  }
  return { body, subject: medium === 'SMS' ? undefined : emailSubject };
}
