import { withFactor } from '../mfa/mfa.js';
import { checkSoftwareTokenCode } from '../mfa/software-token.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required } from '../sign-in/sign-in-progress.js';

/**
 * The code of an authenticator app, good for a moment and once.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export const SOFTWARE_TOKEN_MFA: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const code = required(answer.responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const { session, user, progress } = answeredSession(context, answer, 'SOFTWARE_TOKEN_MFA');
  const useCode = checkSoftwareTokenCode(context, pool, user, code);
  return continueSignIn(context, { client, pool, user }, withFactor(progress, 'SOFTWARE_TOKEN_MFA'), {
    write: () => {
      useSession(context, session);
      useCode();
    },
    clientMetadata: answer.clientMetadata,
  });
};
