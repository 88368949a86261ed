import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import { secretHashMissing, secretHashWrong, secretMissing } from './faults.js';

/** `base64(HMAC-SHA256(secret, username + clientId))`. */
export function secretHashOf(secret: string, username: string, clientId: string): string {
  return createHmac('sha256', secret).update(username, 'utf8').update(clientId, 'utf8').digest('base64');
}

/** Whether the hash was made with one of the client's secrets. */
export function secretHashMatches(client: UserPoolClientRecord, username: string, hash: string): boolean {
  const given = Buffer.from(hash);
  return client.secrets.some((secret) => {
    const expected = Buffer.from(secretHashOf(secret, username, client.id));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

/**
 * `SecretHash` of SignUp, ForgotPassword and the like. Ignored when the client has no secret, as on AWS.
 *
 * @throws NotAuthorizedException
 */
export function checkSecretHash(
  client: UserPoolClientRecord,
  username: string | undefined,
  secretHash: string | undefined,
): void {
  if (client.secrets.length === 0) return;
  if (secretHash === undefined) throw secretMissing(client.id);
  if (!secretHashMatches(client, username as string, secretHash)) throw secretHashWrong(client.id);
}

/**
 * `SECRET_HASH` among the parameters of a sign-in or the responses to a challenge.
 *
 * @throws NotAuthorizedException
 */
export function checkSecretHashParameter(
  client: UserPoolClientRecord,
  username: string,
  secretHash: string | undefined,
): void {
  if (client.secrets.length === 0) return;
  if (secretHash === undefined) throw secretHashMissing(client.id);
  if (!secretHashMatches(client, username, secretHash)) throw secretHashWrong(client.id);
}

/** Whether this is one of the client's secrets. */
export function clientSecretMatches(client: UserPoolClientRecord, given: string): boolean {
  const digest = (secret: string) => createHash('sha256').update(secret).digest();
  const actual = digest(given);
  return client.secrets.some((secret) => timingSafeEqual(digest(secret), actual));
}

/**
 * `ClientSecret` in clear, of GetTokensFromRefreshToken. Ignored when the client has no secret, as on AWS.
 *
 * @throws NotAuthorizedException
 */
export function checkClientSecret(client: UserPoolClientRecord, given: string | undefined): void {
  if (client.secrets.length === 0) return;
  if (given === undefined) throw secretMissing(client.id);
  if (!clientSecretMatches(client, given)) throw secretHashWrong(client.id);
}
