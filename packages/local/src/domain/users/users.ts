import type { AliasAttributeType, UserStatusType, UserType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { Storage } from '../../storage/storage.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { invalidParameter } from '../faults.js';
import { newSub } from '../ids.js';
import { type Attributes, attributeList, isEmail, isPhoneNumber, withoutEmpty } from './attributes.js';
import { accountWithAttributeExists } from './faults.js';

/** A value as the pool compares it. */
export function fold(pool: UserPoolRecord, value: string): string {
  return pool.settings.UsernameConfiguration?.CaseSensitive === false ? value.toLowerCase() : value;
}

function aliasAttributes(pool: UserPoolRecord): readonly AliasAttributeType[] {
  return pool.settings.AliasAttributes ?? pool.settings.UsernameAttributes ?? [];
}

/** Whether users of the pool sign in with an e-mail address or a phone number in place of a username. */
function hasUsernameAttributes(pool: UserPoolRecord): boolean {
  return (pool.settings.UsernameAttributes?.length ?? 0) > 0;
}

/** The user whom this name signs in: a username, or the value of an alias. */
export function findUser(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  name: string,
): UserRecord | undefined {
  const key = fold(pool, name);
  const byUsername = () => storage.users.findByUsername(pool.id, key);
  // Where addresses are the names of users, usernames are made up and look like none: no order can matter.
  if (hasUsernameAttributes(pool)) return findByAlias(storage, pool, key) ?? byUsername();
  return byUsername() ?? findByAlias(storage, pool, key);
}

function findByAlias({ users }: Storage, pool: UserPoolRecord, key: string): UserRecord | undefined {
  for (const attribute of aliasAttributes(pool)) {
    const sub = users.aliasOwner(pool.id, attribute, key);
    if (sub !== undefined) return users.findBySub(pool.id, sub);
  }
  return undefined;
}

/** Administrators may name a user by `sub` as well. */
export function findUserAsAdmin(
  context: OperationContext,
  pool: UserPoolRecord,
  name: string,
): UserRecord | undefined {
  // The `sub` first: nobody is to be reached by an id and somebody else who took it for a name found.
  return context.storage.users.findBySub(pool.id, name) ?? findUser(context, pool, name);
}

/**
 * The attributes that come with a requested username: in a pool of e-mail addresses or phone numbers the
 * name is one of them.
 *
 * @throws InvalidParameterException when the pool does not take a name of this shape.
 */
export function attributesWithUsername(
  pool: UserPoolRecord,
  username: string,
  attributes: Attributes,
): Record<string, string> {
  const kinds = pool.settings.UsernameAttributes ?? [];
  if (kinds.length > 0) {
    if (kinds.includes('email') && isEmail(username)) return { ...attributes, email: username };
    if (kinds.includes('phone_number') && isPhoneNumber(username)) {
      return { ...attributes, phone_number: username };
    }
    if (kinds.length > 1) {
      throw invalidParameter('Username should be either an email or a phone number.');
    }
    throw invalidParameter(
      kinds[0] === 'email' ? 'Username should be an email.' : 'Username should be a phone number.',
    );
  }
  for (const name of [username, attributes['preferred_username'] ?? '']) checkNotAliasShaped(pool, name);
  return { ...attributes };
}

/** @throws InvalidParameterException for a name that the pool would take for somebody's alias. */
export function checkNotAliasShaped(pool: UserPoolRecord, name: string): void {
  const aliases = pool.settings.AliasAttributes ?? [];
  if (aliases.includes('preferred_username') && name.includes('\0')) {
    // SQLite would look no further, and take it for the name that comes before.
    throw invalidParameter('preferred_username cannot hold the character U+0000.');
  }
  if (aliases.includes('email') && isEmail(name)) {
    throw invalidParameter(
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
  }
  if (aliases.includes('phone_number') && isPhoneNumber(name)) {
    throw invalidParameter(
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    );
  }
}

/** Administrators name users by `sub` and by alias as well: a username that is either would stand in for its owner. */
function isSomebodysOtherName(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  username: string,
  usernameKey: string,
): boolean {
  return (
    storage.users.findBySub(pool.id, username) !== undefined ||
    aliasAttributes(pool).some(
      (attribute) => storage.users.aliasOwner(pool.id, attribute, usernameKey) !== undefined,
    )
  );
}

export interface NewUser {
  /** As requested; pools of e-mail addresses or phone numbers keep the `sub` instead. */
  readonly username: string;
  readonly attributes: Attributes;
  readonly status: UserStatusType;
  /** Where it has been shown already. */
  readonly sub?: string;
}

/** The name that a new user is kept under, which a pool of e-mail addresses or phone numbers makes up. */
export function ownUsername(pool: UserPoolRecord, requested: string, sub: string): string {
  return hasUsernameAttributes(pool) ? sub : requested;
}

/**
 * Writes a new user, without a password and without aliases in pools where those are confirmed first.
 * In a transaction of the caller's.
 *
 * @param whenTaken The error for a username that somebody has.
 * @throws UsernameExistsException for an e-mail address or phone number that is somebody's username.
 */
export function insertUser(
  context: OperationContext,
  pool: UserPoolRecord,
  { username, attributes, status, sub = newSub() }: NewUser,
  whenTaken: () => Error,
): UserRecord {
  const { storage, clock } = context;
  const ownName = ownUsername(pool, username, sub);
  const usernameKey = fold(pool, ownName);
  if (storage.users.findByUsername(pool.id, usernameKey) !== undefined) throw whenTaken();
  if (isSomebodysOtherName(context, pool, ownName, usernameKey)) throw whenTaken();
  const now = clock.now();
  const user: UserRecord = {
    userPoolId: pool.id,
    sub,
    username: ownName,
    usernameKey,
    status,
    enabled: true,
    attributes: withoutEmpty(attributes),
    password: undefined,
    passwordSetAt: undefined,
    createdAt: now,
    modifiedAt: now,
  };
  for (const attribute of pool.settings.UsernameAttributes ?? []) {
    claimUsernameAttribute(context, pool, user, attribute, () => accountWithAttributeExists(attribute));
  }
  storage.users.insert(user);
  return user;
}

/**
 * Makes an e-mail address or a phone number a name that signs the user in, in pools where those are
 * usernames: at once, verified or not. In a transaction of the caller's.
 */
export function claimUsernameAttribute(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  attribute: 'email' | 'phone_number',
  whenTaken: () => Error,
): void {
  const value = user.attributes[attribute];
  if (value === undefined || !pool.settings.UsernameAttributes?.includes(attribute)) return;
  const key = fold(pool, value);
  const owner = storage.users.aliasOwner(pool.id, attribute, key);
  if (owner !== undefined && owner !== user.sub) throw whenTaken();
  storage.users.setAlias(pool.id, attribute, key, user.sub);
}

const VERIFICATION_FLAG = { email: 'email_verified', phone_number: 'phone_number_verified' } as const;

/**
 * Gives the user the right to sign in with an attribute, where the pool allows aliases. In a transaction
 * of the caller's.
 *
 * @param force Take it from the user who has it, whose attribute becomes unverified.
 * @param whenTaken The error when another user has it and `force` is off.
 */
export function claimAlias(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  attribute: AliasAttributeType,
  force: boolean,
  whenTaken: () => Error,
): void {
  const value = user.attributes[attribute];
  if (value === undefined || !pool.settings.AliasAttributes?.includes(attribute)) return;
  const key = fold(pool, value);
  const ownerSub = storage.users.aliasOwner(pool.id, attribute, key);
  if (ownerSub === user.sub) return;
  if (ownerSub !== undefined) {
    if (!force) throw whenTaken();
    const owner = storage.users.findBySub(pool.id, ownerSub);
    if (owner !== undefined && attribute !== 'preferred_username') {
      storage.users.update({
        ...owner,
        attributes: { ...owner.attributes, [VERIFICATION_FLAG[attribute]]: 'false' },
        modifiedAt: clock.now(),
      });
    }
  }
  storage.users.setAlias(pool.id, attribute, key, user.sub);
}

export function verificationFlag(
  attribute: 'email' | 'phone_number',
): 'email_verified' | 'phone_number_verified' {
  return VERIFICATION_FLAG[attribute];
}

/** The user as AdminCreateUser and the lists answer it. */
export function userView(user: UserRecord): UserType {
  return {
    Username: user.username,
    Attributes: attributeList(user),
    Enabled: user.enabled,
    UserCreateDate: new Date(user.createdAt),
    UserLastModifiedDate: new Date(user.modifiedAt),
    UserStatus: user.status,
  };
}
