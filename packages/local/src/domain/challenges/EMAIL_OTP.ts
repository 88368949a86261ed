import { withFactor } from '../mfa/mfa.js';
import { checkSignInCode, keepProvenDestination, withProvenDestination } from '../mfa/sign-in-codes.js';
import { answerFirstFactorCode, isFirstFactor } from '../sign-in/choice-sign-in.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/**
 * The code of an e-mail. The right one proves the address as well.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export const EMAIL_OTP: ChallengeResponder = async (context, answer) => {
  if (isFirstFactor(context, answer, 'EMAIL_OTP')) return answerFirstFactorCode(context, answer, 'EMAIL_OTP');
  const { client, pool } = answer.access;
  const code = required(answer.responses, 'EMAIL_OTP_CODE');
  const { session, user, progress } = answeredSession(context, answer, 'EMAIL_OTP');
  const { destination, adopt = false } = checkSignInCode(context, pool, user, session, code);
  return continueSignIn(
    context,
    { client, pool, user: withProvenDestination(context, pool, user, destination, { adopt }) },
    withFactor(progress, 'EMAIL_OTP'),
    {
      write: () => {
        useSession(context, session);
        keepProvenDestination(context, pool, user.sub, destination, { adopt });
      },
      clientMetadata: answer.clientMetadata,
    },
  );
};
