import type { Connection, Row } from './sqlite.js';
import { toUserRecord, type UserRecord } from './users.js';

/** Attributes are found whatever the case of their (basic Latin) letters. */
const attribute = (name: string) => `lower(json_extract(attributes, '$.${name}'))`;

/** What users are found by, as the indexes have it: see the migration that makes them. */
const FIELDS = {
  username: 'username_key',
  sub: 'sub',
  status: 'status',
  enabled: 'enabled',
  email: attribute('email'),
  phone_number: attribute('phone_number'),
  name: attribute('name'),
  given_name: attribute('given_name'),
  family_name: attribute('family_name'),
  preferred_username: attribute('preferred_username'),
} as const;

export type SearchField = keyof typeof FIELDS;

/** Where a user stands in the order of a field's values. */
export interface SearchPosition {
  readonly value: string | number;
  readonly id: number;
}

export interface FoundUser {
  readonly user: UserRecord;
  readonly position: SearchPosition;
}

/** Finds users by an index, whatever is asked for: what a page costs does not grow with the users. */
export interface UserSearch {
  /** Users with this value, which must be in the form that the field is kept in. */
  equal(
    userPoolId: string,
    field: SearchField,
    value: string | number,
    limit: number,
    after?: SearchPosition,
  ): FoundUser[];
  /** Users whose value begins with this, in the order of values; every user who has one, for ''. */
  startingWith(
    userPoolId: string,
    field: SearchField,
    prefix: string,
    limit: number,
    after?: SearchPosition,
  ): FoundUser[];
}

export function userSearch(connection: Connection): UserSearch {
  const statements = new Map<SearchField, ReturnType<typeof prepare>>();
  /** On first use: a server that is not asked need not know how. */
  const of = (field: SearchField) => {
    let prepared = statements.get(field);
    if (prepared === undefined) {
      prepared = prepare(connection, FIELDS[field]);
      statements.set(field, prepared);
    }
    return prepared;
  };
  const equal: UserSearch['equal'] = (userPoolId, field, value, limit, after) =>
    of(field)
      .equal.all(userPoolId, value, after?.id ?? 0, limit)
      .map(toFound);
  return {
    equal,
    startingWith: (userPoolId, field, prefix, limit, after) => {
      const end = endOf(prefix);
      if (after === undefined) return of(field).from.all(userPoolId, prefix, end, limit).map(toFound);
      const sameValue = equal(userPoolId, field, after.value, limit, after);
      if (sameValue.length >= limit) return sameValue;
      const rest = of(field).beyond.all(userPoolId, after.value, end, limit - sameValue.length);
      return [...sameValue, ...rest.map(toFound)];
    },
  };
}

function prepare(connection: Connection, value: string) {
  const select = `SELECT *, ${value} AS found FROM users WHERE user_pool_id = ?`;
  return {
    equal: connection.prepare(`${select} AND ${value} = ? AND id > ? ORDER BY id LIMIT ?`),
    from: connection.prepare(`${select} AND ${value} >= ? AND ${value} < ? ORDER BY ${value}, id LIMIT ?`),
    beyond: connection.prepare(`${select} AND ${value} > ? AND ${value} < ? ORDER BY ${value}, id LIMIT ?`),
  };
}

function toFound(row: Row): FoundUser {
  return {
    user: toUserRecord(row),
    position: { value: row['found'] as string | number, id: Number(row['id']) },
  };
}

const LAST_CODE_POINT = 0x10ffff;

/** The first value after all that begin with the prefix. */
function endOf(prefix: string): string | Uint8Array {
  const characters = [...prefix];
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = last.codePointAt(0) as number;
    if (code === LAST_CODE_POINT) continue;
    // UTF-8 sorts as code points do; between these two there are none.
    return characters.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
  }
  // To SQLite every BLOB comes after every text.
  return new Uint8Array([0]);
}
