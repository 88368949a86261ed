import type {
  CodeDeliveryDetailsType,
  ConfirmForgotPasswordRequest,
  ForgotPasswordRequest,
  RecoveryOptionNameType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { callerOf } from '../../triggers/event.js';
import { postConfirmation } from '../../triggers/post-confirmation.js';
import { type ClientAccess, hidesUserExistence } from '../clients/user-pool-client.js';
import { notAuthorized } from '../faults.js';
import { checkCode, issueCode } from '../messages/codes.js';
import { codeExpired } from '../messages/faults.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { provesFactorBy } from '../mfa/user-mfa.js';
import { migrateUser } from '../registration/user-migration.js';
import { checkAttempts, countAttempt, subjectOf } from '../sign-in/attempts.js';
import { userDisabled, userNotConfirmed, usernameClientNotFound } from '../users/faults.js';
import { simulatedDestination } from '../users/simulation.js';
import { findUser, verificationFlag } from '../users/users.js';
import { noRecoveryMedium } from './faults.js';
import { changePassword } from './password-change.js';

const RECOVERY_ATTRIBUTE: Readonly<Partial<Record<RecoveryOptionNameType, Destination['attribute']>>> = {
  verified_email: 'email',
  verified_phone_number: 'phone_number',
};

/**
 * Sends a code that lets the user set a new password. With PreventUserExistenceErrors a user who does not
 * exist, is disabled or cannot be reached gets the same answer, and no message.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export async function forgotPassword(
  context: OperationContext,
  access: ClientAccess,
  request: ForgotPasswordRequest,
): Promise<CodeDeliveryDetailsType> {
  const { client, pool } = access;
  const username = request.Username as string;
  const caller = callerOf(client, request);
  const hides = hidesUserExistence(client);
  const user =
    findUser(context, pool, username) ?? (await migrateUser(context, access, username, undefined, caller));
  if (user === undefined && !hides) throw usernameClientNotFound();
  if (user !== undefined && !user.enabled && !hides) throw userDisabled();
  if (mechanismsOf(pool).includes('admin_only')) {
    throw notAuthorized('Contact administrator to reset password.');
  }
  if (user?.enabled && user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const destination = user?.enabled ? recoveryDestination(context, pool, user) : undefined;
  if (destination === undefined && !hides) throw noRecoveryMedium();

  const subject = subjectOf(pool, user, username);
  checkAttempts(context, pool, subject, 'ForgotPassword');
  countAttempt(context, pool, subject, 'ForgotPassword');
  const shown = destination ?? simulatedDestination(context, pool, username);
  const code = context.storage.transaction(() => issueCode(context, pool, subject, 'ForgotPassword', shown));
  if (user && destination) {
    await deliver(context, pool, user, shown, 'CustomMessage_ForgotPassword', code, caller);
  }
  return deliveryDetails(shown);
}

/** Strongest first. */
function mechanismsOf({ settings }: UserPoolRecord): RecoveryOptionNameType[] {
  return [...(settings.AccountRecoverySetting?.RecoveryMechanisms ?? [])]
    .sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))
    .map(({ Name }) => Name as RecoveryOptionNameType);
}

/**
 * Where a reset by an administrator sends its code. In a pool that leaves recovery to administrators it
 * goes by e-mail, else by SMS.
 */
export function administratorsDestination(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
): Destination | undefined {
  return mechanismsOf(pool).includes('admin_only')
    ? recoveryDestination(context, pool, user, ['verified_email', 'verified_phone_number'])
    : recoveryDestination(context, pool, user);
}

function recoveryDestination(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  mechanisms: readonly RecoveryOptionNameType[] = mechanismsOf(pool),
): Destination | undefined {
  const { attributes } = user;
  for (const mechanism of mechanisms) {
    const attribute = RECOVERY_ATTRIBUTE[mechanism];
    if (attribute === undefined || attributes[verificationFlag(attribute)] !== 'true') continue;
    if (provesFactorBy(context, pool, user, attribute)) continue;
    const value = attributes[attribute];
    if (value !== undefined) return { attribute, value };
  }
  return undefined;
}

/**
 * Sets the new password. The code is used up by that, and by nothing less: a password that breaks the
 * policy leaves it good.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export async function confirmForgotPassword(
  context: OperationContext,
  { client, pool }: ClientAccess,
  request: ConfirmForgotPasswordRequest,
): Promise<void> {
  const { storage } = context;
  const username = request.Username as string;
  const hides = hidesUserExistence(client);
  const user = findUser(context, pool, username);
  if (user === undefined && !hides) throw usernameClientNotFound();
  if (user !== undefined && !user.enabled && !hides) throw userDisabled();
  if (user?.enabled && user.status === 'UNCONFIRMED') throw userNotConfirmed();
  const subject = subjectOf(pool, user, username);
  checkAttempts(context, pool, subject, 'ConfirmForgotPassword');
  countAttempt(context, pool, subject, 'ConfirmForgotPassword');
  checkCode(context, pool, subject, 'ForgotPassword', request.ConfirmationCode as string);
  // A code that was simulated resets nobody's password.
  if (!user?.enabled) throw codeExpired();

  const changed = changePassword(context, pool, user, request.Password as string, {
    refusal: 'Password does not conform to policy',
    status: 'CONFIRMED',
  });
  // Which uses the code up as well.
  storage.transaction(changed.write);
  const caller = callerOf(client, request);
  await postConfirmation(context, pool, changed.user, 'PostConfirmation_ConfirmForgotPassword', caller);
}
