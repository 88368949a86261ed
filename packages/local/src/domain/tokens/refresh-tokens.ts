import type { OperationContext } from '../../operation.js';
import type { RefreshTokenRecord, SignInRecord } from '../../storage/sign-ins.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserRecord } from '../../storage/users.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { newRefreshToken, newTokenId } from '../ids.js';
import { hashOf } from '../sign-in/sessions.js';
import { userDisabled } from '../users/faults.js';
import {
  invalidRefreshToken,
  refreshTokenExpired,
  refreshTokenOfDeletedUser,
  refreshTokenOfOtherClient,
  refreshTokenReused,
  refreshTokenRevoked,
  rotatingTokenRevoked,
} from './faults.js';

/** Whether each refresh hands out another refresh token. */
export function rotates({ settings }: UserPoolClientRecord): boolean {
  return settings.RefreshTokenRotation?.Feature === 'ENABLED';
}

/** A refresh token of this client, and the user whom it is for. */
export interface FoundRefreshToken extends RefreshTokenRecord {
  readonly user: UserRecord;
}

/** @throws NotAuthorizedException for a token that this client was never given for a user who is there. */
export function findRefreshToken(
  { storage }: OperationContext,
  { client, pool }: ClientAccess,
  token: string,
): FoundRefreshToken {
  const found = storage.signIns.findByRefreshToken(hashOf(token));
  if (found?.signIn.userPoolId !== pool.id) throw invalidRefreshToken();
  if (found.signIn.clientId !== client.id) throw refreshTokenOfOtherClient();
  const user = storage.users.findBySub(pool.id, found.signIn.sub);
  if (user === undefined) throw refreshTokenOfDeletedUser();
  return { ...found, user };
}

/**
 * Whether the token is still good for new ones.
 *
 * @throws NotAuthorizedException, RefreshTokenReuseException
 */
export function checkRefreshable(
  context: OperationContext,
  client: UserPoolClientRecord,
  { signIn, generation, user }: FoundRefreshToken,
): void {
  if (!user.enabled) throw userDisabled();
  if (signIn.revoked) throw rotates(client) ? rotatingTokenRevoked() : refreshTokenRevoked();
  if (signIn.expiresAt <= context.clock.now()) throw refreshTokenExpired();
  if (rotates(client)) parentOfNext(context, client, signIn, generation);
  // What was superseded while they rotated is not good again when they no longer do.
  else if (generation !== signIn.generation) throw refreshTokenRevoked();
}

/**
 * Which token the next one takes the place of. The newest always has a successor; its parent may have
 * another one for a while, in case the first got lost, and that displaces the first.
 *
 * @throws RefreshTokenReuseException
 */
function parentOfNext(
  { clock }: OperationContext,
  { settings }: UserPoolClientRecord,
  signIn: SignInRecord,
  generation: number,
): { readonly generation: number; readonly rotatedAt: number } {
  if (generation === signIn.generation) return { generation, rotatedAt: clock.now() };
  const graceMs = (settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0) * 1000;
  const { parent } = signIn;
  if (parent?.generation !== generation || clock.now() >= parent.rotatedAt + graceMs) {
    throw refreshTokenReused();
  }
  return parent;
}

/**
 * Hands out the next refresh token, which expires when the first one would have, in a transaction of the
 * caller's.
 *
 * @param token As found before functions were asked: another request may have been faster.
 * @throws NotAuthorizedException, RefreshTokenReuseException
 */
export function rotate(
  context: OperationContext,
  client: UserPoolClientRecord,
  { signIn: { eventId }, generation }: RefreshTokenRecord,
): string {
  const { signIns } = context.storage;
  const signIn = signIns.find(eventId);
  if (signIn === undefined || signIn.revoked) throw rotatingTokenRevoked();
  const parent = parentOfNext(context, client, signIn, generation);
  const next = newRefreshToken();
  signIns.rotate(signIn, hashOf(next), parent);
  return next;
}

/**
 * The sign-in as new tokens show it. Once rotation has been switched off, tokens are of an origin of their
 * own: revoking the refresh token does not reach them.
 */
export function originOfRefreshed(client: UserPoolClientRecord, signIn: SignInRecord): SignInRecord {
  const detached = !rotates(client) && signIn.generation > 0;
  return detached ? { ...signIn, originJti: newTokenId() } : signIn;
}

/** Revokes the sign-in that the token is of, whichever of its refresh tokens it is. */
export function revokeFamily(
  { storage, clock }: OperationContext,
  client: UserPoolClientRecord,
  { eventId, generation }: SignInRecord,
): void {
  const reachesAll = rotates(client) || generation === 0;
  storage.transaction(() => storage.signIns.revoke(eventId, clock.now(), reachesAll));
}
