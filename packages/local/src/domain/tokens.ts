import { randomUUID } from 'node:crypto';
import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { CompactSign } from 'jose';
import type { OperationContext } from '../operation.js';
import type { GroupRecord } from '../storage/groups.js';
import type { SignInRecord } from '../storage/sign-ins.js';
import type { TokenUse } from '../storage/signing-keys.js';
import type { UserPoolClientRecord } from '../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import { clientMayRead } from './attributes.js';
import { MAX_GROUPS_PER_USER } from './groups.js';
import { sweepNowAndThen } from './housekeeping.js';
import { newRefreshToken } from './ids.js';
import { hashOf } from './sessions.js';
import { signingKey } from './signing-keys.js';
import { tokenLifetimes } from './user-pool-client.js';

/** The scope of every token that the API, rather than a hosted page, hands out. */
export const API_SCOPE = 'aws.cognito.signin.user.admin';

export interface Principal {
  readonly pool: UserPoolRecord;
  readonly client: UserPoolClientRecord;
  readonly user: UserRecord;
}

/** Records a sign-in with its refresh token, in a transaction of the caller's. */
export function openSignIn(
  context: OperationContext,
  { client, user }: Principal,
): { readonly signIn: SignInRecord; readonly refreshToken: string } {
  const now = context.clock.now();
  const refreshToken = newRefreshToken();
  const signIn: SignInRecord = {
    eventId: context.requestId,
    userPoolId: client.userPoolId,
    clientId: client.id,
    sub: user.sub,
    originJti: randomUUID(),
    authTime: Math.floor(now / 1000),
    expiresAt: now + tokenLifetimes(client.settings).refreshTokenS * 1000,
    revoked: false,
  };
  context.storage.signIns.insert(signIn, hashOf(refreshToken));
  sweepNowAndThen(context);
  return { signIn, refreshToken };
}

/** Signs an access and an ID token of the sign-in, with groups and attributes as they are now. */
export async function issueTokens(
  context: OperationContext,
  principal: Principal,
  signIn: SignInRecord,
): Promise<AuthenticationResultType> {
  const { client, pool } = principal;
  const iat = Math.floor(context.clock.now() / 1000);
  const lifetimes = tokenLifetimes(client.settings);
  const groups = context.storage.groups.ofUser(pool.id, principal.user.sub, MAX_GROUPS_PER_USER);
  const common = {
    sub: principal.user.sub,
    ...(groups.length > 0 && { 'cognito:groups': groups.map(({ name }) => name) }),
    iss: `${context.endpoint}/${pool.id}`,
  };
  const [AccessToken, IdToken] = await Promise.all([
    sign(context, pool, 'access', {
      ...common,
      client_id: client.id,
      ...origin(client, signIn),
      event_id: signIn.eventId,
      token_use: 'access',
      scope: API_SCOPE,
      auth_time: signIn.authTime,
      exp: iat + lifetimes.accessTokenS,
      iat,
      ...ownId(client),
      username: principal.user.username,
    }),
    sign(context, pool, 'id', {
      ...common,
      ...attributeClaims(principal),
      ...roleClaims(groups),
      'cognito:username': principal.user.username,
      ...origin(client, signIn),
      aud: client.id,
      event_id: signIn.eventId,
      token_use: 'id',
      auth_time: signIn.authTime,
      exp: iat + lifetimes.idTokenS,
      iat,
      ...ownId(client),
    }),
  ]);
  return { AccessToken, ExpiresIn: lifetimes.accessTokenS, IdToken, TokenType: 'Bearer' };
}

async function sign(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  tokenUse: TokenUse,
  claims: object,
): Promise<string> {
  const { kid, privateKey } = await signingKey(storage, pool.id, tokenUse);
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ kid, alg: 'RS256' })
    .sign(privateKey);
}

/** Only tokens that can be revoked carry the ids that revoking goes by. */
function origin(client: UserPoolClientRecord, signIn: SignInRecord): object {
  return client.settings.EnableTokenRevocation === false ? {} : { origin_jti: signIn.originJti };
}

function ownId(client: UserPoolClientRecord): object {
  return client.settings.EnableTokenRevocation === false ? {} : { jti: randomUUID() };
}

/** Strings as they are kept, but for the two booleans and the address, which OpenID Connect makes an object. */
function attributeClaims({ client, user }: Principal): Record<string, unknown> {
  const readable = Object.entries(user.attributes).filter(([name]) => clientMayRead(client, name));
  return Object.fromEntries(
    readable.map(([name, value]) => {
      if (name === 'email_verified' || name === 'phone_number_verified') return [name, value === 'true'];
      return [name, name === 'address' ? { formatted: value } : value];
    }),
  );
}

/**
 * `cognito:preferred_role` is the role of the strongest group that has both a precedence and a role, if
 * the strongest agree on one (behaviour.md, E.6).
 */
function roleClaims(groups: readonly GroupRecord[]): object {
  const roles = new Set(groups.flatMap(({ roleArn }) => roleArn ?? []));
  if (roles.size === 0) return {};
  const ranked = groups.filter((group) => group.roleArn !== undefined && group.precedence !== undefined);
  const strongest = Math.min(...ranked.map(({ precedence }) => precedence as number));
  const preferred = new Set(
    ranked.filter(({ precedence }) => precedence === strongest).map(({ roleArn }) => roleArn),
  );
  return {
    'cognito:roles': [...roles],
    ...(preferred.size === 1 && { 'cognito:preferred_role': [...preferred][0] }),
  };
}
