import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { CustomAuthSubject } from './custom-auth.js';
import { type Caller, metadataOf, newEvent, type StringMap, type TriggerEvent } from './event.js';
import { readBoolean } from './read-response.js';

export type VerifyAuthChallengeResponseTriggerEvent = TriggerEvent<
  'VerifyAuthChallengeResponse_Authentication',
  {
    userAttributes: StringMap;
    privateChallengeParameters: StringMap;
    challengeAnswer: string;
    userNotFound?: boolean | undefined;
    clientMetadata?: StringMap | undefined;
  },
  { answerCorrect?: boolean | null | undefined }
>;

/** @returns whether the function found the answer correct; when it does not say, it did not. */
export async function verifyAuthChallengeResponse(
  context: OperationContext,
  pool: UserPoolRecord,
  { userName, userNotFound, attributes }: CustomAuthSubject,
  privateParameters: Readonly<StringMap>,
  challengeAnswer: string,
  caller: Caller,
): Promise<boolean> {
  const event: VerifyAuthChallengeResponseTriggerEvent = newEvent(
    context,
    pool,
    'VerifyAuthChallengeResponse_Authentication',
    userName,
    caller,
    {
      userAttributes: { ...attributes },
      privateChallengeParameters: { ...privateParameters },
      challengeAnswer,
      userNotFound,
      ...metadataOf(caller),
    },
    { answerCorrect: null },
  );
  const answer = await context.triggers.invoke(pool, 'VerifyAuthChallengeResponse', event);
  return readBoolean(answer, 'answerCorrect');
}
