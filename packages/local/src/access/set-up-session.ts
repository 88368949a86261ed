import { invalidParameter, missingParameter } from '../domain/faults.js';
import { usableFactors } from '../domain/mfa/user-mfa.js';
import { invalidSession } from '../domain/sign-in/faults.js';
import { findSession, hashOf, openSession, useSession } from '../domain/sign-in/sessions.js';
import type { Principal } from '../domain/tokens/principal.js';
import { userDisabled } from '../domain/users/faults.js';
import type { OperationContext } from '../operation.js';

/** A sign-in that waits for the set-up of a factor. */
export interface SetUp {
  readonly principal: Principal;
  readonly data: Readonly<Record<string, unknown>>;
  /** Hands over to the session that the next step is to be made with; this one is used up. */
  goOn(data: object): string;
}

/**
 * Whose factor is set up, by AssociateSoftwareToken and VerifySoftwareToken: that of the user of a sign-in
 * under way, or, `undefined`, that of the holder of the access token.
 *
 * @throws InvalidParameterException without either, or with both; NotAuthorizedException for a session that
 * does not wait for a set-up now.
 */
export function setUpSession(
  context: OperationContext,
  input: { readonly AccessToken?: string | undefined; readonly Session?: string | undefined },
): SetUp | undefined {
  const { storage } = context;
  const { AccessToken, Session } = input;
  if (Session === undefined) {
    if (AccessToken === undefined) throw missingParameter('AccessToken or Session');
    return undefined;
  }
  // The text is ours.
  if (AccessToken !== undefined) throw invalidParameter('Give AccessToken or Session, not both.');
  const record = storage.challengeSessions.find(hashOf(Session));
  const client = record && storage.clients.find(record.clientId);
  const pool = record && storage.userPools.find(record.userPoolId);
  if (client === undefined || pool === undefined) throw invalidSession();
  const session = findSession(context, client, Session, 'MFA_SETUP');
  const user = storage.users.findBySub(pool.id, session.subject);
  if (user === undefined) throw invalidSession();
  if (!user.enabled) throw userDisabled();
  // Set up in the meantime: a session from before must not put another factor in the place of the user's.
  if (usableFactors(context, pool, user).length > 0) throw invalidSession();
  return {
    principal: { client, pool, user },
    data: session.data,
    goOn: (data) =>
      storage.transaction(() => {
        useSession(context, session);
        return openSession(context, client, user.sub, 'MFA_SETUP', session.progress, data);
      }),
  };
}
