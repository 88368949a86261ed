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

type Occasion = MessageTrigger extends `CustomMessage_${infer Name}` ? Name : never;

interface SenderRequest<Type extends string> {
  type: Type;
  /** In clear: there is no KMS here to encrypt it with. */
  code: string;
  userAttributes: StringMap;
  clientMetadata?: StringMap | undefined;
}

export type CustomEmailSenderTriggerEvent = TriggerEvent<
  `CustomEmailSender_${Occasion}`,
  SenderRequest<'customEmailSenderRequestV1'>,
  Record<string, never>
>;

export type CustomSMSSenderTriggerEvent = TriggerEvent<
  `CustomSMSSender_${Occasion}`,
  SenderRequest<'customSMSSenderRequestV1'>,
  Record<string, never>
>;

/**
 * Hands a code to the function that sends it. Nobody waits for that, and its errors reach nobody but the
 * log, as on AWS.
 *
 * @returns whether the pool has such a function for the medium.
 */
export function customSender(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  source: MessageTrigger,
  medium: 'EMAIL' | 'SMS',
  code: string,
  caller: Caller,
): boolean {
  const trigger = medium === 'EMAIL' ? 'CustomEmailSender' : 'CustomSMSSender';
  if (!context.triggers.has(pool, trigger)) return false;
  const occasion = source.slice('CustomMessage_'.length) as Occasion;
  const common = { code, userAttributes: userAttributes(user), ...metadataOf(caller) };
  const event: CustomEmailSenderTriggerEvent | CustomSMSSenderTriggerEvent =
    medium === 'EMAIL'
      ? newEvent(
          context,
          pool,
          `CustomEmailSender_${occasion}`,
          user.username,
          caller,
          { type: 'customEmailSenderRequestV1', ...common },
          {},
        )
      : newEvent(
          context,
          pool,
          `CustomSMSSender_${occasion}`,
          user.username,
          caller,
          { type: 'customSMSSenderRequestV1', ...common },
          {},
        );
  context.triggers.start(pool, trigger, event);
  return true;
}
