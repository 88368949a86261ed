import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import { createAuthChallenge } from '../../triggers/create-auth-challenge.js';
import type { ChallengeResult, CustomAuthSubject } from '../../triggers/custom-auth.js';
import { defineAuthChallenge } from '../../triggers/define-auth-challenge.js';
import { userAttributes } from '../../triggers/event.js';
import { unrecognizableLambdaOutput } from '../../triggers/faults.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { incorrectCredentials } from '../passwords/faults.js';
import { simulatedUsername } from '../users/simulation.js';
import { customAuthNotConfigured } from './faults.js';
import type { CustomProgress, NextChallenge, Parameters, Progress } from './sign-in-progress.js';

/** Who signs in with challenges of the pool's own: `user` is none for a name that nobody has. */
export interface CustomClaimant {
  readonly user: UserRecord | undefined;
  /** As typed. */
  readonly username: string;
}

/** What the functions want next. */
export type CustomStep =
  | { readonly is: 'tokens'; readonly progress: Progress }
  | { readonly is: 'proof'; readonly progress: Progress; readonly srpA: string }
  | { readonly is: 'challenge'; readonly progress: Progress; readonly next: NextChallenge };

/** AWS names no limit; without one a client could make its session grow for ever. */
const MAX_ROUNDS = 100;

export function customSubject({ user, username }: CustomClaimant): CustomAuthSubject {
  return {
    userName: user?.username ?? username,
    userNotFound: user === undefined,
    attributes: user === undefined ? {} : userAttributes(user),
  };
}

/**
 * Asks DefineAuthChallenge what comes next, and where that is a challenge of its own, CreateAuthChallenge
 * what to put to the user. Never in a transaction.
 *
 * @throws NotAuthorizedException when the function lets the sign-in fail; InvalidLambdaResponseException
 * when it asks for something that cannot come next.
 */
export async function nextCustomStep(
  context: OperationContext,
  { client, pool }: ClientAccess,
  claimant: CustomClaimant,
  before: Progress,
  clientMetadata: Parameters | undefined,
): Promise<CustomStep> {
  const custom = withWhatWasProven(before);
  const progress: Progress = { ...before, custom };
  const { results } = custom;
  if (results.length > MAX_ROUNDS) throw incorrectCredentials();
  const caller = { clientId: client.id, clientMetadata };
  const subject = customSubject(claimant);
  const defined = await defineAuthChallenge(context, pool, subject, results, caller);
  if (defined.is === 'failure') throw incorrectCredentials();
  if (defined.is === 'tokens') {
    // Whatever the functions say of nobody, nobody gets in.
    if (claimant.user === undefined) throw incorrectCredentials();
    return { is: 'tokens', progress };
  }
  if (defined.name === 'PASSWORD_VERIFIER' && custom.srpA !== undefined) {
    // One proof to one public value.
    const { srpA, ...rest } = custom;
    return { is: 'proof', progress: { ...progress, custom: rest }, srpA };
  }
  if (defined.name !== 'CUSTOM_CHALLENGE') throw unrecognizableLambdaOutput();
  if (!context.triggers.has(pool, 'CreateAuthChallenge')) throw customAuthNotConfigured();
  const created = await createAuthChallenge(context, pool, subject, results, caller);
  const { metadata, publicParameters, privateParameters } = created;
  const USERNAME = claimant.user?.username ?? simulatedUsername(context, pool, claimant.username);
  return {
    is: 'challenge',
    progress,
    next: {
      name: 'CUSTOM_CHALLENGE',
      parameters: { ...publicParameters, USERNAME },
      data: { privateParameters, ...(metadata !== undefined && { metadata }) },
    },
  };
}

/** What functions are told of; a new password is none of their business. */
const TOLD: readonly ChallengeNameType[] = [
  'PASSWORD_VERIFIER',
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
];

/** Adds what Cognito itself asked for since the functions were asked last. */
function withWhatWasProven({ custom, proven }: Progress): CustomProgress {
  const { results = [], seen = 0, srpA } = custom ?? {};
  const fresh = proven.slice(seen).filter((name) => TOLD.includes(name));
  return {
    results: [
      ...results,
      ...fresh.map((name) => ({
        challengeName: name as ChallengeResult['challengeName'],
        challengeResult: true,
      })),
    ],
    seen: proven.length,
    ...(srpA !== undefined && { srpA }),
  };
}
