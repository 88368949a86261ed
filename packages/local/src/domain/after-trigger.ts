import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { clientNotFound } from './clients/faults.js';
import type { ClientAccess } from './clients/user-pool-client.js';
import { userPoolNotFound } from './pools/faults.js';

/*
 * While a trigger runs nothing is locked, and the function may itself call the server. What is written
 * after it rests on what is read after it.
 */

/** @throws ResourceNotFoundException when it was deleted meanwhile. */
export function poolNow({ storage }: OperationContext, { id }: UserPoolRecord): UserPoolRecord {
  const pool = storage.userPools.find(id);
  if (pool === undefined) throw userPoolNotFound(id);
  return pool;
}

/** @throws ResourceNotFoundException when one of them was deleted meanwhile. */
export function accessNow(context: OperationContext, access: ClientAccess): ClientAccess {
  const client = context.storage.clients.find(access.client.id);
  if (client === undefined) throw clientNotFound(access.client.id);
  return { client, pool: poolNow(context, access.pool) };
}
