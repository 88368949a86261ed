import { randomUUID } from 'node:crypto';
import { userPool } from '../access/user-pool.js';
import type { Clock } from '../clock.js';
import { createUserPool, createUserPoolClient } from '../domain/index.js';
import { declareUser } from '../domain/invitations.js';
import { CognitoServiceError } from '../errors.js';
import { validateInput } from '../model/read-input.js';
import type { OperationContext } from '../operation.js';
import { AdminAddUserToGroup, AdminGetUser, AdminSetUserPassword, CreateGroup } from '../operations/index.js';
import { noTriggers } from '../triggers/trigger-runner.js';
import { clientsOf, pools } from './pool-ids.js';
import {
  type CheckedClient,
  type CheckedPool,
  type CheckedSeed,
  type CheckedUser,
  groupInput,
  SeedError,
  userInput,
} from './read-seed.js';
import type { SeedGroup } from './seed.js';

/**
 * Adds what is missing, one pool, client, group or user at a time and each of them whole, so that a seed
 * that was interrupted is completed by the next.
 *
 * @returns the ids of its pools, in its order.
 * @throws SeedError naming the place in the seed and Cognito's reason.
 */
export async function applySeed(
  seed: CheckedSeed,
  base: Omit<OperationContext, 'requestId'>,
): Promise<string[]> {
  const context = {
    ...base,
    requestId: randomUUID(),
    clock: strictlyLater(base.clock),
    // What is declared is there: nobody signs up, and no function has a say.
    triggers: noTriggers,
  };
  const ids: string[] = [];
  for (const [index, pool] of seed.pools.entries()) {
    ids.push(await applyPool(context, pool, `pools[${index}]`));
  }
  return ids;
}

/** Pools and clients are listed by age: those of one millisecond keep the order of the seed. */
function strictlyLater(clock: Clock): Clock {
  let last = 0;
  return {
    now: () => {
      last = Math.max(last + 1, clock.now());
      return last;
    },
  };
}

async function applyPool(context: OperationContext, pool: CheckedPool, path: string): Promise<string> {
  const { id } = pool;
  const { region } = context;
  if (id !== undefined && !id.startsWith(`${region}_`)) {
    throw SeedError.at(`${path}.id`, `must start with the server's region, "${region}_", got "${id}"`);
  }
  const existing =
    id === undefined
      ? pools(context.storage).find((record) => record.name === pool.name)
      : context.storage.userPools.find(id);
  const userPoolId =
    existing?.id ??
    (await at(path, async () => {
      const request = validateInput('CreateUserPool', { ...pool.settings, PoolName: pool.name });
      const created = await createUserPool(
        context,
        request as { PoolName: string },
        id === undefined ? {} : { id },
      );
      return created.Id as string;
    }));
  for (const [index, client] of pool.clients.entries()) {
    const place = `${path}.clients[${index}]`;
    await at(place, () => applyClient(context, userPoolId, client, place));
  }
  for (const [index, group] of pool.groups.entries()) {
    await at(`${path}.groups[${index}]`, () => applyGroup(context, userPoolId, group));
  }
  for (const [index, user] of pool.users.entries()) {
    await at(`${path}.users[${index}]`, () => applyUser(context, userPoolId, user));
  }
  return userPoolId;
}

function applyClient(
  context: OperationContext,
  userPoolId: string,
  client: CheckedClient,
  path: string,
): void {
  const { id, secret } = client;
  const { storage } = context;
  if (id === undefined) {
    if (clientsOf(storage, userPoolId).some((record) => record.name === client.name)) return;
  } else {
    const existing = storage.clients.find(id);
    if (existing && existing.userPoolId !== userPoolId) {
      throw SeedError.at(`${path}.id`, `"${id}" is a client of the pool ${existing.userPoolId} already`);
    }
    if (existing) return;
  }
  const request = { ...client.settings, UserPoolId: userPoolId, ClientName: client.name };
  createUserPoolClient(context, validateInput('CreateUserPoolClient', request) as typeof request, {
    ...(id === undefined ? {} : { id }),
    ...(secret === undefined ? {} : { secret }),
  });
}

function applyGroup(context: OperationContext, userPoolId: string, group: SeedGroup): void {
  if (context.storage.groups.find(userPoolId, group.name)) return;
  now(CreateGroup(groupInput(userPoolId, group), context));
}

/** In one transaction: a user that exists is whole, and what was changed about it since stays changed. */
function applyUser(context: OperationContext, userPoolId: string, user: CheckedUser): void {
  context.storage.transaction(() => {
    const key = { UserPoolId: userPoolId, Username: user.username };
    if (exists(context, key)) return;
    declareUser(context, userPool(context, userPoolId), userInput(userPoolId, user));
    if (user.password !== undefined) {
      now(AdminSetUserPassword({ ...key, Password: user.password, Permanent: true }, context));
    }
    for (const GroupName of user.groups) now(AdminAddUserToGroup({ ...key, GroupName }, context));
  });
}

function exists(context: OperationContext, key: { UserPoolId: string; Username: string }): boolean {
  try {
    now(AdminGetUser(key, context));
    return true;
  } catch (error) {
    if (error instanceof CognitoServiceError && error.type === 'UserNotFoundException') return false;
    throw error;
  }
}

/** A transaction cannot wait. */
function now<T>(result: T | Promise<T>): T {
  if (result instanceof Promise) throw new Error('an operation of the seed is asynchronous');
  return result;
}

async function at<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CognitoServiceError)) throw error;
    throw new SeedError(`${path}: ${error.type}: ${error.message}`, { cause: error });
  }
}
