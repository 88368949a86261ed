import { withFactor } from '../mfa/mfa.js';
import { checkSignInCode, keepProvenDestination, withProvenDestination } from '../mfa/sign-in-codes.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/**
 * The code of a text message. The right one proves the phone number as well.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export const SMS_MFA: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const code = required(answer.responses, 'SMS_MFA_CODE');
  const { session, user, progress } = answeredSession(context, answer, 'SMS_MFA');
  const { destination } = checkSignInCode(context, pool, user, session, code);
  return continueSignIn(
    context,
    { client, pool, user: withProvenDestination(context, pool, user, destination) },
    withFactor(progress, 'SMS_MFA'),
    {
      write: () => {
        useSession(context, session);
        keepProvenDestination(context, pool, user.sub, destination);
      },
      clientMetadata: answer.clientMetadata,
    },
  );
};
