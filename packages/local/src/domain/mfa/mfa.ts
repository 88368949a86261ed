import type { OperationContext } from '../../operation.js';
import type { MfaFactor } from '../../storage/mfa.js';
import { type NextChallenge, type Progress, withProven } from '../sign-in/sign-in-progress.js';
import type { Principal } from '../tokens/principal.js';
import { poolMfaFactors } from './pool-mfa.js';
import { signInCodeChallenge } from './sign-in-codes.js';
import { passkeyIsEnough, poolDemandsMfa, preferredFactor, usableFactors, userMfa } from './user-mfa.js';

/**
 * The factor that the user has still to prove, if any: asked of everyone whose password, code or passkey was
 * accepted, but for remembered devices in pools that trust those. A custom flow gets here once a password
 * was verified in it, and not at all without one.
 */
export function nextMfaChallenge(
  context: OperationContext,
  principal: Principal,
  progress: Progress,
): NextChallenge | undefined {
  const { pool, user } = principal;
  if (isEnough(context, principal, progress)) return undefined;
  const usable = usableFactors(context, pool, user);
  if (usable.length === 0) return poolDemandsMfa(pool) ? setUpChallenge(principal) : undefined;
  const factor = preferredFactor(context, user, usable);
  return factor === undefined
    ? selectChallenge(principal, usable)
    : factorChallenge(context, principal, factor);
}

/** The progress after a further factor was proven by this challenge. */
export function withFactor(progress: Progress, challenge: MfaFactor | 'MFA_SETUP'): Progress {
  return { ...withProven(progress, challenge), mfa: true };
}

/** Whether what was proven so far is worth two factors already. */
function isEnough(context: OperationContext, { pool, user }: Principal, { mfa, proven }: Progress): boolean {
  return mfa === true || (proven.includes('WEB_AUTHN') && passkeyIsEnough(context, pool, user));
}

/** The challenge that has the user prove this factor. */
export function factorChallenge(
  context: OperationContext,
  principal: Principal,
  factor: MfaFactor,
): NextChallenge {
  const { user } = principal;
  switch (factor) {
    case 'SMS_MFA':
      return signInCodeChallenge(context, principal, 'SMS_MFA', {
        attribute: 'phone_number',
        value: user.attributes['phone_number'] as string,
      });
    case 'EMAIL_OTP':
      return signInCodeChallenge(context, principal, 'EMAIL_OTP', {
        attribute: 'email',
        value: user.attributes['email'] as string,
      });
    case 'SOFTWARE_TOKEN_MFA': {
      const name = userMfa(context, user).softwareToken?.name;
      return {
        name: 'SOFTWARE_TOKEN_MFA',
        parameters: { USER_ID_FOR_SRP: user.username, ...(name && { FRIENDLY_DEVICE_NAME: name }) },
      };
    }
  }
}

function selectChallenge({ user }: Principal, usable: readonly MfaFactor[]): NextChallenge {
  return {
    name: 'SELECT_MFA_TYPE',
    parameters: { MFAS_CAN_CHOOSE: JSON.stringify(usable), USER_ID_FOR_SRP: user.username },
  };
}

function setUpChallenge({ pool, user }: Principal): NextChallenge {
  return {
    name: 'MFA_SETUP',
    parameters: { MFAS_CAN_SETUP: JSON.stringify(poolMfaFactors(pool)), USER_ID_FOR_SRP: user.username },
  };
}
