import { checkMaySignIn } from '../admission.js';
import { checkLockout, countWrongPassword, forgetWrongPasswords, subjectOf } from '../attempts.js';
import { incorrectCredentials, passwordResetRequired } from '../faults.js';
import { checkProvenPassword } from '../password-sign-in.js';
import { userIdentity } from '../passwords.js';
import { progressOf } from '../sessions.js';
import { continueSignIn } from '../sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in-progress.js';
import { simulatedPassword, simulatedUsername } from '../simulation.js';
import { endExchange, findExchange, proofHolds } from '../srp-exchange.js';
import { hidesUserExistence } from '../user-pool-client.js';
import { findUserAsAdmin } from '../users.js';

/**
 * Answers PASSWORD_VERIFIER. One try an exchange: a wrong proof uses the block up and counts as a wrong
 * password.
 */
export const PASSWORD_VERIFIER: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const { responses } = answer;
  const username = required(responses, 'USERNAME');
  const exchange = findExchange(context, client, responses, 'PASSWORD_VERIFIER');
  const user = context.storage.users.findBySub(pool.id, exchange.subject);
  const named = findUserAsAdmin(context, pool, username);
  // For nobody the exchange is gone through with what it began with, to fail as late as for somebody.
  const { verifier } = user?.password ?? simulatedPassword(context, pool, user?.username ?? username);
  const identity = userIdentity(pool.id, user?.username ?? simulatedUsername(context, pool, username));
  checkLockout(context, pool, exchange.subject);
  const holds = proofHolds(identity, verifier, exchange, responses);
  if (user === undefined || named?.sub !== user.sub || user.password === undefined || !holds) {
    context.storage.transaction(() => {
      endExchange(context, exchange);
      countWrongPassword(context, pool, exchange.subject);
    });
    // Imported users have no password until they reset it.
    if (user?.status === 'RESET_REQUIRED' && user.password === undefined && !hidesUserExistence(client)) {
      throw passwordResetRequired();
    }
    throw incorrectCredentials();
  }
  checkMaySignIn(user);
  checkProvenPassword(context, pool, user);
  return continueSignIn(
    context,
    { client, pool, user },
    withProven(progressOf(exchange.progress, user, responses), 'PASSWORD_VERIFIER'),
    {
      write: () => {
        endExchange(context, exchange);
        forgetWrongPasswords(context, pool, subjectOf(pool, user, username));
      },
      clientMetadata: answer.clientMetadata,
    },
  );
};
