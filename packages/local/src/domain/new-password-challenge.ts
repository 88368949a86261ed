import type { OperationContext } from '../operation.js';
import type { UserRecord } from '../storage/users.js';
import { type Attributes, checkAgainstSchema, checkClientMayWrite, withoutEmpty } from './attributes.js';
import {
  accountWithAttributeExists,
  aliasExists,
  invalidParameter,
  invalidSession,
  notAuthorized,
  userDisabled,
} from './faults.js';
import { changePassword } from './password-change.js';
import { requiredAttributes } from './schema.js';
import { findSession, useSession } from './sessions.js';
import { type AuthAnswer, completeSignIn, type Parameters, required } from './sign-in.js';
import type { ClientAccess } from './user-pool-client.js';
import { checkNotAliasShaped, claimAlias, claimUsernameAttribute, findUser } from './users.js';

const ATTRIBUTE_PREFIX = 'userAttributes.';

/**
 * Answers NEW_PASSWORD_REQUIRED: the user's own password in place of the temporary one, and the required
 * attributes that an administrator left out. The session stays usable until an answer is accepted.
 *
 * @throws CognitoServiceError in the cases of behaviour.md, C.9.
 */
export async function answerNewPassword(
  context: OperationContext,
  { client, pool }: ClientAccess,
  sessionToken: string,
  responses: Parameters,
): Promise<AuthAnswer> {
  const username = required(responses, 'USERNAME');
  const password = required(responses, 'NEW_PASSWORD');
  const { storage } = context;
  const session = findSession(context, client, sessionToken, 'NEW_PASSWORD_REQUIRED');
  const user = storage.users.findBySub(pool.id, session.sub);
  if (user === undefined || findUser(context, pool, username)?.sub !== user.sub) throw invalidSession();
  if (!user.enabled) throw userDisabled();
  // The password that the session stands for has been replaced or accepted in the meantime.
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw invalidSession();

  const given = withoutEmpty(givenAttributes(responses));
  checkAttributes(client, pool, user, given);

  const completed: UserRecord = { ...user, attributes: { ...user.attributes, ...given } };
  const { user: updated, write } = changePassword(context, pool, completed, password, {
    refusal: 'Password does not conform to policy',
    status: 'CONFIRMED',
  });
  return completeSignIn(context, { client, pool, user: updated }, () => {
    useSession(context, sessionToken);
    write();
    for (const attribute of ['email', 'phone_number'] as const) {
      if (given[attribute] === undefined) continue;
      claimUsernameAttribute(context, pool, updated, attribute, () => accountWithAttributeExists(attribute));
    }
    if (given['preferred_username'] !== undefined) {
      claimAlias(context, pool, updated, 'preferred_username', false, aliasExists);
    }
  });
}

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
  checkClientMayWrite(client, given);
  checkAgainstSchema(pool, given);
  checkNotAliasShaped(pool, given['preferred_username'] ?? '');
  const provided = Object.keys(given).find((name) => user.attributes[name] !== undefined);
  if (provided !== undefined) throw notAuthorized(`Cannot modify an already provided ${provided}`);
  const missing = requiredAttributes(pool).find(
    (name) => user.attributes[name] === undefined && given[name] === undefined,
  );
  if (missing !== undefined) throw invalidParameter(`Invalid attributes given, ${missing} is missing`);
}
