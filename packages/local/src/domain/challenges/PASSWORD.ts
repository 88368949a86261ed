import { begin, claimOf } from '../sign-in/choice-sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/** The password of a sign-in by choice. A wrong one leaves the session good for another try. */
export const PASSWORD: ChallengeResponder = async (context, answer) => {
  required(answer.responses, 'PASSWORD');
  return begin(context, claimOf(context, answer, 'PASSWORD').claim, 'PASSWORD');
};
