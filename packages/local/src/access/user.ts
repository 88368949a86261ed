import { userNotFound } from '../domain/users/faults.js';
import { findUserAsAdmin } from '../domain/users/users.js';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { UserRecord } from '../storage/users.js';
import { userPool } from './user-pool.js';

/**
 * The pool and the user of an admin operation.
 *
 * @throws ResourceNotFoundException, UserNotFoundException
 */
export function poolUser(
  context: OperationContext,
  input: { readonly UserPoolId: string | undefined; readonly Username: string | undefined },
): { readonly pool: UserPoolRecord; readonly user: UserRecord } {
  const pool = userPool(context, input.UserPoolId);
  const user = findUserAsAdmin(context, pool, input.Username as string);
  if (user === undefined) throw userNotFound();
  return { pool, user };
}
