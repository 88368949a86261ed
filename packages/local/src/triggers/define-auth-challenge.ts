import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { ChallengeResult, CustomAuthSubject } from './custom-auth.js';
import { type Caller, metadataOf, newEvent, type StringMap, type TriggerEvent } from './event.js';
import { unrecognizableLambdaOutput } from './faults.js';
import { readBoolean, readString } from './read-response.js';

export type DefineAuthChallengeTriggerEvent = TriggerEvent<
  'DefineAuthChallenge_Authentication',
  {
    userAttributes: StringMap;
    session: ChallengeResult[];
    userNotFound?: boolean | undefined;
    clientMetadata?: StringMap | undefined;
  },
  {
    challengeName?: string | null | undefined;
    issueTokens?: boolean | null | undefined;
    failAuthentication?: boolean | null | undefined;
  }
>;

/** What comes next in a custom sign-in. */
export type Defined =
  | { readonly is: 'tokens' }
  | { readonly is: 'failure' }
  | { readonly is: 'challenge'; readonly name: string };

/** @throws InvalidLambdaResponseException when the function decided nothing. */
export async function defineAuthChallenge(
  context: OperationContext,
  pool: UserPoolRecord,
  { userName, userNotFound, attributes }: CustomAuthSubject,
  session: readonly ChallengeResult[],
  caller: Caller,
): Promise<Defined> {
  const event: DefineAuthChallengeTriggerEvent = newEvent(
    context,
    pool,
    'DefineAuthChallenge_Authentication',
    userName,
    caller,
    { userAttributes: { ...attributes }, session: [...session], userNotFound, ...metadataOf(caller) },
    { challengeName: null, issueTokens: null, failAuthentication: null },
  );
  const answer = await context.triggers.invoke(pool, 'DefineAuthChallenge', event);
  const name = readString(answer, 'challengeName');
  const issueTokens = readBoolean(answer, 'issueTokens');
  // In doubt nobody gets in.
  if (readBoolean(answer, 'failAuthentication')) return { is: 'failure' };
  if (issueTokens) return { is: 'tokens' };
  if (name === undefined) throw unrecognizableLambdaOutput();
  return { is: 'challenge', name };
}
