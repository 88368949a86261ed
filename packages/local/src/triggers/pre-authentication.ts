import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import { type Caller, newEvent, type StringMap, type TriggerEvent, userAttributes } from './event.js';

export type PreAuthenticationTriggerEvent = TriggerEvent<
  'PreAuthentication_Authentication',
  { userAttributes: StringMap; validationData?: StringMap | undefined; userNotFound?: boolean | undefined },
  Record<string, never>
>;

/**
 * Asked at the start of a sign-in, before any proof; an error of the function refuses it.
 *
 * @param user None for a name that nobody has, in clients that hide who exists.
 * @param caller Whose `clientMetadata` the function finds as `validationData`.
 */
export async function preAuthentication(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord | undefined,
  userName: string,
  caller: Caller,
): Promise<void> {
  if (!context.triggers.has(pool, 'PreAuthentication')) return;
  const { clientMetadata } = caller;
  const event: PreAuthenticationTriggerEvent = newEvent(
    context,
    pool,
    'PreAuthentication_Authentication',
    user?.username ?? userName,
    caller,
    {
      userAttributes: user === undefined ? {} : userAttributes(user),
      ...(clientMetadata === undefined ? {} : { validationData: { ...clientMetadata } }),
      userNotFound: user === undefined,
    },
    {},
  );
  await context.triggers.invoke(pool, 'PreAuthentication', event);
}
