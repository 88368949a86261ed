import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { NewSignIn, SignInDevice, SignInRecord } from '../../storage/sign-ins.js';
import type { TokenUse } from '../../storage/signing-keys.js';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { ClaimsOverride, TokenOverrides } from '../../triggers/pre-token-generation.js';
import { tokenLifetimes } from '../clients/token-lifetimes.js';
import { sweepNowAndThen } from '../housekeeping.js';
import { newRefreshToken, newTokenId } from '../ids.js';
import { hashOf } from '../sign-in/sessions.js';
import { clientMayRead } from '../users/attributes.js';
import type { Principal } from './principal.js';
import { signJws } from './signing-keys.js';
import {
  groupsOf,
  overriddenClaims,
  overriddenGroups,
  overriddenScope,
  type TokenGroups,
} from './token-overrides.js';
import { beginSession } from './user-sessions.js';

/** Records a sign-in with its refresh token, in a transaction of the caller's. */
export function openSignIn(
  context: OperationContext,
  { client, user }: Principal,
  device?: SignInDevice,
): { readonly signIn: SignInRecord; readonly refreshToken: string } {
  const now = context.clock.now();
  const refreshToken = newRefreshToken();
  const opened: NewSignIn = {
    eventId: context.requestId,
    userPoolId: client.userPoolId,
    clientId: client.id,
    sub: user.sub,
    originJti: newTokenId(),
    authTime: Math.floor(now / 1000),
    expiresAt: now + tokenLifetimes(client.settings).refreshTokenS * 1000,
    ...(device && { device }),
  };
  const signIn = context.storage.signIns.insert(opened, hashOf(refreshToken));
  beginSession(context, signIn);
  sweepNowAndThen(context);
  return { signIn, refreshToken };
}

/**
 * Signs an access and an ID token of the sign-in, with groups and attributes as they are now.
 *
 * @param overrides What the pool's function makes of them: see `askForOverrides`.
 */
export async function issueTokens(
  context: OperationContext,
  principal: Principal,
  signIn: SignInRecord,
  overrides?: TokenOverrides,
): Promise<AuthenticationResultType> {
  const { client, pool } = principal;
  const iat = Math.floor(context.clock.now() / 1000);
  const lifetimes = tokenLifetimes(client.settings);
  const groups = overriddenGroups(groupsOf(context, principal), overrides);
  const common = {
    sub: principal.user.sub,
    ...(groups.names.length > 0 && { 'cognito:groups': groups.names }),
    iss: `${context.endpoint}/${pool.id}`,
  };
  const [AccessToken, IdToken] = await Promise.all([
    sign(context, pool, 'access', overrides?.accessToken, {
      ...common,
      client_id: client.id,
      ...origin(client, signIn),
      event_id: signIn.eventId,
      token_use: 'access',
      scope: overriddenScope(overrides),
      auth_time: signIn.authTime,
      exp: iat + lifetimes.accessTokenS,
      iat,
      ...ownId(client),
      username: principal.user.username,
      ...(signIn.device && { device_key: signIn.device.key }),
    }),
    sign(context, pool, 'id', overrides?.idToken, {
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

function sign(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  tokenUse: TokenUse,
  override: ClaimsOverride | undefined,
  usual: Readonly<Record<string, unknown>>,
): Promise<string> {
  return signJws(storage, pool.id, tokenUse, overriddenClaims(tokenUse, usual, override));
}

/** Only tokens that can be revoked carry the ids that revoking goes by. */
function origin(client: UserPoolClientRecord, signIn: SignInRecord): object {
  return client.settings.EnableTokenRevocation === false ? {} : { origin_jti: signIn.originJti };
}

function ownId(client: UserPoolClientRecord): object {
  return client.settings.EnableTokenRevocation === false ? {} : { jti: newTokenId() };
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

function roleClaims({ roles, preferredRole }: TokenGroups): object {
  return {
    ...(roles.length > 0 && { 'cognito:roles': roles }),
    ...(preferredRole !== undefined && { 'cognito:preferred_role': preferredRole }),
  };
}
