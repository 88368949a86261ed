import type { AliasAttributeType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { fold, verificationFlag } from './users.js';

const NAMES = ['email', 'phone_number', 'preferred_username'] as const satisfies AliasAttributeType[];

/** What the user signs in with besides the username, by this attribute: its value as the pool compares it. */
function aliasKey(pool: UserPoolRecord, user: UserRecord, attribute: AliasAttributeType): string | undefined {
  const value = user.attributes[attribute];
  if (value === undefined) return undefined;
  if (pool.settings.UsernameAttributes?.some((name) => name === attribute)) return fold(pool, value);
  if (!pool.settings.AliasAttributes?.includes(attribute)) return undefined;
  // An address or a number signs in once it is verified.
  const verified =
    attribute === 'preferred_username' || user.attributes[verificationFlag(attribute)] === 'true';
  return verified ? fold(pool, value) : undefined;
}

/**
 * Lets go of the aliases that a change of attributes took from the user, and claims those that it gave. In
 * the transaction of the change.
 *
 * @param whenTaken The error when another user has the alias.
 */
export function syncAliases(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  before: UserRecord,
  after: UserRecord,
  whenTaken: (attribute: AliasAttributeType) => Error,
): void {
  const { users } = storage;
  for (const attribute of NAMES) {
    const had = aliasKey(pool, before, attribute);
    const has = aliasKey(pool, after, attribute);
    if (had === has) continue;
    if (had !== undefined && users.aliasOwner(pool.id, attribute, had) === after.sub) {
      users.deleteAlias(pool.id, attribute, had);
    }
    if (has === undefined) continue;
    const owner = users.aliasOwner(pool.id, attribute, has);
    if (owner === after.sub) continue;
    if (owner !== undefined) throw whenTaken(attribute);
    users.setAlias(pool.id, attribute, has, after.sub);
  }
}
