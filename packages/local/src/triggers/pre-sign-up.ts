import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { type Caller, metadataOf, newEvent, type StringMap, type TriggerEvent } from './event.js';
import { readBoolean } from './read-response.js';

export type PreSignUpTriggerEvent = TriggerEvent<
  'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser',
  {
    userAttributes: StringMap;
    validationData?: StringMap | undefined;
    clientMetadata?: StringMap | undefined;
  },
  { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
>;

export type PreSignUpAnswer = Readonly<PreSignUpTriggerEvent['response']>;

export interface SignUpAttempt {
  readonly source: PreSignUpTriggerEvent['triggerSource'];
  readonly userName: string;
  /** As the user would have them; there is no `sub` and no status yet. */
  readonly attributes: Readonly<StringMap>;
  readonly validationData: Readonly<StringMap> | undefined;
}

const NOTHING: PreSignUpAnswer = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false };

/** Asked before a user is created; an error of the function refuses the user. */
export async function preSignUp(
  context: OperationContext,
  pool: UserPoolRecord,
  { source, userName, attributes, validationData }: SignUpAttempt,
  caller: Caller,
): Promise<PreSignUpAnswer> {
  if (!context.triggers.has(pool, 'PreSignUp')) return NOTHING;
  const event: PreSignUpTriggerEvent = newEvent(
    context,
    pool,
    source,
    userName,
    caller,
    {
      userAttributes: { ...attributes },
      ...(validationData === undefined ? {} : { validationData: { ...validationData } }),
      ...metadataOf(caller),
    },
    { ...NOTHING },
  );
  const answer = await context.triggers.invoke(pool, 'PreSignUp', event);
  return {
    autoConfirmUser: readBoolean(answer, 'autoConfirmUser'),
    autoVerifyEmail: readBoolean(answer, 'autoVerifyEmail'),
    autoVerifyPhone: readBoolean(answer, 'autoVerifyPhone'),
  };
}
