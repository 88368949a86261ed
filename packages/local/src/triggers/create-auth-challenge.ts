import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { ChallengeResult, CustomAuthSubject } from './custom-auth.js';
import { type Caller, metadataOf, newEvent, type StringMap, type TriggerEvent } from './event.js';
import { readString, readStringMap } from './read-response.js';

export type CreateAuthChallengeTriggerEvent = TriggerEvent<
  'CreateAuthChallenge_Authentication',
  {
    userAttributes: StringMap;
    challengeName: string;
    session: ChallengeResult[];
    userNotFound?: boolean | undefined;
    clientMetadata?: StringMap | undefined;
  },
  {
    /** What the client is shown. */
    publicChallengeParameters?: StringMap | null | undefined;
    /** What VerifyAuthChallengeResponse is shown, and nobody else. */
    privateChallengeParameters?: StringMap | null | undefined;
    challengeMetadata?: string | null | undefined;
  }
>;

export interface CreatedChallenge {
  readonly publicParameters: Readonly<StringMap>;
  readonly privateParameters: Readonly<StringMap>;
  readonly metadata: string | undefined;
}

export async function createAuthChallenge(
  context: OperationContext,
  pool: UserPoolRecord,
  { userName, userNotFound, attributes }: CustomAuthSubject,
  session: readonly ChallengeResult[],
  caller: Caller,
): Promise<CreatedChallenge> {
  const event: CreateAuthChallengeTriggerEvent = newEvent(
    context,
    pool,
    'CreateAuthChallenge_Authentication',
    userName,
    caller,
    {
      userAttributes: { ...attributes },
      challengeName: 'CUSTOM_CHALLENGE',
      session: [...session],
      userNotFound,
      ...metadataOf(caller),
    },
    { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  );
  const answer = await context.triggers.invoke(pool, 'CreateAuthChallenge', event);
  return {
    publicParameters: readStringMap(answer, 'publicChallengeParameters') ?? {},
    privateParameters: readStringMap(answer, 'privateChallengeParameters') ?? {},
    metadata: readString(answer, 'challengeMetadata'),
  };
}
