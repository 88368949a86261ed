import type { ConfirmSignUpRequest } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import { allowsFlow, type ClientAccess } from '../clients/user-pool-client.js';
import { findUser } from '../users/users.js';
import { invalidSession } from './faults.js';
import { mayBeginWith } from './first-factors.js';
import { findSession, lookUpSession, type OpenSession, openSession, useSession } from './sessions.js';
import { continueSignIn } from './sign-in.js';
import { type AuthAnswer, type Progress, withProven } from './sign-in-progress.js';

/*
 * Who has just signed up need not prove the same address or number again: the session
 * that ConfirmSignUp answers with is good for InitiateAuth. SignUp answers with one too, which ConfirmSignUp
 * takes and does not need.
 */

const NOTHING_PROVEN: Progress = { flow: 'USER_AUTH', proven: [] };

/** The session of a SignUp, in clients that let users sign in by choice. */
export function signUpSession(
  context: OperationContext,
  { client }: ClientAccess,
  sub: string,
): string | undefined {
  if (!allowsFlow(client, 'ALLOW_USER_AUTH')) return undefined;
  return context.storage.transaction(() => openSession(context, client, sub, 'SIGN_UP', NOTHING_PROVEN));
}

/**
 * The session that ConfirmSignUp was given. One that has run out while the user looked for the code is as
 * none: it keeps nobody from being confirmed.
 *
 * @throws NotAuthorizedException for what is no session of this user's sign-up.
 */
export function sessionOfSignUp(
  context: OperationContext,
  { client, pool }: ClientAccess,
  { Session, Username }: ConfirmSignUpRequest,
): OpenSession | undefined {
  if (Session === undefined) return undefined;
  const session = lookUpSession(context, client, Session, ['SIGN_UP']);
  if (session === 'expired') return undefined;
  if (session === 'unknown' || session === 'used') throw invalidSession();
  if (findUser(context, pool, Username as string)?.sub !== session.subject) throw invalidSession();
  return session;
}

/**
 * The session that ConfirmSignUp answers with, good for one sign-in without another code: in clients that let
 * users sign in by choice, for a user who may begin with such a code. Where the pool takes passwords only, or a
 * further factor is due, the code that confirmed the address lets nobody in.
 *
 * @param given As `sessionOfSignUp` returns it.
 */
export function confirmedSession(
  context: OperationContext,
  { client, pool }: ClientAccess,
  username: string,
  given: OpenSession | undefined,
): string | undefined {
  const user = findUser(context, pool, username);
  if (user === undefined || !allowsFlow(client, 'ALLOW_USER_AUTH')) return undefined;
  // The code went to the phone where there was one to verify.
  const proven = user.attributes['phone_number_verified'] === 'true' ? 'SMS_OTP' : 'EMAIL_OTP';
  if (!mayBeginWith(context, { client, pool, user }, proven)) return undefined;
  return context.storage.transaction(() => {
    if (given !== undefined) useSession(context, given);
    return openSession(context, client, user.sub, 'CONFIRMED_SIGN_UP', withProven(NOTHING_PROVEN, proven));
  });
}

/**
 * Signs in who has just signed up.
 *
 * @throws NotAuthorizedException
 */
export function continueSignUp(
  context: OperationContext,
  access: ClientAccess,
  user: UserRecord | undefined,
  token: string,
  { deviceKey }: Progress,
): Promise<AuthAnswer> {
  const session = findSession(context, access.client, token, 'CONFIRMED_SIGN_UP');
  if (user?.sub !== session.subject) throw invalidSession();
  // As the pool and the user are by now.
  const [proven] = session.progress.proven;
  if (proven !== 'SMS_OTP' && proven !== 'EMAIL_OTP') throw invalidSession();
  if (!mayBeginWith(context, { ...access, user }, proven)) throw invalidSession();
  return continueSignIn(
    context,
    { ...access, user },
    { ...session.progress, ...(deviceKey !== undefined && { deviceKey }) },
    { write: () => useSession(context, session) },
  );
}
