import { CognestError } from '../errors/cognest-error.js';
import { kindOf, type MembersOf, refuseOtherMembers } from './input-members.js';
import { isWellFormed } from './well-formed.js';

/** What `ListUsers` can look for. `status` is `Enabled` or `Disabled`; `cognito:user_status` is `CONFIRMED` and so on. */
type SearchableAttribute =
  | 'username'
  | 'sub'
  | 'email'
  | 'phone_number'
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'preferred_username'
  | 'cognito:user_status'
  | 'status';

/** One condition on users, whose text may be a stranger's: it is quoted as Cognito wants it. */
export type UserFilter = { attribute: SearchableAttribute } & (
  | { equals: string; startsWith?: undefined }
  | { startsWith: string; equals?: undefined }
);

const FILTER: MembersOf<UserFilter> = { attribute: true, equals: true, startsWith: true };

/**
 * A filter in Cognito's grammar.
 *
 * @throws {CognestError} `argument_invalid` for what is neither a text nor one condition, or no Unicode: it may come from a request.
 */
export function writeFilter(filter: string | UserFilter): string {
  if (typeof filter === 'string') return wellFormed(filter);
  refuseOtherMembers('"filter"', filter, FILTER);
  const { attribute, equals, startsWith } = filter as Record<keyof UserFilter, unknown>;
  const [operator, value] = equals !== undefined ? ['=', equals] : ['^=', startsWith];
  if (typeof attribute !== 'string' || !/^[\w:]+$/.test(attribute)) {
    throw new CognestError(
      'argument_invalid',
      `"filter.attribute" must be the name of one, got ${typeof attribute === 'string' ? 'another text' : kindOf(attribute)}`,
    );
  }
  if (typeof value !== 'string' || (equals !== undefined && startsWith !== undefined)) {
    throw new CognestError('argument_invalid', '"filter" takes one text, as "equals" or as "startsWith"');
  }
  return `${attribute} ${operator} "${wellFormed(value).replace(/["\\]/g, '\\$&')}"`;
}

function wellFormed(text: string): string {
  if (isWellFormed(text)) return text;
  throw new CognestError('argument_invalid', '"filter" must be well-formed Unicode');
}
