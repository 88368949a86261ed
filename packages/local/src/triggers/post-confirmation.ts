import type { OperationContext } from '../operation.js';
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

export type PostConfirmationTriggerEvent = TriggerEvent<
  'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
  { userAttributes: StringMap; clientMetadata?: StringMap | undefined },
  Record<string, never>
>;

/** Told after the user was confirmed: an error of the function is the caller's, and undoes nothing. */
export async function postConfirmation(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  source: PostConfirmationTriggerEvent['triggerSource'],
  caller: Caller,
): Promise<void> {
  if (!context.triggers.has(pool, 'PostConfirmation')) return;
  const event: PostConfirmationTriggerEvent = newEvent(
    context,
    pool,
    source,
    user.username,
    caller,
    { userAttributes: userAttributes(user), ...metadataOf(caller) },
    {},
  );
  await context.triggers.invoke(pool, 'PostConfirmation', event);
}
