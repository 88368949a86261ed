import type {
  ListUsersRequest,
  ListUsersResponse,
  UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { FoundUser, SearchPosition } from '../../storage/user-search.js';
import type { UserRecord } from '../../storage/users.js';
import { invalidParameter } from '../faults.js';
import { mfaOptions, userMfa } from '../mfa/user-mfa.js';
import { page } from '../pages.js';
import { schemaAttribute } from '../pools/schema.js';
import { readFilter, type UserQuery } from './user-filter.js';
import { userView } from './users.js';

const TOKEN_VALIDITY_MS = 3_600_000;

/** @throws InvalidParameterException where AWS answers with one. */
export function listUsers(
  context: OperationContext,
  pool: UserPoolRecord,
  request: ListUsersRequest,
): ListUsersResponse {
  const query = readFilter(pool, request.Filter);
  checkRequested(pool, request.AttributesToGet);
  const { items, NextToken } = page(
    {
      list: `ListUsers ${pool.id} ${JSON.stringify(query)}`,
      // AWS's default page, which a limit of 0 asks for as well.
      limit: request.Limit || undefined,
      token: request.PaginationToken,
      expiry: { now: context.clock.now(), afterMs: TOKEN_VALIDITY_MS },
    },
    (limit, after) =>
      search(
        context,
        pool,
        query,
        limit,
        after === undefined ? undefined : (JSON.parse(after) as SearchPosition),
      ),
    ({ position }) => JSON.stringify(position),
  );
  return {
    Users: items.map(({ user }) => ({
      ...viewOf(pool, user, request.AttributesToGet),
      MFAOptions: mfaOptions(userMfa(context, user)),
    })),
    PaginationToken: NextToken,
  };
}

function search(
  { storage: { userSearch } }: OperationContext,
  pool: UserPoolRecord,
  query: UserQuery,
  limit: number,
  after: SearchPosition | undefined,
): FoundUser[] {
  switch (query.kind) {
    case 'equal':
      return userSearch.equal(pool.id, query.field, query.value, limit, after);
    case 'startingWith':
      return userSearch.startingWith(pool.id, query.field, query.prefix, limit, after);
    default:
      return [];
  }
}

const NOT_THERE = 'One or more requested attributes do not exist.';

function checkRequested(pool: UserPoolRecord, names: readonly string[] = []): void {
  if (names.some((name) => schemaAttribute(pool, name) === undefined)) throw invalidParameter(NOT_THERE);
}

/**
 * The user with the attributes that were asked for, of which each user of the answer must have every one.
 *
 * @throws InvalidParameterException
 */
function viewOf(pool: UserPoolRecord, user: UserRecord, names: readonly string[] | undefined): UserType {
  const view = userView(user);
  if (!names?.length) return view;
  const Attributes = view.Attributes?.filter(({ Name }) => names.includes(Name as string)) ?? [];
  const missing = names.find(
    (name) =>
      !schemaAttribute(pool, name)?.Required && !Attributes.some((attribute) => attribute.Name === name),
  );
  if (missing !== undefined) throw invalidParameter(NOT_THERE);
  return { ...view, Attributes };
}
