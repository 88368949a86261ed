import type { JWTPayload } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { decodeJwt } from 'jose/jwt/decode';
import { clientNotFound } from '../domain/clients/faults.js';
import {
  accessTokenExpired,
  accessTokenForged,
  accessTokenOfFormerUser,
  accessTokenOutOfScope,
  accessTokenRevoked,
  invalidAccessToken,
} from '../domain/tokens/faults.js';
import type { Principal } from '../domain/tokens/principal.js';
import { signingKey } from '../domain/tokens/signing-keys.js';
import { API_SCOPE } from '../domain/tokens/token-overrides.js';
import { userDisabled, userNotConfirmed, userNotFound } from '../domain/users/faults.js';
import { fold } from '../domain/users/users.js';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';

/** The claims of an access token whose signature and expiry have been checked, and no more. */
export interface VerifiedToken {
  readonly pool: UserPoolRecord;
  readonly claims: JWTPayload;
}

/**
 * The first half of checking an access token: until the signature is verified the token
 * is trusted for nothing but the pool to verify it against.
 *
 * @throws NotAuthorizedException
 */
export async function verifyAccessToken(
  context: OperationContext,
  token: string | undefined,
): Promise<VerifiedToken> {
  const claimed = decode(token as string);
  const pool = poolOf(context, claimed);
  if (pool === undefined || claimed['token_use'] !== 'access') throw invalidAccessToken();
  const claims = await verified(context, pool, token as string);
  if ((claims.exp as number) * 1000 <= context.clock.now()) throw accessTokenExpired();
  return { pool, claims };
}

/**
 * The second half: who holds the token, if it is still good for anything. Synchronous, so that what the
 * operation goes on to write rests on what is read here.
 *
 * @throws NotAuthorizedException, UserNotFoundException, UserNotConfirmedException,
 * ResourceNotFoundException
 */
export function tokenHolder(context: OperationContext, { pool, claims }: VerifiedToken): Principal {
  const client = context.storage.clients.find(claims['client_id'] as string);
  if (client === undefined) throw clientNotFound(claims['client_id'] as string);
  const user = holder(context, pool, claims);
  if (!user.enabled) throw userDisabled();
  const signIn = context.storage.signIns.find(claims['event_id'] as string);
  if (signIn === undefined || signIn.ended) throw accessTokenRevoked();
  if (signIn.revoked && claims['origin_jti'] === signIn.originJti) throw accessTokenRevoked();
  if (!String(claims['scope']).split(' ').includes(API_SCOPE)) throw accessTokenOutOfScope();
  return { pool, client, user };
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw invalidAccessToken();
  }
}

function poolOf({ storage }: OperationContext, { iss }: JWTPayload): UserPoolRecord | undefined {
  return typeof iss === 'string' ? storage.userPools.find(iss.slice(iss.lastIndexOf('/') + 1)) : undefined;
}

/** Verified with the pool's key for access tokens and no other, whatever the header says. */
async function verified(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  token: string,
): Promise<JWTPayload> {
  // One signature, one text: base64url with bits left over would let a token be written in several ways.
  const canonical = token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
  if (!canonical) throw accessTokenForged();
  const { publicKey } = await signingKey(storage, pool.id, 'access');
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: ['RS256'] });
    return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
  } catch {
    throw accessTokenForged();
  }
}

/** A deleted user's name may have been taken by another since. */
function holder({ storage }: OperationContext, pool: UserPoolRecord, claims: JWTPayload): UserRecord {
  const user = storage.users.findBySub(pool.id, claims.sub as string);
  if (user !== undefined) return user;
  const namesake = storage.users.findByUsername(pool.id, fold(pool, String(claims['username'])));
  if (namesake === undefined) throw userNotFound();
  throw namesake.status === 'UNCONFIRMED' ? userNotConfirmed() : accessTokenOfFormerUser();
}
