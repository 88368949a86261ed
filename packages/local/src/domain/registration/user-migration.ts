import { CognitoServiceError } from '../../errors.js';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import type { Caller } from '../../triggers/event.js';
import { type MigratedUser, userMigration } from '../../triggers/user-migration.js';
import { accessNow } from '../after-trigger.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { type Destination, deliver, mediumOf } from '../messages/messages.js';
import { derivePassword } from '../passwords/passwords.js';
import { checkLockout, subjectOf } from '../sign-in/attempts.js';
import { checkAgainstSchema, checkFlags } from '../users/attributes.js';
import { accountWithAttributeExists, aliasConfirmedElsewhere, userExists } from '../users/faults.js';
import {
  attributesWithUsername,
  claimAlias,
  findUser,
  insertUser,
  verificationFlag,
} from '../users/users.js';
import { migrationFailed } from './faults.js';

/**
 * Asks the pool's UserMigration function about a name that nobody has, and creates the user whom it
 * describes, with the password that was sent: the pool's policy is not applied to it.
 *
 * @param password What was sent to sign in; `undefined` for a forgotten one.
 * @returns `undefined` when the function knows nobody, or there is no function.
 * @throws UserNotFoundException when what it describes is no user of this pool.
 */
export async function migrateUser(
  context: OperationContext,
  access: ClientAccess,
  username: string,
  password: string | undefined,
  caller: Caller,
): Promise<UserRecord | undefined> {
  if (!context.triggers.has(access.pool, 'UserMigration')) return undefined;
  checkLockout(context, access.pool, subjectOf(access.pool, undefined, username));
  const migrated = await userMigration(context, access.pool, username, password, caller);
  const { pool, client } = accessNow(context, access);
  // Somebody was faster, or the function itself created the user.
  const existing = findUser(context, pool, username);
  if (existing !== undefined || migrated === undefined) return existing;
  const user = create(context, pool, client.id, username, password, migrated);
  // The ClientMetadata of InitiateAuth reaches no message.
  const sender = password === undefined ? caller : { clientId: client.id };
  for (const destination of welcomeDestinations(migrated, user)) {
    // There is no temporary password: the user has one of his own.
    await deliver(context, pool, user, destination, 'CustomMessage_AdminCreateUser', HIDDEN, sender);
  }
  return user;
}

const HIDDEN = '********';

function create(
  context: OperationContext,
  pool: UserPoolRecord,
  clientId: string,
  username: string,
  password: string | undefined,
  migrated: MigratedUser,
): UserRecord {
  const { username: renamed, sub: _sub, 'cognito:user_status': _status, ...described } = migrated.attributes;
  try {
    const attributes = attributesWithUsername(pool, renamed || username, described);
    checkAgainstSchema(pool, attributes);
    checkFlags(attributes, attributes);
    return context.storage.transaction(() => {
      const created = insertUser(
        context,
        pool,
        { username: renamed || username, attributes, status: migrated.status },
        userExists,
      );
      const user: UserRecord = {
        ...created,
        ...(password !== undefined && {
          password: derivePassword(pool.id, created.username, password),
          passwordSetAt: context.clock.now(),
        }),
      };
      context.storage.users.update(user);
      for (const attribute of ['email', 'phone_number'] as const) {
        if (user.attributes[verificationFlag(attribute)] !== 'true') continue;
        claimAlias(context, pool, user, attribute, migrated.forceAliasCreation, () =>
          aliasConfirmedElsewhere(attribute),
        );
      }
      claimAlias(context, pool, user, 'preferred_username', false, () =>
        accountWithAttributeExists('preferred_username'),
      );
      if (migrated.enableSmsMfa) context.storage.mfa.set(pool.id, user.sub, { enabled: ['SMS_MFA'] });
      return user;
    });
  } catch (error) {
    if (error instanceof CognitoServiceError) throw migrationFailed(clientId);
    throw error;
  }
}

function welcomeDestinations(
  { sendsWelcome, mediums }: MigratedUser,
  { attributes }: UserRecord,
): Destination[] {
  if (!sendsWelcome) return [];
  return (['phone_number', 'email'] as const)
    .flatMap((attribute): Destination[] => {
      const value = attributes[attribute];
      return value ? [{ attribute, value }] : [];
    })
    .filter((destination) => mediums.includes(mediumOf(destination)));
}
