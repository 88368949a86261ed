import { checkPasskey } from '../passkeys/passkey-sign-in.js';
import { incorrectCredentials } from '../passwords/faults.js';
import { claimOf } from '../sign-in/choice-sign-in.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, required, withProven } from '../sign-in/sign-in-progress.js';

/**
 * The signature of a passkey. The session stays good for another try.
 *
 * @throws InvalidParameterException, NotAuthorizedException
 */
export const WEB_AUTHN: ChallengeResponder = async (context, answer) => {
  const { pool } = answer.access;
  const credential = required(answer.responses, 'CREDENTIAL');
  const { claim, session } = claimOf(context, answer, 'WEB_AUTHN');
  const usePasskey = await checkPasskey(context, pool, claim.user, session, credential);
  // While the signature was checked, the session may have been used or the user disabled.
  const { user, access, progress, write, clientMetadata } = claimOf(context, answer, 'WEB_AUTHN').claim;
  if (user === undefined) throw incorrectCredentials();
  return continueSignIn(context, { ...access, user }, withProven(progress, 'WEB_AUTHN'), {
    write: () => {
      write?.();
      usePasskey();
    },
    clientMetadata,
  });
};
