import { requiredAttributes } from '../pools/schema.js';
import type { Principal } from '../tokens/principal.js';
import { isDeveloperOnly } from '../users/attributes.js';
import type { NextChallenge } from './sign-in-progress.js';

/** Who signed in with a temporary password has to replace it before anything else. */
export function newPasswordChallenge({ pool, user }: Principal): NextChallenge | undefined {
  if (user.status !== 'FORCE_CHANGE_PASSWORD') return undefined;
  const missing = requiredAttributes(pool).filter((name) => user.attributes[name] === undefined);
  return {
    name: 'NEW_PASSWORD_REQUIRED',
    parameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(
        Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !isDeveloperOnly(name))),
      ),
    },
  };
}
