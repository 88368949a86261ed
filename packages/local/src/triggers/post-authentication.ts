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

export type PostAuthenticationTriggerEvent = TriggerEvent<
  'PostAuthentication_Authentication',
  { userAttributes: StringMap; newDeviceUsed: boolean; clientMetadata?: StringMap | undefined },
  Record<string, never>
>;

/** Told when everything has been proven and no token handed out yet; an error of the function refuses them. */
export async function postAuthentication(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  newDeviceUsed: boolean,
  caller: Caller,
): Promise<void> {
  if (!context.triggers.has(pool, 'PostAuthentication')) return;
  const event: PostAuthenticationTriggerEvent = newEvent(
    context,
    pool,
    'PostAuthentication_Authentication',
    user.username,
    caller,
    { userAttributes: userAttributes(user), newDeviceUsed, ...metadataOf(caller) },
    {},
  );
  await context.triggers.invoke(pool, 'PostAuthentication', event);
}
