import { createHmac } from 'node:crypto';
import type { OperationContext } from '../operation.js';
import type { UserPoolRecord } from '../storage/user-pools.js';
import { isEmail, isPhoneNumber } from './attributes.js';
import type { Destination } from './messages.js';
import { fold } from './users.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Where a code would go if the user existed: the same for the same name each time, as for a real user, and
 * not to be foreseen without the pool's keys.
 */
export function simulatedDestination(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  username: string,
): Destination {
  if (isPhoneNumber(username)) return { attribute: 'phone_number', value: username };
  if (isEmail(username)) return { attribute: 'email', value: username };
  const secret = storage.signingKeys.ofPool(pool.id)[0]?.privateJwk.d as string;
  const digest = createHmac('sha256', secret)
    .update(`simulated ${fold(pool, username)}`)
    .digest();
  const verified = pool.settings.AutoVerifiedAttributes;
  if (verified?.includes('phone_number') && !verified.includes('email')) {
    const digits = (digest.readUInt32BE(0) % 10_000).toString().padStart(4, '0');
    return { attribute: 'phone_number', value: `+1000000${digits}` };
  }
  const letter = (index: number) => LETTERS.charAt((digest[index] as number) % LETTERS.length);
  return { attribute: 'email', value: `${letter(0)}@${letter(1)}` };
}
