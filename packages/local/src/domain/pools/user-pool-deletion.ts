import { setImmediate } from 'node:timers/promises';
import type { OperationContext } from '../../operation.js';
import type { Storage } from '../../storage/storage.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { forgetSigningKeys } from '../tokens/signing-keys.js';
import { checkNoImport } from '../user-import/jobs.js';

/** Rows at a time: other requests are answered between one batch and the next. */
const BATCH = 500;

/**
 * Deletes a pool and everything in it. The pool itself is gone at once; what was in it goes in batches, and
 * what a crash leaves behind goes at the next start.
 *
 * @throws InvalidParameterException when it is protected from deletion, UserImportInProgressException.
 */
export async function deleteUserPool(context: OperationContext, pool: UserPoolRecord): Promise<void> {
  const { storage } = context;
  if (pool.settings.DeletionProtection === 'ACTIVE') {
    throw invalidParameter(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    );
  }
  checkNoImport(context, pool);
  storage.transaction(() => {
    storage.userPools.delete(pool.id);
    storage.poolDeletions.begin(pool.id);
  });
  forgetSigningKeys(storage, pool.id);
  await finishDeletion(storage, pool.id);
}

/** Waits until nothing is left of a pool that was deleted; at once for one that was not. */
export async function finishDeletion(storage: Storage, userPoolId: string): Promise<void> {
  while (storage.poolDeletions.deleteSome(userPoolId, BATCH)) await setImmediate();
}

/** What was cut short by the end of the process. */
export async function finishDeletions(storage: Storage): Promise<void> {
  for (const userPoolId of storage.poolDeletions.pending()) await finishDeletion(storage, userPoolId);
}
