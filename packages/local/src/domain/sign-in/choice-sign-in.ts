import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import { checkSecretHashParameter } from '../clients/secret-hash.js';
import { allowsFlow, type ClientAccess, hidesUserExistence } from '../clients/user-pool-client.js';
import { invalidParameter, malformedParameter } from '../faults.js';
import { mfaCodeMismatch } from '../mfa/faults.js';
import { checkSignInCode } from '../mfa/sign-in-codes.js';
import { incorrectCredentials, passwordResetRequired } from '../passwords/faults.js';
import { findUserAsAdmin } from '../users/users.js';
import { admit, checkMaySignIn } from './admission.js';
import { checkAttempts, countAttempt, subjectOf } from './attempts.js';
import type { Claim } from './claim.js';
import { invalidSession } from './faults.js';
import { askClaimant, availableFactors, FIRST_FACTORS } from './first-factors.js';
import { findSession, lookUpSession, type OpenSession, progressOf, useSession } from './sessions.js';
import { continueSignIn } from './sign-in.js';
import {
  type AuthAnswer,
  type ChallengeAnswer,
  type Flow,
  required,
  withProven,
} from './sign-in-progress.js';
import { continueSignUp } from './sign-up-session.js';
import { startOf } from './srp-sign-in.js';

/** USER_AUTH: the user chooses what to begin with. */
export const choiceSignIn: Flow = async (context, request) => {
  const { access, parameters, session } = request;
  const username = required(parameters, 'USERNAME');
  checkSecretHashParameter(access.client, username, parameters['SECRET_HASH']);
  if (!allowsFlow(access.client, 'ALLOW_USER_AUTH')) {
    throw invalidParameter('USER_AUTH is not enabled for the client.');
  }
  const preferred = parameters['PREFERRED_CHALLENGE'];
  if (preferred && !FACTOR_NAMES.includes(preferred)) throw malformedParameter('PREFERRED_CHALLENGE');
  const admitted = await admit(context, request, username);
  const user = shown(access, admitted);
  if (session !== undefined) return continueSignUp(context, access, user, session, startOf(request));
  const available = availableFactors(context, access, user, username);
  const claim: Claim = {
    access,
    user,
    subject: subjectOf(access.pool, user, username),
    username,
    parameters,
    progress: startOf(request),
    available,
    write: undefined,
    clientMetadata: undefined,
  };
  if (available.length === 0) {
    throw user?.status === 'RESET_REQUIRED' ? passwordResetRequired() : incorrectCredentials();
  }
  const wanted = available.find((name) => name === preferred);
  return wanted === undefined
    ? askClaimant(context, claim, { name: 'SELECT_CHALLENGE', parameters: { USERNAME: username } })
    : begin(context, claim, wanted);
};

/** Imported users have no password until they reset it; where that is not to be told they are nobody. */
function shown({ client }: ClientAccess, user: UserRecord | undefined): UserRecord | undefined {
  const isImported = user?.status === 'RESET_REQUIRED' && user.password === undefined;
  return isImported && hidesUserExistence(client) ? undefined : user;
}

const FACTOR_NAMES: readonly string[] = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'];

/**
 * Begins with one of the ways that the claim may choose from.
 *
 * @throws InvalidParameterException
 */
export function begin(context: OperationContext, claim: Claim, name: string): Promise<AuthAnswer> {
  const chosen = claim.available.find((available) => available === name);
  const factor = chosen && FIRST_FACTORS[chosen];
  if (factor === undefined) throw invalidParameter(`${name} is not available for the user.`);
  return factor.begin(context, claim);
}

/**
 * The claim behind the response to a challenge that a sign-in by choice began with.
 *
 * @throws NotAuthorizedException, InvalidParameterException, UserNotConfirmedException
 */
export function claimOf(
  context: OperationContext,
  { access, responses, session: token, clientMetadata }: ChallengeAnswer,
  ...challenges: readonly ChallengeNameType[]
): { readonly claim: Claim; readonly session: OpenSession } {
  const session = findSession(context, access.client, token, ...challenges);
  const username = required(responses, 'USERNAME');
  const user = context.storage.users.findBySub(access.pool.id, session.subject);
  const named = shown(access, findUserAsAdmin(context, access.pool, username));
  if (
    named?.sub !== user?.sub ||
    (user === undefined && subjectOf(access.pool, user, username) !== session.subject)
  ) {
    throw invalidSession();
  }
  if (user !== undefined) checkMaySignIn(user);
  const claim: Claim = {
    access,
    user,
    subject: session.subject,
    username,
    parameters: responses,
    progress: user === undefined ? session.progress : progressOf(session.progress, user, responses),
    available: availableFactors(context, access, user, username),
    write: () => useSession(context, session),
    clientMetadata,
  };
  return { claim, session };
}

/** Whether the session is of a sign-in by choice that this challenge began. */
export function isFirstFactor(
  context: OperationContext,
  { access, session }: ChallengeAnswer,
  name: ChallengeNameType,
): boolean {
  if (session === undefined) return false;
  const found = lookUpSession(context, access.client, session, [name]);
  return (
    typeof found === 'object' && found.progress.flow === 'USER_AUTH' && found.progress.proven.length === 0
  );
}

/**
 * The code that a sign-in by choice began with. The session stays good for another try.
 *
 * @throws CodeMismatchException, LimitExceededException
 */
export async function answerFirstFactorCode(
  context: OperationContext,
  answer: ChallengeAnswer,
  name: 'EMAIL_OTP' | 'SMS_OTP',
): Promise<AuthAnswer> {
  const code = required(answer.responses, `${name}_CODE`);
  const { claim, session } = claimOf(context, answer, name);
  const { access, user, subject, progress, write, clientMetadata } = claim;
  if (user === undefined) {
    checkAttempts(context, access.pool, subject, 'MfaCode');
    countAttempt(context, access.pool, subject, 'MfaCode');
    throw mfaCodeMismatch();
  }
  checkSignInCode(context, access.pool, user, session, code);
  return continueSignIn(context, { ...access, user }, withProven(progress, name), { write, clientMetadata });
}
