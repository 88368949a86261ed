import type { AdminCreateUserRequest, UserType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import type { Caller } from '../../triggers/event.js';
import { preSignUp } from '../../triggers/pre-sign-up.js';
import { poolNow } from '../after-trigger.js';
import { invalidParameter } from '../faults.js';
import { newSub } from '../ids.js';
import { type Destination, deliver, mediumOf } from '../messages/messages.js';
import { changePassword } from '../passwords/password-change.js';
import { checkPasswordPolicy, generatePassword } from '../passwords/password-policy.js';
import { type Attributes, attributesOf, checkAgainstSchema, checkFlags } from '../users/attributes.js';
import { aliasExists, userAccountExists, userNotFound } from '../users/faults.js';
import {
  attributesWithUsername,
  claimAlias,
  findUserAsAdmin,
  insertUser,
  ownUsername,
  userView,
  verificationFlag,
} from '../users/users.js';
import { resendNotPossible } from './faults.js';
import { canDoWithoutPassword } from './passwordless.js';

const POLICY_REFUSAL = 'Password did not conform with password policy';

/**
 * AdminCreateUser for a new user: FORCE_CHANGE_PASSWORD with a temporary password, which is sent to the
 * user unless MessageAction is SUPPRESS; or CONFIRMED and without one, where the request names none and the
 * user can sign in with codes. The pool's required attributes are not asked for here; the user
 * is asked for them with the new password. What a PreSignUp function answers counts for users who sign up
 * themselves; here it can only refuse.
 */
export async function inviteUser(
  context: OperationContext,
  pool: UserPoolRecord,
  request: AdminCreateUserRequest,
): Promise<UserType> {
  const invitation = prepareInvitation(pool, request);
  const { username, attributes, sub, password } = invitation;
  const destinations = request.MessageAction === 'SUPPRESS' ? [] : destinationsOf(request, attributes);
  const caller = { clientMetadata: request.ClientMetadata };
  await preSignUp(
    context,
    pool,
    {
      source: 'PreSignUp_AdminCreateUser',
      userName: ownUsername(pool, username, sub),
      attributes,
      validationData: request.ValidationData && attributesOf(request.ValidationData),
    },
    caller,
  );
  const user = writeInvitation(context, poolNow(context, pool), invitation);
  // There is nothing to tell a user who has no password.
  if (password !== undefined) await send(context, pool, user, destinations, password, caller);
  return userView(user);
}

/** A user who is declared rather than made: no function is asked, and nothing is sent. Synchronous. */
export function declareUser(
  context: OperationContext,
  pool: UserPoolRecord,
  request: AdminCreateUserRequest,
): UserRecord {
  return writeInvitation(context, pool, prepareInvitation(pool, request));
}

interface Invitation {
  readonly username: string;
  readonly sub: string;
  readonly attributes: Attributes;
  /** None for a user who signs in with codes. */
  readonly password: string | undefined;
  readonly forceAliasCreation: boolean;
}

function prepareInvitation(pool: UserPoolRecord, request: AdminCreateUserRequest): Invitation {
  const username = request.Username as string;
  const attributes = attributesWithUsername(pool, username, attributesOf(request.UserAttributes));
  checkAgainstSchema(pool, attributes, 'Attributes did not conform to the schema: ');
  checkFlags(attributes, attributes);
  return {
    username,
    sub: newSub(),
    attributes,
    password:
      !request.TemporaryPassword && canDoWithoutPassword(pool, attributes)
        ? undefined
        : temporaryPassword(pool, request),
    forceAliasCreation: request.ForceAliasCreation ?? false,
  };
}

function writeInvitation(
  context: OperationContext,
  pool: UserPoolRecord,
  { username, sub, attributes, password, forceAliasCreation }: Invitation,
): UserRecord {
  const status = password === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
  return context.storage.transaction(() => {
    const created = insertUser(context, pool, { username, sub, attributes, status }, userAccountExists);
    const changed =
      password === undefined
        ? { user: created, write: () => {} }
        : changePassword(context, pool, created, password, { refusal: POLICY_REFUSAL, status });
    changed.write();
    claimAliases(context, pool, created, forceAliasCreation);
    return changed.user;
  });
}

/** MessageAction RESEND: another invitation with another temporary password, good for its whole time again. */
export async function inviteAgain(
  context: OperationContext,
  pool: UserPoolRecord,
  request: AdminCreateUserRequest,
): Promise<UserType> {
  const user = findUserAsAdmin(context, pool, request.Username as string);
  if (user === undefined) throw userNotFound();
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw resendNotPossible(user.username);
  const password = temporaryPassword(pool, request);
  const destinations = destinationsOf(request, user.attributes);
  const changed = changePassword(context, pool, user, password, {
    refusal: POLICY_REFUSAL,
    status: 'FORCE_CHANGE_PASSWORD',
  });
  context.storage.transaction(changed.write);
  const caller = { clientMetadata: request.ClientMetadata };
  await send(context, pool, changed.user, destinations, password, caller);
  return userView(changed.user);
}

/** Checked before anything is written, so that a refusal leaves no user behind. */
function temporaryPassword(pool: UserPoolRecord, request: AdminCreateUserRequest): string {
  const password = request.TemporaryPassword ?? generatePassword(pool);
  checkPasswordPolicy(pool, password, POLICY_REFUSAL);
  return password;
}

function claimAliases(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  force: boolean,
): void {
  for (const attribute of ['email', 'phone_number'] as const) {
    if (user.attributes[verificationFlag(attribute)] === 'true') {
      claimAlias(context, pool, user, attribute, force, aliasExists);
    }
  }
  // ForceAliasCreation speaks of addresses and numbers only.
  claimAlias(context, pool, user, 'preferred_username', false, aliasExists);
}

/**
 * Where the invitation goes. AWS's default medium is SMS; a user without a phone number is written to by
 * e-mail then, and one with neither is not written to.
 */
function destinationsOf(request: AdminCreateUserRequest, attributes: Attributes): Destination[] {
  const known = (['phone_number', 'email'] as const).flatMap((attribute): Destination[] => {
    const value = attributes[attribute];
    return value ? [{ attribute, value }] : [];
  });
  const wanted = request.DesiredDeliveryMediums;
  if (!wanted?.length) return known.slice(0, 1);
  const destinations = known.filter((destination) => wanted.includes(mediumOf(destination)));
  if (destinations.length === 0) {
    throw invalidParameter(
      `User has no ${wanted.includes('EMAIL') ? 'email' : 'phone_number'} to deliver the message to.`,
    );
  }
  return destinations;
}

async function send(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  destinations: readonly Destination[],
  password: string,
  caller: Caller,
): Promise<void> {
  for (const destination of destinations) {
    await deliver(context, pool, user, destination, 'CustomMessage_AdminCreateUser', password, caller);
  }
}
