import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import { accessNow } from '../after-trigger.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { deviceSignedIn, deviceStep, signInDevice } from '../devices/device-sign-in.js';
import { nextMfaChallenge } from '../mfa/mfa.js';
import type { Principal } from '../tokens/principal.js';
import { issueTokens, openSignIn } from '../tokens/tokens.js';
import { subjectOf } from './attempts.js';
import { type CustomClaimant, nextCustomStep } from './custom-challenge.js';
import { newPasswordChallenge } from './new-password-challenge.js';
import { openSession } from './sessions.js';
import type { AuthAnswer, NextChallenge, Parameters, Progress } from './sign-in-progress.js';
import { askFunctions, principalNow, tokenFunctions } from './sign-in-triggers.js';
import { askForProof } from './srp-sign-in.js';

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
  const next = nextChallenge(context, principal, progress);
  if (next !== undefined) return ask(context, principal, progress, next, options);
  if (progress.custom === undefined) return completeSignIn(context, principal, progress, options);
  const claimant = { user: principal.user, username: principal.user.username };
  return continueCustomSignIn(context, principal, claimant, progress, options);
}

/**
 * A custom sign-in goes on as the pool's functions decide. What was proven or answered is kept before they
 * are asked, so that it is answered once.
 */
export async function continueCustomSignIn(
  context: OperationContext,
  access: ClientAccess,
  claimant: CustomClaimant,
  before: Progress,
  { write, clientMetadata }: StepOptions = {},
): Promise<AuthAnswer> {
  context.storage.transaction(() => write?.());
  const step = await nextCustomStep(context, access, claimant, before, clientMetadata);
  const { user, username } = claimant;
  const now = accessNow(context, access);
  if (step.is === 'proof') {
    const parameters = { USERNAME: username, SRP_A: step.srpA };
    return askForProof(context, now, user, parameters, step.progress);
  }
  if (step.is === 'challenge') {
    const sub = subjectOf(now.pool, user, username);
    return ask(context, { ...now, user: { sub } }, step.progress, step.next);
  }
  const principal = principalNow(context, { ...now, user: user as UserRecord });
  return completeSignIn(context, principal, step.progress, { clientMetadata });
}

function nextChallenge(
  context: OperationContext,
  principal: Principal,
  progress: Progress,
): NextChallenge | undefined {
  const newPassword = newPasswordChallenge(principal);
  if (newPassword !== undefined) return newPassword;
  const device = deviceStep(context, principal, progress);
  const factor = device.replacesMfa ? undefined : nextMfaChallenge(context, principal, progress);
  return factor ?? device.challenge;
}

/**
 * Opens the session of a challenge and answers with it.
 *
 * @param principal Whose `sub` may stand for a user who does not exist.
 */
export async function ask(
  context: OperationContext,
  { client, user }: Pick<Principal, 'client'> & { readonly user: Pick<UserRecord, 'sub'> },
  progress: Progress,
  { name, parameters, data, available, deliver }: NextChallenge,
  { write, clientMetadata }: StepOptions = {},
): Promise<AuthAnswer> {
  const Session = context.storage.transaction(() => {
    write?.();
    return openSession(context, client, user.sub, name, progress, data);
  });
  await deliver?.(clientMetadata);
  return {
    ChallengeName: name,
    Session,
    ChallengeParameters: { ...parameters },
    AvailableChallenges: available && [...available],
  };
}

/**
 * Nothing is left to prove: the one place where a sign-in ends in tokens. Where functions have a say, what
 * was proven is kept before they are asked, as they may look at the user or change him; the tokens are of
 * the user as they left him.
 */
async function completeSignIn(
  context: OperationContext,
  principal: Principal,
  progress: Progress,
  { write, clientMetadata }: StepOptions,
): Promise<AuthAnswer> {
  const device = signInDevice(context, principal, progress);
  const functions = tokenFunctions(context, principal);
  if (functions) context.storage.transaction(() => write?.());
  const { now, overrides } = functions
    ? await askFunctions(context, principal, progress, device?.metadata !== undefined, clientMetadata)
    : { now: principal, overrides: undefined };
  const { signIn, refreshToken } = context.storage.transaction(() => {
    if (!functions) write?.();
    if (device !== undefined) deviceSignedIn(context, now, device.device);
    return openSignIn(context, now, device?.device);
  });
  const tokens = await issueTokens(context, now, signIn, overrides);
  return {
    AuthenticationResult: {
      ...tokens,
      RefreshToken: refreshToken,
      ...(device?.metadata && { NewDeviceMetadata: device.metadata }),
    },
    ChallengeParameters: {},
  };
}
