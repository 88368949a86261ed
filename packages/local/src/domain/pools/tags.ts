import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { userPoolArn } from './arns.js';
import { tooManyTags, userPoolNotFound } from './faults.js';

const MAX_TAGS = 50;

/**
 * The pool of an ARN.
 *
 * @throws ResourceNotFoundException when there is none, InvalidParameterException for the ARN of something
 * else, or of another region or account.
 */
export function taggedPool(context: OperationContext, arn: string): UserPoolRecord {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  if (arn !== userPoolArn(context, id)) {
    throw invalidParameter(
      `ResourceArn must be that of a user pool of this account and region: ${userPoolArn(context, '<id>')}`,
    );
  }
  const pool = context.storage.userPools.find(id);
  if (pool === undefined) throw userPoolNotFound(id);
  return pool;
}

/** Adds tags, replacing those of the same name. @throws InvalidParameterException beyond 50. */
export function addTags(
  context: OperationContext,
  pool: UserPoolRecord,
  tags: Readonly<Record<string, string>>,
): void {
  const all = { ...pool.settings.UserPoolTags, ...tags };
  checkTagCount(all);
  write(context, pool, all);
}

/** @throws InvalidParameterException beyond 50. */
export function checkTagCount(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > MAX_TAGS) throw tooManyTags(MAX_TAGS);
}

/** Tags that are not there are no mistake. */
export function removeTags(context: OperationContext, pool: UserPoolRecord, keys: readonly string[]): void {
  const tags = Object.entries(pool.settings.UserPoolTags ?? {}).filter(([key]) => !keys.includes(key));
  write(context, pool, Object.fromEntries(tags));
}

/** Tags do not count as a change of the pool: its LastModifiedDate stays. */
function write({ storage }: OperationContext, pool: UserPoolRecord, tags: Record<string, string>): void {
  storage.transaction(() =>
    storage.userPools.update({ ...pool, settings: { ...pool.settings, UserPoolTags: tags } }),
  );
}
