import type { UserRecord } from '../../storage/users.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { invalidParameter, notAuthorized } from '../faults.js';
import { changePassword } from '../passwords/password-change.js';
import { requiredAttributes } from '../pools/schema.js';
import { invalidSession } from '../sign-in/faults.js';
import { answeredSession, useSession } from '../sign-in/sessions.js';
import { continueSignIn } from '../sign-in/sign-in.js';
import {
  type ChallengeResponder,
  type Parameters,
  required,
  withProven,
} from '../sign-in/sign-in-progress.js';
import {
  type Attributes,
  checkAgainstSchema,
  checkClientMayWrite,
  withoutEmpty,
} from '../users/attributes.js';
import { accountWithAttributeExists, aliasExists } from '../users/faults.js';
import { checkNotAliasShaped, claimAlias, claimUsernameAttribute } from '../users/users.js';

const ATTRIBUTE_PREFIX = 'userAttributes.';

/**
 * Answers NEW_PASSWORD_REQUIRED: the user's own password in place of the temporary one, and the required
 * attributes that an administrator left out. The session stays usable until an answer is accepted.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export const NEW_PASSWORD_REQUIRED: ChallengeResponder = async (context, answer) => {
  const { client, pool } = answer.access;
  const password = required(answer.responses, 'NEW_PASSWORD');
  const { session, user, progress } = answeredSession(context, answer, 'NEW_PASSWORD_REQUIRED');
  // The password that the session stands for has been replaced or accepted in the meantime.
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw invalidSession();

  const given = withoutEmpty(givenAttributes(answer.responses));
  checkAttributes(client, pool, user, given);

  const completed: UserRecord = { ...user, attributes: { ...user.attributes, ...given } };
  const changed = changePassword(context, pool, completed, password, {
    refusal: 'Password does not conform to policy',
    status: 'CONFIRMED',
  });
  const write = () => {
    useSession(context, session);
    changed.write();
    for (const attribute of ['email', 'phone_number'] as const) {
      if (given[attribute] === undefined) continue;
      claimUsernameAttribute(context, pool, changed.user, attribute, () =>
        accountWithAttributeExists(attribute),
      );
    }
    if (given['preferred_username'] !== undefined) {
      claimAlias(context, pool, changed.user, 'preferred_username', false, aliasExists);
    }
  };
  return continueSignIn(
    context,
    { client, pool, user: changed.user },
    withProven(progress, 'NEW_PASSWORD_REQUIRED'),
    { write, clientMetadata: answer.clientMetadata },
  );
};

function givenAttributes(responses: Parameters): Attributes {
  return Object.fromEntries(
    Object.entries(responses)
      .filter(([key]) => key.startsWith(ATTRIBUTE_PREFIX))
      .map(([key, value]) => [key.slice(ATTRIBUTE_PREFIX.length), value]),
  );
}

function checkAttributes(
  client: ClientAccess['client'],
  pool: ClientAccess['pool'],
  user: UserRecord,
  given: Attributes,
): void {
  checkClientMayWrite(client, Object.keys(given));
  checkAgainstSchema(pool, given);
  checkNotAliasShaped(pool, given['preferred_username'] ?? '');
  const provided = Object.keys(given).find((name) => user.attributes[name] !== undefined);
  if (provided !== undefined) throw notAuthorized(`Cannot modify an already provided ${provided}`);
  const missing = requiredAttributes(pool).find(
    (name) => user.attributes[name] === undefined && given[name] === undefined,
  );
  if (missing !== undefined) throw invalidParameter(`Invalid attributes given, ${missing} is missing`);
}
