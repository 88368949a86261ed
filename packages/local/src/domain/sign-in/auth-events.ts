import type {
  AuthEventType,
  ChallengeResponseType,
  EventResponseType,
  EventType,
  FeedbackValueType,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoServiceError } from '../../errors.js';
import type { OperationContext } from '../../operation.js';
import type { AuthEventRecord } from '../../storage/auth-events.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { findUser } from '../users/users.js';
import { addOnNotEnabled, authEventNotFound } from './faults.js';

/** Whether the pool keeps a history of what its users do: threat protection that looks on (AUDIT). */
function keepsEvents({ settings }: UserPoolRecord): boolean {
  return settings.UserPoolAddOns?.AdvancedSecurityMode === 'AUDIT';
}

/** @throws UserPoolAddOnNotEnabledException */
export function checkKeepsEvents(pool: UserPoolRecord): void {
  if (!keepsEvents(pool)) throw addOnNotEnabled();
}

/** An attempt as it comes in. */
export interface Attempt {
  readonly type: EventType;
  /** As the request names the user; none in what is no event, such as a refresh. */
  readonly username: string | undefined;
  /** What is proven by it, or not. */
  readonly challenge?: 'Password' | 'Mfa' | undefined;
  /** From the context data of the request, where the caller passes it on. */
  readonly ipAddress?: string | undefined;
}

/** Where a request says that the user is; a server that signs its users in passes it on. */
export interface Whence {
  readonly UserContextData?: { readonly IpAddress?: string | undefined } | undefined;
  readonly ContextData?: { readonly IpAddress: string | undefined } | undefined;
}

/**
 * Anybody can write what is in a request that needs no credentials: its address counts where the client, which has a
 * secret then, is set to pass one on.
 */
export function ipAddressOf(
  { settings }: UserPoolClientRecord,
  { UserContextData, ContextData }: Whence,
): string | undefined {
  const passedOn = settings.EnablePropagateAdditionalUserContextData ? UserContextData?.IpAddress : undefined;
  return passedOn ?? ContextData?.IpAddress;
}

/** Refusals that say nothing about the user: the request itself was not in order. */
const NO_EVENTS = new Set([
  'InvalidParameterException',
  'ResourceNotFoundException',
  'UserNotFoundException',
  'UsernameExistsException',
]);

/** Does the work, and keeps in the user's history what came of it. */
export async function recorded<Answer extends object>(
  context: OperationContext,
  pool: UserPoolRecord,
  attempt: Attempt,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!keepsEvents(pool) || attempt.username === undefined) return work();
  try {
    const answer = await work();
    const asksOn = 'ChallengeName' in answer && answer.ChallengeName !== undefined;
    record(context, pool, attempt, asksOn ? 'InProgress' : 'Pass');
    return answer;
  } catch (error) {
    if (error instanceof CognitoServiceError && !NO_EVENTS.has(error.type)) {
      record(context, pool, attempt, 'Fail');
    }
    throw error;
  }
}

function record(
  context: OperationContext,
  pool: UserPoolRecord,
  { type, username, challenge, ipAddress }: Attempt,
  response: EventResponseType,
): void {
  const user = findUser(context, pool, username as string);
  if (user === undefined) return;
  const answered: ChallengeResponseType | undefined = challenge && {
    ChallengeName: challenge,
    ChallengeResponse: response === 'Fail' ? 'Failure' : 'Success',
  };
  context.storage.transaction(() =>
    context.storage.authEvents.append(pool.id, user.sub, {
      eventId: context.requestId,
      createdAt: context.clock.now(),
      details: {
        EventType: type,
        EventResponse: response,
        ChallengeResponses: answered ? [answered] : [],
        ...(ipAddress !== undefined && { EventContextData: { IpAddress: ipAddress } }),
      },
    }),
  );
}

/** The event as AdminListUserAuthEvents answers it. Nothing here finds a risk. */
export function authEventView({ eventId, createdAt, details }: AuthEventRecord): AuthEventType {
  const { feedback, ...event } = details;
  return {
    ...event,
    EventId: eventId,
    CreationDate: new Date(createdAt),
    EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
    ...(feedback && {
      EventFeedback: {
        FeedbackValue: feedback.value,
        Provider: feedback.provider,
        FeedbackDate: new Date(feedback.at),
      },
    }),
  };
}

/** @throws ResourceNotFoundException */
export function giveFeedback(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  eventId: string,
  value: FeedbackValueType,
): void {
  const event = storage.authEvents.find(pool.id, user.sub, eventId);
  if (event === undefined) throw authEventNotFound();
  const feedback = { value, provider: 'Admin', at: clock.now() };
  storage.transaction(() => storage.authEvents.update(event.id, { ...event.details, feedback }));
}
