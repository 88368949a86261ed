import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { SearchField } from '../../storage/user-search.js';
import { invalidParameter } from '../faults.js';
import { fold } from './users.js';

/** What a filter asks the index for; `none` for what no user can have. */
export type UserQuery =
  | { readonly kind: 'equal'; readonly field: SearchField; readonly value: string | number }
  | { readonly kind: 'startingWith'; readonly field: SearchField; readonly prefix: string }
  | { readonly kind: 'none' };

const EVERYONE: UserQuery = { kind: 'startingWith', field: 'username', prefix: '' };

/** One term: `<attribute> = "<value>"` or `^=` for a prefix; quotes in the value are escaped with a backslash. */
const TERM = /^\s*([\w:-]+)\s*(\^?=)\s*"((?:[^"\\\0]|\\[^\0])*)"\s*$/su;

/**
 * Reads the filter of ListUsers.
 *
 * @throws InvalidParameterException
 */
export function readFilter(pool: UserPoolRecord, filter: string | undefined): UserQuery {
  if (filter === undefined || filter.trim() === '') return EVERYONE;
  const [, attribute, operator, quoted] = TERM.exec(filter) ?? [];
  if (attribute === undefined || quoted === undefined) throw invalidParameter('Error while parsing filter.');
  const value = quoted.replace(/\\(.)/gsu, '$1');
  const by = (field: SearchField, text: string): UserQuery =>
    operator === '=' ? { kind: 'equal', field, value: text } : { kind: 'startingWith', field, prefix: text };
  switch (attribute) {
    case 'username':
      return by('username', fold(pool, value));
    case 'sub':
      return by('sub', value);
    case 'cognito:user_status':
      return by('status', value.toUpperCase());
    case 'status':
      return byStatus(operator === '=' ? (text) => text === value : (text) => text.startsWith(value));
    case 'email':
    case 'phone_number':
    case 'name':
    case 'given_name':
    case 'family_name':
    case 'preferred_username':
      // As the index folds it: of other letters than these SQLite knows no case.
      return by(
        attribute,
        value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
      );
    default:
      throw invalidParameter(`Invalid search attribute: ${attribute}`);
  }
}

/** `status` is not the user's status but whether the user is enabled. */
function byStatus(matches: (status: string) => boolean): UserQuery {
  const [enabled, disabled] = [matches('Enabled'), matches('Disabled')];
  if (enabled && disabled) return EVERYONE;
  if (!enabled && !disabled) return { kind: 'none' };
  return { kind: 'equal', field: 'enabled', value: enabled ? 1 : 0 };
}
