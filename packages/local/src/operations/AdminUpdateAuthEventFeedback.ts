import type {
  AdminUpdateAuthEventFeedbackRequest,
  AdminUpdateAuthEventFeedbackResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { checkKeepsEvents, giveFeedback } from '../domain/sign-in/auth-events.js';
import type { Operation } from '../operation.js';

export const AdminUpdateAuthEventFeedback: Operation<
  AdminUpdateAuthEventFeedbackRequest,
  AdminUpdateAuthEventFeedbackResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  checkKeepsEvents(pool);
  giveFeedback(context, pool, user, input.EventId as string, input.FeedbackValue as 'Valid' | 'Invalid');
  return {};
};
