import type {
  CreateUserPoolRequest,
  UpdateUserPoolRequest,
  UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { newUserPoolId } from '../ids.js';
import { factorsOf } from '../mfa/pool-mfa.js';
import { newSigningKeys } from '../tokens/signing-keys.js';
import { checkNoImport } from '../user-import/jobs.js';
import { userPoolArn } from './arns.js';
import { checkPoolRequest } from './user-pool-checks.js';
import { finishDeletion } from './user-pool-deletion.js';
import { changedPoolSettings, newPoolSettings } from './user-pool-settings.js';

/**
 * Creates a pool with its signing keys.
 *
 * @param options.id The pool's id instead of a new one, for pools that are declared rather than made.
 * @throws CognitoServiceError where AWS answers with one; `InvalidParameterException` naming the
 * member when it asks for something that this server does not do yet.
 */
export async function createUserPool(
  context: OperationContext,
  request: CreateUserPoolRequest,
  options: { readonly id?: string } = {},
): Promise<UserPoolType> {
  // What is wrong with the request is said before anything is made for it.
  checkPoolRequest('CreateUserPool', context.region, request);
  factorsOf(request);
  return insertUserPool(context, request, await prepareUserPool(context, options.id), options);
}

/** What the insertion of a pool, which cannot wait, takes. */
export type PreparedUserPool = Awaited<ReturnType<typeof prepareUserPool>>;

/** Makes way for a pool, with keys for it. */
export async function prepareUserPool(context: OperationContext, id: string | undefined) {
  // A pool of this id may be on its way out, and would take what is written now with it.
  if (id !== undefined) await finishDeletion(context.storage, id);
  return { keys: await newSigningKeys() };
}

/** `createUserPool` as part of a transaction of the caller's. */
export function insertUserPool(
  context: OperationContext,
  request: CreateUserPoolRequest,
  { keys }: PreparedUserPool,
  options: { readonly id?: string } = {},
): UserPoolType {
  checkPoolRequest('CreateUserPool', context.region, request);
  const factors = factorsOf(request);
  const now = context.clock.now();
  const pool: UserPoolRecord = {
    id: options.id ?? newUserPoolId(context.region),
    name: request.PoolName as string,
    settings: newPoolSettings(request),
    factors,
    createdAt: now,
    modifiedAt: now,
  };
  context.storage.transaction(() => {
    context.storage.userPools.insert(pool);
    for (const key of keys) context.storage.signingKeys.insert(pool.id, key);
  });
  context.triggers.warnOfMissing(pool);
  return userPoolView(context, pool);
}

/**
 * Replaces the configuration of a pool; its name is kept when the request has none.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export function updateUserPool(
  context: OperationContext,
  pool: UserPoolRecord,
  request: UpdateUserPoolRequest,
): void {
  if (request.MfaConfiguration === 'ON' && pool.settings.MfaConfiguration !== 'ON') {
    throw invalidParameter('Cannot turn MFA functionality ON, once the user pool has been created.');
  }
  checkPoolRequest('UpdateUserPool', context.region, request);
  checkNoImport(context, pool);
  const factors = factorsOf(request, pool.factors);
  const updated: UserPoolRecord = {
    ...pool,
    name: request.PoolName ?? pool.name,
    settings: changedPoolSettings(pool.settings, request),
    factors,
    modifiedAt: context.clock.now(),
  };
  context.storage.transaction(() => context.storage.userPools.update(updated));
  context.triggers.warnOfMissing(updated);
}

/** The pool as CreateUserPool answers it. */
export function userPoolView(context: OperationContext, pool: UserPoolRecord): UserPoolType {
  return {
    ...pool.settings,
    Id: pool.id,
    Name: pool.name,
    Arn: userPoolArn(context, pool.id),
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.modifiedAt),
    EstimatedNumberOfUsers: context.storage.userPools.userCount(pool.id),
  };
}
