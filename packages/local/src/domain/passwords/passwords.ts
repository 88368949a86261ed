import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { PasswordVerifier, UserRecord } from '../../storage/users.js';
import { type SrpIdentity, verifierOf } from './srp.js';

/** Under which names a user's password is hashed. */
export function userIdentity(userPoolId: string, username: string): SrpIdentity {
  return { realm: userPoolId.slice(userPoolId.indexOf('_') + 1), name: username };
}

/** What is kept of a password. */
export function derivePassword(userPoolId: string, username: string, password: string): PasswordVerifier {
  const salt = newSalt();
  return { salt, verifier: verifierOf(userIdentity(userPoolId, username), password, salt) };
}

/** Sixteen bytes whose hexadecimal form has all of its 32 digits, as clients drop leading zeros. */
function newSalt(): Buffer {
  const salt = randomBytes(16);
  while ((salt[0] as number) < 0x10) randomBytes(1).copy(salt);
  return salt;
}

/**
 * Right passwords of late, by verifier: the exponentiation costs as much as signing both tokens, and an app
 * under test signs the same users in again and again. Keyed with a secret of this process, never written;
 * a new password has a new verifier, so an entry is never wrong, only unused.
 */
const rightOnes = new Map<string, Buffer>();
const MAX_RIGHT_ONES = 10_000;
const processSecret = randomBytes(32);

export function passwordMatches(
  user: Pick<UserRecord, 'userPoolId' | 'username'>,
  kept: PasswordVerifier,
  password: string,
): boolean {
  const key = kept.salt.toString('base64');
  const mac = createHmac('sha256', processSecret).update(kept.verifier).update(password, 'utf8').digest();
  const known = rightOnes.get(key);
  if (known !== undefined && timingSafeEqual(known, mac)) return true;

  const candidate = verifierOf(userIdentity(user.userPoolId, user.username), password, kept.salt);
  if (!timingSafeEqual(candidate, kept.verifier)) return false;
  const [oldest] = rightOnes.keys();
  if (rightOnes.size >= MAX_RIGHT_ONES && oldest !== undefined) rightOnes.delete(oldest);
  rightOnes.set(key, mac);
  return true;
}

const DUMMY_SALT = Buffer.alloc(16, 0x5a);

/** Takes as long as checking the password of a user who exists. */
export function pretendToCheckPassword(pool: UserPoolRecord, username: string, password: string): void {
  verifierOf(userIdentity(pool.id, username), password, DUMMY_SALT);
}
