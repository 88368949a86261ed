import type { ChallengeResult } from '../../triggers/custom-auth.js';
import { verifyAuthChallengeResponse } from '../../triggers/verify-auth-challenge-response.js';
import { accessNow } from '../after-trigger.js';
import { checkMaySignIn } from '../sign-in/admission.js';
import { subjectOf } from '../sign-in/attempts.js';
import { customSubject } from '../sign-in/custom-challenge.js';
import { customAuthNotConfigured, invalidSession } from '../sign-in/faults.js';
import { findSession, progressOf, useSession } from '../sign-in/sessions.js';
import { continueCustomSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, type Progress, required } from '../sign-in/sign-in-progress.js';
import { findUserAsAdmin } from '../users/users.js';

/**
 * Answers CUSTOM_CHALLENGE. A wrong answer is one more thing that DefineAuthChallenge looks at; the session
 * is used up by either.
 */
export const CUSTOM_CHALLENGE: ChallengeResponder = async (context, answer) => {
  const { access, responses, clientMetadata } = answer;
  const { client, pool } = access;
  const { storage } = context;
  const session = findSession(context, client, answer.session, 'CUSTOM_CHALLENGE');
  const username = required(responses, 'USERNAME');
  const given = required(responses, 'ANSWER');
  const named = findUserAsAdmin(context, pool, username);
  if (subjectOf(pool, named, username) !== session.subject) throw invalidSession();
  if (named !== undefined) checkMaySignIn(named);
  if (!context.triggers.has(pool, 'VerifyAuthChallengeResponse')) throw customAuthNotConfigured();

  const { privateParameters, metadata } = session.data as {
    readonly privateParameters: Readonly<Record<string, string>>;
    readonly metadata?: string;
  };
  const challengeResult = await verifyAuthChallengeResponse(
    context,
    pool,
    customSubject({ user: named, username }),
    privateParameters,
    given,
    { clientId: client.id, clientMetadata },
  );
  const now = accessNow(context, access);
  const user = named && storage.users.findBySub(pool.id, named.sub);
  if (named !== undefined && user === undefined) throw invalidSession();
  if (user !== undefined) checkMaySignIn(user);

  const result: ChallengeResult = {
    challengeName: 'CUSTOM_CHALLENGE',
    challengeResult,
    ...(metadata !== undefined && { challengeMetadata: metadata }),
  };
  return continueCustomSignIn(
    context,
    now,
    { user, username },
    withResult(user === undefined ? session.progress : progressOf(session.progress, user, responses), result),
    { write: () => useSession(context, session), clientMetadata },
  );
};

function withResult(progress: Progress, result: ChallengeResult): Progress {
  const { results = [], seen = 0, ...rest } = progress.custom ?? {};
  return { ...progress, custom: { ...rest, results: [...results, result], seen } };
}
