import { hidesUserExistence } from '../clients/user-pool-client.js';
import { incorrectCredentials, passwordResetRequired } from '../passwords/faults.js';
import { userIdentity } from '../passwords/passwords.js';
import { checkMaySignIn } from '../sign-in/admission.js';
import { checkLockout, countWrongPassword, forgetWrongPasswords, subjectOf } from '../sign-in/attempts.js';
import { checkProvenPassword } from '../sign-in/password-sign-in.js';
import { progressOf } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in/sign-in-progress.js';
import { endExchange, findExchange, proofHolds } from '../sign-in/srp-exchange.js';
import { simulatedPassword, simulatedUsername } from '../users/simulation.js';
import { findUserAsAdmin } from '../users/users.js';

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
