import type { RevokeTokenRequest, RevokeTokenResponse } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose/jwt/decode';
import { publicClient } from '../access/client.js';
import { invalidClientOrSecret } from '../domain/clients/faults.js';
import { clientSecretMatches } from '../domain/clients/secret-hash.js';
import { hashOf } from '../domain/sign-in/sessions.js';
import { notARefreshToken, revocationNotEnabled } from '../domain/tokens/faults.js';
import { revokeFamily } from '../domain/tokens/refresh-tokens.js';
import type { Operation } from '../operation.js';

/**
 * A token that is not there, or was revoked before, is nothing to complain of. `RevokeAssociatedSessions`
 * speaks of sessions of the hosted pages, which no sign-in through the API belongs to: there is none to
 * revoke along.
 */
export const RevokeToken: Operation<RevokeTokenRequest, RevokeTokenResponse> = (input, context) => {
  const { client } = publicClient(context, input.ClientId);
  if (client.secrets.length > 0) {
    const given = input.ClientSecret;
    if (given === undefined || !clientSecretMatches(client, given)) throw invalidClientOrSecret();
  }
  if (client.settings.EnableTokenRevocation === false) throw revocationNotEnabled();
  const token = input.Token as string;
  if (isJwt(token)) throw notARefreshToken();
  const found = context.storage.signIns.findByRefreshToken(hashOf(token));
  if (found === undefined) return {};
  if (found.signIn.clientId !== client.id) throw invalidClientOrSecret();
  revokeFamily(context, client, found.signIn);
  return {};
};

/** An access or ID token, good or not; refresh tokens are encrypted. */
function isJwt(token: string): boolean {
  try {
    decodeJwt(token);
    return true;
  } catch {
    return false;
  }
}
