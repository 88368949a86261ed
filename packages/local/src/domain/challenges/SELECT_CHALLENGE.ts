import { begin, claimOf } from '../sign-in/choice-sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/** The user's choice, with or without what the chosen way begins with. */
export const SELECT_CHALLENGE: ChallengeResponder = async (context, answer) => {
  const choice = required(answer.responses, 'ANSWER');
  return begin(context, claimOf(context, answer, 'SELECT_CHALLENGE').claim, choice);
};
