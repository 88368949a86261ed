import { mfaMethodNotFound } from '../mfa/faults.js';
import { factorChallenge } from '../mfa/mfa.js';
import { usableFactors } from '../mfa/user-mfa.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { ask } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in/sign-in-progress.js';

/**
 * Which of several factors the user wants to prove.
 *
 * @throws MFAMethodNotFoundException for one that the user cannot be asked for.
 */
export const SELECT_MFA_TYPE: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const wanted = required(answer.responses, 'ANSWER');
  const { session, user, progress } = answeredSession(context, answer, 'SELECT_MFA_TYPE');
  const factor = usableFactors(context, pool, user).find((name) => name === wanted);
  if (factor === undefined) throw mfaMethodNotFound(wanted);
  const principal = { client, pool, user };
  return ask(
    context,
    principal,
    withProven(progress, 'SELECT_MFA_TYPE'),
    factorChallenge(context, principal, factor),
    { write: () => useSession(context, session), clientMetadata: answer.clientMetadata },
  );
};
