import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { UserPoolRecord } from '../storage/user-pools.js';
import type { PasswordVerifier, UserRecord } from '../storage/users.js';
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

export function passwordMatches(
  user: Pick<UserRecord, 'userPoolId' | 'username'>,
  kept: PasswordVerifier,
  password: string,
): boolean {
  const candidate = verifierOf(userIdentity(user.userPoolId, user.username), password, kept.salt);
  return timingSafeEqual(candidate, kept.verifier);
}

const DUMMY_SALT = Buffer.alloc(16, 0x5a);

/** Takes as long as checking the password of a user who exists. */
export function pretendToCheckPassword(pool: UserPoolRecord, username: string, password: string): void {
  verifierOf(userIdentity(pool.id, username), password, DUMMY_SALT);
}
