import type {
  AssociateSoftwareTokenRequest,
  AssociateSoftwareTokenResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { setUpSession } from '../access/set-up-session.js';
import { associateSoftwareToken, newSoftwareTokenSecret } from '../domain/mfa/software-token.js';
import type { Operation } from '../operation.js';

/** With a session the secret goes along with it, and nothing is kept with the user. */
export const AssociateSoftwareToken: Operation<
  AssociateSoftwareTokenRequest,
  AssociateSoftwareTokenResponse
> = async (input, context) => {
  const setUp = setUpSession(context, input);
  if (setUp !== undefined) {
    const secret = newSoftwareTokenSecret(setUp.principal.pool);
    return { SecretCode: secret, Session: setUp.goOn({ secret }) };
  }
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return { SecretCode: associateSoftwareToken(context, pool, user) };
};
