import type { ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserRecord } from '../../storage/users.js';
import type { ClientAccess } from '../clients/user-pool-client.js';
import { poolDemandsMfa, usableFactors } from '../mfa/user-mfa.js';
import { mayBeginWithPasskey, offersPasskeys, passkeyChallenge } from '../passkeys/passkey-sign-in.js';
import { simulatedTraits } from '../users/simulation.js';
import { forgetWrongPasswords } from './attempts.js';
import type { Claim } from './claim.js';
import { firstFactorCode } from './first-factor-codes.js';
import { provePassword } from './password-sign-in.js';
import { ask, continueSignIn } from './sign-in.js';
import { type AuthAnswer, type NextChallenge, withProven } from './sign-in-progress.js';
import { askForProof } from './srp-sign-in.js';

/** A way to begin a sign-in by choice. */
interface FirstFactor {
  /** Whether the user can prove it now. */
  availableTo(context: OperationContext, access: ClientAccess, user: UserRecord): boolean;
  /** Whether the pool has users who can. */
  offeredIn(access: ClientAccess): boolean;
  /** Puts the challenge, or goes on when its answer came along. */
  begin(context: OperationContext, claim: Claim): Promise<AuthAnswer>;
}

const PASSWORD: FirstFactor = {
  availableTo: (_context, _access, user) => user.password !== undefined,
  offeredIn: () => true,
  begin: async (context, claim) => {
    const password = claim.parameters['PASSWORD'];
    if (!password) return askClaimant(context, claim, { name: 'PASSWORD', parameters: {} });
    const { access, user, username, progress, write, clientMetadata } = claim;
    const principal = provePassword(context, { ...access, user }, username, password);
    return continueSignIn(context, principal, withProven(progress, 'PASSWORD'), {
      write: () => {
        write?.();
        forgetWrongPasswords(context, access.pool, principal.user.sub);
      },
      clientMetadata,
    });
  },
};

const PASSWORD_SRP: FirstFactor = {
  ...PASSWORD,
  begin: async (context, claim) => {
    const { access, user, username, parameters, progress, write } = claim;
    const SRP_A = parameters['SRP_A'];
    if (!SRP_A) return askClaimant(context, claim, { name: 'PASSWORD_SRP', parameters: {} });
    return askForProof(context, access, user, { USERNAME: username, SRP_A }, progress, write);
  },
};

const WEB_AUTHN: FirstFactor = {
  availableTo: mayBeginWithPasskey,
  offeredIn: ({ pool }) => offersPasskeys(pool),
  begin: async (context, claim) => askClaimant(context, claim, passkeyChallenge(context, claim)),
};

function codeFactor(name: 'EMAIL_OTP' | 'SMS_OTP', attribute: 'email' | 'phone_number'): FirstFactor {
  return {
    availableTo: (context, access, user) =>
      allows(access, name) &&
      user.status !== 'FORCE_CHANGE_PASSWORD' &&
      Boolean(user.attributes[attribute]) &&
      user.attributes[`${attribute}_verified`] === 'true' &&
      // What is a first factor cannot be followed by another.
      !poolDemandsMfa(access.pool) &&
      usableFactors(context, access.pool, user).length === 0,
    offeredIn: (access) => allows(access, name) && !poolDemandsMfa(access.pool),
    begin: (context, claim) => askClaimant(context, claim, firstFactorCode(context, claim, name, attribute)),
  };
}

function allows({ pool }: ClientAccess, factor: 'EMAIL_OTP' | 'SMS_OTP'): boolean {
  return pool.settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors?.includes(factor) ?? false;
}

/** Every way to begin, in the order in which they are offered. To add one, add its line. */
export const FIRST_FACTORS: Readonly<Partial<Record<ChallengeNameType, FirstFactor>>> = {
  PASSWORD_SRP,
  PASSWORD,
  EMAIL_OTP: codeFactor('EMAIL_OTP', 'email'),
  SMS_OTP: codeFactor('SMS_OTP', 'phone_number'),
  WEB_AUTHN,
};

/**
 * What the user may choose from. For a name that nobody has it is what some user of the pool could have, and the
 * same each time, so that no choice tells of a user: users differ, too, in what they have verified and set up.
 *
 * @param username As it was given.
 */
export function availableFactors(
  context: OperationContext,
  access: ClientAccess,
  user: UserRecord | undefined,
  username: string,
): ChallengeNameType[] {
  const names = Object.keys(FIRST_FACTORS) as ChallengeNameType[];
  if (user !== undefined) {
    return names.filter((name) => FIRST_FACTORS[name]?.availableTo(context, access, user));
  }
  const has = simulatedTraits(context, access.pool, username);
  // A user without a password is one whom codes sign in.
  const passwordless = allows(access, 'EMAIL_OTP') || allows(access, 'SMS_OTP');
  return names.filter((name) => {
    if (name === 'PASSWORD' || name === 'PASSWORD_SRP') return !passwordless || has('password');
    return FIRST_FACTORS[name]?.offeredIn(access) && has(name);
  });
}

/** Whether a user may begin with the code that a sign-up has proven. */
export function mayBeginWith(
  context: OperationContext,
  { user, ...access }: ClientAccess & { readonly user: UserRecord },
  name: 'EMAIL_OTP' | 'SMS_OTP',
): boolean {
  return FIRST_FACTORS[name]?.availableTo(context, access, user) ?? false;
}

/** Puts a challenge to whoever claims the name. */
export function askClaimant(
  context: OperationContext,
  { access: { client }, subject, progress, available, write, clientMetadata }: Claim,
  challenge: NextChallenge,
): Promise<AuthAnswer> {
  return ask(
    context,
    { client, user: { sub: subject } },
    progress,
    { ...challenge, available },
    { write, clientMetadata },
  );
}
