import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { type Caller, metadataOf, newEvent, type StringMap, type TriggerEvent } from './event.js';
import { readBoolean, readString, readStringList, readStringMap } from './read-response.js';

export type UserMigrationTriggerEvent = TriggerEvent<
  'UserMigration_Authentication' | 'UserMigration_ForgotPassword',
  {
    /** What the user typed; not there for a forgotten password. */
    password?: string | undefined;
    /** `ClientMetadata` of the sign-in. */
    validationData?: StringMap | undefined;
    /** `ClientMetadata` of ForgotPassword. */
    clientMetadata?: StringMap | undefined;
  },
  {
    userAttributes?: StringMap | undefined;
    finalUserStatus?: string | undefined;
    messageAction?: string | undefined;
    desiredDeliveryMediums?: string[] | undefined;
    forceAliasCreation?: boolean | undefined;
    enableSMSMFA?: boolean | undefined;
  }
>;

export interface MigratedUser {
  /** `username` among them gives the user another name than the one typed. */
  readonly attributes: Readonly<StringMap>;
  readonly status: 'CONFIRMED' | 'RESET_REQUIRED';
  readonly sendsWelcome: boolean;
  readonly mediums: readonly string[];
  readonly forceAliasCreation: boolean;
  readonly enableSmsMfa: boolean;
}

/**
 * Asked about a name that nobody has, whether another directory knows it.
 *
 * @returns `undefined` when that knows nobody either: the function set no `userAttributes`.
 */
export async function userMigration(
  context: OperationContext,
  pool: UserPoolRecord,
  userName: string,
  password: string | undefined,
  caller: Caller,
): Promise<MigratedUser | undefined> {
  if (!context.triggers.has(pool, 'UserMigration')) return undefined;
  const { clientMetadata } = caller;
  const event: UserMigrationTriggerEvent = newEvent(
    context,
    pool,
    password === undefined ? 'UserMigration_ForgotPassword' : 'UserMigration_Authentication',
    userName,
    caller,
    password === undefined
      ? metadataOf(caller)
      : { password, ...(clientMetadata === undefined ? {} : { validationData: { ...clientMetadata } }) },
    {},
  );
  const answer = await context.triggers.invoke(pool, 'UserMigration', event);
  const attributes = readStringMap(answer, 'userAttributes');
  if (attributes === undefined) return undefined;
  return {
    attributes,
    status: readString(answer, 'finalUserStatus') === 'CONFIRMED' ? 'CONFIRMED' : 'RESET_REQUIRED',
    sendsWelcome: readString(answer, 'messageAction') !== 'SUPPRESS',
    mediums: readStringList(answer, 'desiredDeliveryMediums') ?? ['SMS'],
    forceAliasCreation: readBoolean(answer, 'forceAliasCreation'),
    enableSmsMfa: readBoolean(answer, 'enableSMSMFA'),
  };
}
