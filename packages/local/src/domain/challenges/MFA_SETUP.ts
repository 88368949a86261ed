import { mfaMethodNotFound, softwareTokenNotFound } from '../mfa/faults.js';
import { withFactor } from '../mfa/mfa.js';
import { poolMfaFactors } from '../mfa/pool-mfa.js';
import { signInCodeChallenge } from '../mfa/sign-in-codes.js';
import { usableFactors } from '../mfa/user-mfa.js';
import { invalidSession } from '../sign-in/faults.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { ask, continueSignIn } from '../sign-in/sign-in.js';
import { type ChallengeResponder, withProven } from '../sign-in/sign-in-progress.js';
import { checkAgainstSchema, checkClientMayWrite } from '../users/attributes.js';

/**
 * A first factor beside the password, for a user who has none where the pool demands one: an authenticator
 * app that VerifySoftwareToken has seen a code of in this session, or with `EMAIL`, as Amplify sends it, an
 * address that a code goes to.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export const MFA_SETUP: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const { session, user, progress } = answeredSession(context, answer, 'MFA_SETUP');
  const principal = { client, pool, user };
  const options = {
    write: () => useSession(context, session),
    clientMetadata: answer.clientMetadata,
  };
  const email = answer.responses['EMAIL'];
  if (email) {
    if (!poolMfaFactors(pool).includes('EMAIL_OTP')) throw mfaMethodNotFound('EMAIL_OTP');
    // Set up in the meantime: a session from before proves no other address in its place.
    if (usableFactors(context, pool, user).length > 0) throw invalidSession();
    checkClientMayWrite(client, ['email']);
    checkAgainstSchema(pool, { email });
    const destination = { attribute: 'email', value: email } as const;
    return ask(
      context,
      principal,
      withProven(progress, 'MFA_SETUP'),
      signInCodeChallenge(context, principal, 'EMAIL_OTP', destination, { adopt: true }),
      options,
    );
  }
  if (session.data['verified'] !== true) throw softwareTokenNotFound();
  return continueSignIn(context, principal, withFactor(progress, 'MFA_SETUP'), options);
};
