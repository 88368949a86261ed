import type { OperationContext } from '../operation.js';

import { nextMfaChallenge } from './mfa.js';
import { newPasswordChallenge } from './new-password-challenge.js';
import { openSession } from './sessions.js';
import type { AuthAnswer, NextChallenge, Parameters, Progress } from './sign-in-progress.js';
import { issueTokens, openSignIn, type Principal } from './tokens.js';

export interface StepOptions {
  /** What is kept together with the next session or the sign-in, or not at all: a session used up, say. */
  readonly write?: (() => void) | undefined;
  /** Of the request that brought the sign-in here; only that of challenge responses. */
  readonly clientMetadata?: Parameters | undefined;
}

/**
 * What comes next after something was proven: a new password in place of a temporary one, further factors,
 * the device, and when nothing is left, tokens.
 */
export async function continueSignIn(
  context: OperationContext,
  principal: Principal,
  progress: Progress,
  options: StepOptions = {},
): Promise<AuthAnswer> {
  const next = newPasswordChallenge(principal) ?? nextMfaChallenge(context, principal, progress);
  return next === undefined
    ? completeSignIn(context, principal, progress, options)
    : ask(context, principal, progress, next, options);
}

/** Opens the session of a challenge and answers with it. */
export async function ask(
  context: OperationContext,
  { client, user }: Principal,
  progress: Progress,
  { name, parameters, data, available, deliver }: NextChallenge,
  { write }: StepOptions = {},
): Promise<AuthAnswer> {
  const Session = context.storage.transaction(() => {
    write?.();
    return openSession(context, client, user.sub, name, progress, data);
  });
  await deliver?.();
  return {
    ChallengeName: name,
    Session,
    ChallengeParameters: { ...parameters },
    AvailableChallenges: available && [...available],
  };
}

/** Nothing is left to prove: the one place where a sign-in ends in tokens. */
async function completeSignIn(
  context: OperationContext,
  principal: Principal,
  _progress: Progress,
  { write }: StepOptions,
): Promise<AuthAnswer> {
  const { signIn, refreshToken } = context.storage.transaction(() => {
    write?.();
    return openSignIn(context, principal);
  });
  const tokens = await issueTokens(context, principal, signIn);
  return { AuthenticationResult: { ...tokens, RefreshToken: refreshToken }, ChallengeParameters: {} };
}
