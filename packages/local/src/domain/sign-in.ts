import type {
  AdminInitiateAuthResponse,
  ExplicitAuthFlowsType,
  InitiateAuthResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import { checkLockout, countWrongPassword, forgetWrongPasswords, subjectOf } from './attempts.js';
import { isDeveloperOnly } from './attributes.js';
import {
  incorrectCredentials,
  invalidParameter,
  invalidRefreshToken,
  missingParameter,
  passwordResetRequired,
  refreshSecretHashWrong,
  refreshTokenExpired,
  refreshTokenOfDeletedUser,
  refreshTokenOfOtherClient,
  refreshTokenRevoked,
  secretHashMissing,
  temporaryPasswordExpired,
  userDisabled,
  userNotConfirmed,
  userNotFound,
} from './faults.js';
import { passwordPolicyOf } from './password-policy.js';
import { passwordMatches, pretendToCheckPassword } from './passwords.js';
import { requiredAttributes } from './schema.js';
import { checkSecretHashParameter, secretHashMatches } from './secret-hash.js';
import { hashOf, openSession } from './sessions.js';
import { issueTokens, openSignIn, type Principal } from './tokens.js';
import { allowsFlow, type ClientAccess, hidesUserExistence } from './user-pool-client.js';
import { findUser } from './users.js';

/** `AuthParameters` or `ChallengeResponses`: their keys are checked here, not by the model. */
export type Parameters = Readonly<Record<string, string>>;

/** Tokens, or the challenge that comes before them; the public and the admin operations answer alike. */
export type AuthAnswer = InitiateAuthResponse & AdminInitiateAuthResponse;

/** @throws InvalidParameterException `Missing required parameter …` */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

/**
 * USER_PASSWORD_AUTH and its administrator's forms. The checks in AWS's order: secret, flow, user, status,
 * password, then what the password's age or state asks for.
 *
 * @param flow As asked for, to be named when the client does not allow it.
 */
export async function signInWithPassword(
  context: OperationContext,
  { client, pool }: ClientAccess,
  parameters: Parameters,
  flow: { readonly allowedBy: ExplicitAuthFlowsType; readonly refusal: string },
): Promise<AuthAnswer> {
  const username = required(parameters, 'USERNAME');
  checkSecretHashParameter(client, username, parameters['SECRET_HASH']);
  if (!allowsFlow(client, flow.allowedBy)) throw invalidParameter(flow.refusal);
  const password = required(parameters, 'PASSWORD');

  const user = findUser(context, pool, username);
  const subject = subjectOf(pool, user, username);
  if (user === undefined) {
    if (!hidesUserExistence(client)) throw userNotFound();
    checkLockout(context, pool, subject);
    pretendToCheckPassword(pool, username, password);
    countWrongPassword(context, pool, subject);
    throw incorrectCredentials();
  }
  checkMaySignIn(user);
  checkLockout(context, pool, subject);
  checkPassword(context, { client, pool, user }, subject, password);
  if (user.status === 'RESET_REQUIRED') throw passwordResetRequired();
  const principal = { client, pool, user };
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    return completeSignIn(context, principal, () => forgetWrongPasswords(context, pool, subject));
  }
  if (temporaryPasswordIsOver(context, pool, user)) throw temporaryPasswordExpired();
  return context.storage.transaction(() => {
    forgetWrongPasswords(context, pool, subject);
    return askForNewPassword(context, principal);
  });
}

/** @throws NotAuthorizedException, UserNotConfirmedException: both are said before the password is looked at. */
function checkMaySignIn(user: UserRecord): void {
  if (!user.enabled) throw userDisabled();
  if (user.status === 'UNCONFIRMED') throw userNotConfirmed();
}

function checkPassword(
  context: OperationContext,
  { client, pool, user }: Principal,
  subject: string,
  password: string,
): void {
  if (user.password === undefined) {
    // Imported users have no password until they reset it.
    if (user.status === 'RESET_REQUIRED' && !hidesUserExistence(client)) throw passwordResetRequired();
    pretendToCheckPassword(pool, user.username, password);
  } else if (passwordMatches(user, user.password, password)) {
    return;
  }
  countWrongPassword(context, pool, subject);
  throw incorrectCredentials();
}

const DAY_MS = 86_400_000;

function temporaryPasswordIsOver(
  { clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
): boolean {
  const days = passwordPolicyOf(pool).TemporaryPasswordValidityDays || 7;
  return clock.now() >= (user.passwordSetAt ?? 0) + days * DAY_MS;
}

function askForNewPassword(context: OperationContext, { client, pool, user }: Principal): AuthAnswer {
  const missing = requiredAttributes(pool).filter((name) => user.attributes[name] === undefined);
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: openSession(context, client, user, 'NEW_PASSWORD_REQUIRED'),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(
        Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !isDeveloperOnly(name))),
      ),
    },
  };
}

/**
 * Hands out tokens.
 *
 * @param alsoWrite What is to be kept together with the sign-in, or not at all.
 */
export async function completeSignIn(
  context: OperationContext,
  principal: Principal,
  alsoWrite: () => void = () => {},
): Promise<AuthAnswer> {
  const { signIn, refreshToken } = context.storage.transaction(() => {
    alsoWrite();
    return openSignIn(context, principal);
  });
  const tokens = await issueTokens(context, principal, signIn);
  return { AuthenticationResult: { ...tokens, RefreshToken: refreshToken }, ChallengeParameters: {} };
}

/**
 * REFRESH_TOKEN_AUTH: new access and ID tokens, no new refresh token.
 *
 * @throws NotAuthorizedException in the cases of behaviour.md, C.8.
 */
export async function refreshSignIn(
  context: OperationContext,
  { client, pool }: ClientAccess,
  parameters: Parameters,
): Promise<AuthAnswer> {
  const refreshToken = required(parameters, 'REFRESH_TOKEN');
  const secretHash = parameters['SECRET_HASH'];
  if (client.secrets.length > 0 && secretHash === undefined) throw secretHashMissing(client.id);
  if (!allowsFlow(client, 'ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter('REFRESH_TOKEN_AUTH flow not enabled for this client');
  }
  const { storage, clock } = context;
  const signIn = storage.signIns.findByRefreshToken(hashOf(refreshToken));
  if (signIn?.userPoolId !== pool.id) throw invalidRefreshToken();
  if (signIn.clientId !== client.id) throw refreshTokenOfOtherClient();
  const user = storage.users.findBySub(pool.id, signIn.sub);
  if (user === undefined) throw refreshTokenOfDeletedUser();
  // The request names nobody: the hash is over the real username, never over an alias.
  if (client.secrets.length > 0 && !secretHashMatches(client, user.username, secretHash as string)) {
    throw refreshSecretHashWrong(client.id);
  }
  if (!user.enabled) throw userDisabled();
  if (signIn.revoked) throw refreshTokenRevoked();
  if (signIn.expiresAt <= clock.now()) throw refreshTokenExpired();
  const tokens = await issueTokens(context, { client, pool, user }, signIn);
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
}
