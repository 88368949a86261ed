import { clientNotFound, clientNotFoundInPool, describedClientNotFound } from '../domain/clients/faults.js';
import type { ClientAccess } from '../domain/clients/user-pool-client.js';
import { userPoolNotFound } from '../domain/pools/faults.js';
import type { OperationContext } from '../operation.js';
import { userPool } from './user-pool.js';

/**
 * The client of a public operation.
 *
 * @throws ResourceNotFoundException
 */
export function publicClient(context: OperationContext, clientId: string | undefined): ClientAccess {
  const client = context.storage.clients.find(clientId as string);
  if (client === undefined) throw clientNotFound(clientId as string);
  const pool = context.storage.userPools.find(client.userPoolId);
  if (pool === undefined) throw userPoolNotFound(client.userPoolId);
  return { client, pool };
}

/**
 * The client of an admin operation, which names its pool too.
 *
 * @throws ResourceNotFoundException
 */
export function poolClient(
  context: OperationContext,
  userPoolId: string | undefined,
  clientId: string | undefined,
): ClientAccess {
  const pool = userPool(context, userPoolId);
  const client = context.storage.clients.find(clientId as string);
  if (client?.userPoolId !== pool.id) throw clientNotFoundInPool(clientId as string, pool.id);
  return { client, pool };
}

/**
 * The client of an operation on clients themselves, whose error leaves the id out.
 *
 * @throws ResourceNotFoundException
 */
export function describedClient(
  context: OperationContext,
  userPoolId: string | undefined,
  clientId: string | undefined,
): ClientAccess {
  const pool = userPool(context, userPoolId);
  const client = context.storage.clients.find(clientId as string);
  if (client?.userPoolId !== pool.id) throw describedClientNotFound();
  return { client, pool };
}
