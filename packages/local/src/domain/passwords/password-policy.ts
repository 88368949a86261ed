import type { PasswordPolicyType } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoServiceError } from '../../errors.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { random } from '../random.js';

/** What the API gives a pool that asks for nothing. */
export const DEFAULT_PASSWORD_POLICY = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
} as const satisfies PasswordPolicyType;

const SYMBOLS = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-';

export function passwordPolicyOf(pool: UserPoolRecord): PasswordPolicyType {
  return pool.settings.Policies?.PasswordPolicy ?? DEFAULT_PASSWORD_POLICY;
}

/** How AWS begins the refusal, by operation. */
export type PolicyRefusal =
  | 'Password did not conform with policy'
  | 'Password did not conform with password policy'
  | 'Password does not conform to policy';

/** @throws InvalidPasswordException naming the first rule that the password breaks. */
export function checkPasswordPolicy(pool: UserPoolRecord, password: string, refusal: PolicyRefusal): void {
  const reason = brokenRule(passwordPolicyOf(pool), password);
  if (reason !== undefined) {
    throw new CognitoServiceError('InvalidPasswordException', `${refusal}: ${reason}`);
  }
}

function brokenRule(policy: PasswordPolicyType, password: string): string | undefined {
  const minimumLength = policy.MinimumLength ?? DEFAULT_PASSWORD_POLICY.MinimumLength;
  if (password.length < minimumLength) return 'Password not long enough';
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) return 'Password must have uppercase characters';
  if (policy.RequireLowercase && !/[a-z]/.test(password)) return 'Password must have lowercase characters';
  if (policy.RequireNumbers && !/[0-9]/.test(password)) return 'Password must have numeric characters';
  if (policy.RequireSymbols && !hasSymbol(password)) return 'Password must have symbol characters';
  return undefined;
}

/** A space counts unless it leads or trails. */
function hasSymbol(password: string): boolean {
  return password.trim().includes(' ') || [...password].some((character) => SYMBOLS.includes(character));
}

/** A temporary password that meets the policy, whatever the policy. */
export function generatePassword(pool: UserPoolRecord): string {
  const { MinimumLength } = passwordPolicyOf(pool);
  const classes = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789', '!@#%&*?'];
  const pick = (characters: string) => characters.charAt(random().int(characters.length));
  const characters = classes.map(pick);
  const length = Math.max(MinimumLength ?? 0, 12);
  while (characters.length < length) characters.push(pick(classes.join('')));
  for (let i = characters.length - 1; i > 0; i--) {
    const j = random().int(i + 1);
    [characters[i], characters[j]] = [characters[j] as string, characters[i] as string];
  }
  return characters.join('');
}
