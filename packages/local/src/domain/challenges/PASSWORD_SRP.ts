import { begin, claimOf } from '../sign-in/choice-sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/** The client's half of an exchange in a sign-in by choice; PASSWORD_VERIFIER is next. */
export const PASSWORD_SRP: ChallengeResponder = async (context, answer) => {
  required(answer.responses, 'SRP_A');
  return begin(context, claimOf(context, answer, 'PASSWORD_SRP').claim, 'PASSWORD_SRP');
};
