import type {
  ChangePasswordRequest,
  ChangePasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { incorrectCredentials } from '../domain/passwords/faults.js';
import { changePassword } from '../domain/passwords/password-change.js';
import { passwordMatches } from '../domain/passwords/passwords.js';
import { checkAttempts, countAttempt } from '../domain/sign-in/attempts.js';
import { recorded } from '../domain/sign-in/auth-events.js';
import type { Operation } from '../operation.js';

/**
 * Tokens that were issued stay valid, as on AWS. A user who has no password yet sets a first one without
 * a previous one.
 */
export const ChangePassword: Operation<ChangePasswordRequest, ChangePasswordResponse> = async (
  input,
  context,
) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return recorded(context, pool, { type: 'PasswordChange', username: user.username }, async () => {
    checkAttempts(context, pool, user.sub, 'ChangePassword');
    const previous = input.PreviousPassword;
    if (user.password && (previous === undefined || !passwordMatches(user, user.password, previous))) {
      countAttempt(context, pool, user.sub, 'ChangePassword');
      throw incorrectCredentials();
    }
    const changed = changePassword(context, pool, user, input.ProposedPassword as string, {
      refusal: 'Password did not conform with policy',
      status: user.status,
    });
    context.storage.transaction(changed.write);
    return {};
  });
};
