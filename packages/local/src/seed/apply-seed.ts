import { randomUUID } from 'node:crypto';
import { poolUser } from '../access/user.js';
import { userPool } from '../access/user-pool.js';
import type { Clock } from '../clock.js';
import { createUserPoolClient } from '../domain/index.js';
import { registerSoftwareToken } from '../domain/mfa/software-token.js';
import { insertUserPool, type PreparedUserPool, prepareUserPool } from '../domain/pools/user-pool.js';
import { declareUser } from '../domain/registration/invitations.js';
import { CognitoServiceError } from '../errors.js';
import { validateInput } from '../model/read-input.js';
import type { OperationContext } from '../operation.js';
import {
  AdminAddUserToGroup,
  AdminGetUser,
  AdminSetUserMFAPreference,
  AdminSetUserPassword,
  CreateGroup,
  SetUserPoolMfaConfig,
} from '../operations/index.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
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
 * Adds what is missing, all of it or nothing: after a mistake is mended, the seed is not in the way of itself.
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
  const prepared: (PreparedUserPool | undefined)[] = [];
  for (const pool of seed.pools) {
    // Before the transaction, which cannot wait for keys.
    const missing = findPool(context, pool) === undefined;
    prepared.push(missing ? await prepareUserPool(context, pool.id) : undefined);
  }
  return context.storage.transaction(() =>
    seed.pools.map((pool, index) => applyPool(context, pool, `pools[${index}]`, prepared[index])),
  );
}

/** By its id; a pool without a fixed one by its name. */
function findPool({ storage }: OperationContext, { id, name }: CheckedPool): UserPoolRecord | undefined {
  return id === undefined
    ? pools(storage).find((record) => record.name === name)
    : storage.userPools.find(id);
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

function applyPool(
  context: OperationContext,
  pool: CheckedPool,
  path: string,
  prepared: PreparedUserPool | undefined,
): string {
  const { id } = pool;
  const { region } = context;
  if (id !== undefined && !id.startsWith(`${region}_`)) {
    throw SeedError.at(`${path}.id`, `must start with the server's region, "${region}_", got "${id}"`);
  }
  const userPoolId = findPool(context, pool)?.id ?? at(path, () => createPool(context, pool, path, prepared));
  for (const [index, client] of pool.clients.entries()) {
    const place = `${path}.clients[${index}]`;
    at(place, () => applyClient(context, userPoolId, client, place));
  }
  for (const [index, group] of pool.groups.entries()) {
    at(`${path}.groups[${index}]`, () => applyGroup(context, userPoolId, group));
  }
  for (const [index, user] of pool.users.entries()) {
    at(`${path}.users[${index}]`, () => applyUser(context, userPoolId, user));
  }
  return userPoolId;
}

function createPool(
  context: OperationContext,
  { id, name, settings, mfa }: CheckedPool,
  path: string,
  prepared: PreparedUserPool | undefined,
): string {
  // It was there a moment ago, while the keys of the others were made.
  if (prepared === undefined)
    throw SeedError.at(path, 'was deleted while the seed was applied; apply it again');
  const request = validateInput('CreateUserPool', { ...settings, PoolName: name }) as { PoolName: string };
  const UserPoolId = insertUserPool(context, request, prepared, id === undefined ? {} : { id }).Id as string;
  if (mfa !== undefined) {
    at(`${path}.mfa`, () => now(SetUserPoolMfaConfig({ ...mfa, UserPoolId }, context)));
  }
  return UserPoolId;
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

/** What was changed about a user since the last time stays changed. */
function applyUser(context: OperationContext, userPoolId: string, user: CheckedUser): void {
  const key = { UserPoolId: userPoolId, Username: user.username };
  if (exists(context, key)) return;
  declareUser(context, userPool(context, userPoolId), userInput(userPoolId, user));
  if (user.password !== undefined) {
    now(AdminSetUserPassword({ ...key, Password: user.password, Permanent: true }, context));
  }
  for (const GroupName of user.groups) now(AdminAddUserToGroup({ ...key, GroupName }, context));
  if (user.totpSecret !== undefined) {
    registerSoftwareToken(context, poolUser(context, key).user, user.totpSecret);
  }
  if (user.mfa !== undefined) now(AdminSetUserMFAPreference({ ...user.mfa, ...key }, context));
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

function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CognitoServiceError)) throw error;
    throw new SeedError(`${path}: ${error.type}: ${error.message}`, { cause: error });
  }
}
