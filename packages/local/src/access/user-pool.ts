import { userPoolNotFound } from '../domain/pools/faults.js';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';

/** @throws ResourceNotFoundException */
export function userPool(context: OperationContext, id: string | undefined): UserPoolRecord {
  const pool = context.storage.userPools.find(id as string);
  if (pool === undefined) throw userPoolNotFound(id as string);
  return pool;
}
