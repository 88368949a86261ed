import { createHmac, hkdfSync } from 'node:crypto';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { PasswordVerifier } from '../../storage/users.js';
import { subFrom } from '../ids.js';
import type { Destination } from '../messages/messages.js';
import { toElement } from '../passwords/srp.js';
import { isEmail, isPhoneNumber } from './attributes.js';
import { fold } from './users.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Where a code would go if the user existed: the same for the same name each time, as for a real user, and
 * not to be foreseen without the pool's keys.
 *
 * @param kind Default: what the name is, or what the pool verifies.
 */
export function simulatedDestination(
  context: OperationContext,
  pool: UserPoolRecord,
  username: string,
  kind?: Destination['attribute'],
): Destination {
  if (kind !== 'email' && isPhoneNumber(username)) return { attribute: 'phone_number', value: username };
  if (kind !== 'phone_number' && isEmail(username)) return { attribute: 'email', value: username };
  const digest = foreseenByNobody(context, pool, `simulated ${fold(pool, username)}`);
  const verified = pool.settings.AutoVerifiedAttributes;
  const byPhone = verified?.includes('phone_number') && !verified.includes('email');
  if (kind === 'phone_number' || (kind === undefined && byPhone)) {
    const digits = (digest.readUInt32BE(0) % 10_000).toString().padStart(4, '0');
    return { attribute: 'phone_number', value: `+1000000${digits}` };
  }
  const letter = (index: number) => LETTERS.charAt((digest[index] as number) % LETTERS.length);
  return { attribute: 'email', value: `${letter(0)}@${letter(1)}` };
}

/** The same for the same text each time, and not to be foreseen without the pool's keys. */
function foreseenByNobody({ storage }: OperationContext, pool: UserPoolRecord, text: string): Buffer {
  const secret = storage.signingKeys.ofPool(pool.id)[0]?.privateJwk.d as string;
  return createHmac('sha256', secret).update(text).digest();
}

/**
 * What a user who does not exist has of what users may have or not: of each trait most names have it, and a name
 * has it for good.
 */
export function simulatedTraits(
  context: OperationContext,
  pool: UserPoolRecord,
  username: string,
): (trait: string) => boolean {
  const name = fold(pool, username);
  return (trait) => (foreseenByNobody(context, pool, `simulated ${trait} of ${name}`)[0] as number) >= RARE;
}

/** Of 256: how many lack a trait. */
const RARE = 64;

/** The id of a passkey of a user who does not exist. */
export function simulatedCredentialId(
  context: OperationContext,
  pool: UserPoolRecord,
  username: string,
): string {
  return foreseenByNobody(context, pool, `simulated passkey ${fold(pool, username)}`).toString('base64url');
}

/** The salt and the verifier of a user who does not exist, the same each time. No password proves it. */
export function simulatedPassword(
  context: OperationContext,
  pool: UserPoolRecord,
  username: string,
): PasswordVerifier {
  const digest = foreseenByNobody(context, pool, `simulated password ${fold(pool, username)}`);
  const derived = Buffer.from(hkdfSync('sha256', digest, '', '', SALT_BYTES + GROUP_BYTES));
  const salt = derived.subarray(0, SALT_BYTES);
  salt[0] = (salt[0] as number) | 0x10;
  return { salt, verifier: toElement(derived.subarray(SALT_BYTES)) };
}

const SALT_BYTES = 16;
const GROUP_BYTES = 384;

/**
 * The username of a user who does not exist: the name that was given, or what would stand in its place if
 * it had been somebody's address or number.
 */
export function simulatedUsername(context: OperationContext, pool: UserPoolRecord, username: string): string {
  const aliases: readonly string[] = pool.settings.UsernameAttributes ?? pool.settings.AliasAttributes ?? [];
  const isAlias =
    (aliases.includes('email') && isEmail(username)) ||
    (aliases.includes('phone_number') && isPhoneNumber(username));
  if (!isAlias && !pool.settings.UsernameAttributes?.length) return username;
  return subFrom(foreseenByNobody(context, pool, `simulated username ${fold(pool, username)}`));
}
