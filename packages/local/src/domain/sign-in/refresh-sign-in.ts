import { refreshSecretHashWrong, secretHashMissing } from '../clients/faults.js';
import { secretHashMatches } from '../clients/secret-hash.js';
import { allowsFlow } from '../clients/user-pool-client.js';
import { checkDeviceOfRefresh } from '../devices/devices.js';
import { invalidParameter } from '../faults.js';
import { rotationNotSupportedHere } from '../tokens/faults.js';
import { checkRefreshable, findRefreshToken, originOfRefreshed, rotates } from '../tokens/refresh-tokens.js';
import { issueTokens } from '../tokens/tokens.js';
import { touchSession } from '../tokens/user-sessions.js';
import { type Flow, required } from './sign-in-progress.js';
import { askBeforeRefresh } from './sign-in-triggers.js';

/**
 * REFRESH_TOKEN_AUTH: new access and ID tokens, no new refresh token.
 *
 * @throws NotAuthorizedException where AWS answers with one; UnsupportedOperationException for a
 * client whose refresh tokens rotate.
 */
export const refreshSignIn: Flow = async (context, { access, parameters }) => {
  const { client, pool } = access;
  const refreshToken = required(parameters, 'REFRESH_TOKEN');
  const secretHash = parameters['SECRET_HASH'];
  if (client.secrets.length > 0 && secretHash === undefined) throw secretHashMissing(client.id);
  if (rotates(client)) throw rotationNotSupportedHere();
  if (!allowsFlow(client, 'ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter('REFRESH_TOKEN_AUTH flow not enabled for this client');
  }
  const token = findRefreshToken(context, access, refreshToken);
  const { signIn, user } = token;
  // The request names nobody: the hash is over the real username, never over an alias.
  if (client.secrets.length > 0 && !secretHashMatches(client, user.username, secretHash as string)) {
    throw refreshSecretHashWrong(client.id);
  }
  checkRefreshable(context, client, token);
  checkDeviceOfRefresh(pool, signIn.device, parameters['DEVICE_KEY']);
  // AWS passes the ClientMetadata of this operation on to no trigger.
  const { now, overrides } = await askBeforeRefresh(context, { client, pool, user }, signIn, undefined);
  touchSession(context, signIn);
  const tokens = await issueTokens(context, now, originOfRefreshed(now.client, signIn), overrides);
  return { AuthenticationResult: tokens, ChallengeParameters: {} };
};
