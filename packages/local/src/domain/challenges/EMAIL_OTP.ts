import { answerFirstFactorCode, isFirstFactor } from '../choice-sign-in.js';
import { withFactor } from '../mfa.js';
import { answeredSession, useSession } from '../sessions.js';
import { continueSignIn } from '../sign-in.js';
import { checkSignInCode, keepProvenDestination, withProvenDestination } from '../sign-in-codes.js';
import { type ChallengeResponder, required } from '../sign-in-progress.js';

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
