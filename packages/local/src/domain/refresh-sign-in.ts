import { checkDeviceOfRefresh } from './devices.js';
import {
  invalidParameter,
  invalidRefreshToken,
  refreshSecretHashWrong,
  refreshTokenExpired,
  refreshTokenOfDeletedUser,
  refreshTokenOfOtherClient,
  refreshTokenRevoked,
  secretHashMissing,
  userDisabled,
} from './faults.js';
import { secretHashMatches } from './secret-hash.js';
import { hashOf } from './sessions.js';
import { type Flow, required } from './sign-in-progress.js';
import { askBeforeRefresh } from './sign-in-triggers.js';
import { issueTokens } from './tokens.js';
import { allowsFlow } from './user-pool-client.js';

/**
 * REFRESH_TOKEN_AUTH: new access and ID tokens, no new refresh token.
 *
 * @throws NotAuthorizedException in the cases of behaviour.md, C.8.
 */
export const refreshSignIn: Flow = async (context, { access: { client, pool }, parameters }) => {
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
  checkDeviceOfRefresh(pool, signIn.device, parameters['DEVICE_KEY']);
  // AWS passes the ClientMetadata of this operation on to no trigger.
  const { now, overrides } = await askBeforeRefresh(context, { client, pool, user }, signIn, undefined);
  const tokens = await issueTokens(context, now, signIn, overrides);
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
};
