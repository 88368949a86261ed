import type {
  VerifySoftwareTokenRequest,
  VerifySoftwareTokenResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { setUpSession } from '../access/set-up-session.js';
import { softwareTokenNotFound } from '../domain/mfa/faults.js';
import { verifySoftwareToken } from '../domain/mfa/software-token.js';
import type { Operation } from '../operation.js';

/** With a session the app is registered as well, whether the sign-in is finished or not. */
export const VerifySoftwareToken: Operation<VerifySoftwareTokenRequest, VerifySoftwareTokenResponse> = async (
  input,
  context,
) => {
  const given = { code: input.UserCode as string, name: input.FriendlyDeviceName };
  const setUp = setUpSession(context, input);
  if (setUp !== undefined) {
    const { pool, user } = setUp.principal;
    const secret = setUp.data['secret'] as string | undefined;
    if (secret === undefined) throw softwareTokenNotFound();
    const register = verifySoftwareToken(context, pool, user, { ...given, secret });
    const Session = context.storage.transaction(() => {
      register();
      return setUp.goOn({ verified: true });
    });
    return { Status: 'SUCCESS', Session };
  }
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  verifySoftwareToken(context, pool, user, given)();
  return { Status: 'SUCCESS' };
};
