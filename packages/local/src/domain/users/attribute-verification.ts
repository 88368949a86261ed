import type { CodeDeliveryDetailsType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { CodePurpose } from '../../storage/codes.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import type { Caller } from '../../triggers/event.js';
import { checkCode, dropStrandedResetCode, issueCode } from '../messages/codes.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { checkAttempts, countAttempt } from '../sign-in/attempts.js';
import { syncAliases } from './aliases.js';
import { aliasConfirmedElsewhere, nothingToVerify, notVerifiable } from './faults.js';
import { verificationFlag } from './users.js';

export function verificationPurpose(attribute: Destination['attribute']): CodePurpose {
  return attribute === 'email' ? 'VerifyEmail' : 'VerifyPhoneNumber';
}

function verifiable(name: string | undefined): Destination['attribute'] {
  if (name !== 'email' && name !== 'phone_number') throw notVerifiable();
  return name;
}

/**
 * Sends the user a code for an address or a number, verified or not; for the new value, where one waits
 * for its code.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export async function sendVerificationCode(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  attributeName: string | undefined,
  caller: Caller = {},
): Promise<CodeDeliveryDetailsType> {
  const attribute = verifiable(attributeName);
  const purpose = verificationPurpose(attribute);
  const { storage, clock } = context;
  const waiting = storage.codes.find(pool.id, user.sub, purpose);
  const value = waiting && waiting.expiresAt > clock.now() ? waiting.destination : user.attributes[attribute];
  if (value === undefined) throw nothingToVerify(attribute);
  checkAttempts(context, pool, user.sub, 'GetUserAttributeVerificationCode');
  const destination: Destination = { attribute, value };
  const code = storage.transaction(() => {
    countAttempt(context, pool, user.sub, 'GetUserAttributeVerificationCode');
    return issueCode(context, pool, user.sub, purpose, destination);
  });
  await deliver(context, pool, user, destination, 'CustomMessage_VerifyUserAttribute', code, caller);
  return deliveryDetails(destination);
}

/**
 * Marks what the code was sent to as verified; a value that waited for its code takes the old one's place.
 *
 * @throws CognitoServiceError where AWS answers with one.
 */
export function verifyAttribute(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  attributeName: string | undefined,
  given: string,
): void {
  const attribute = verifiable(attributeName);
  const purpose = verificationPurpose(attribute);
  const { storage, clock } = context;
  checkAttempts(context, pool, user.sub, 'VerifyUserAttribute');
  countAttempt(context, pool, user.sub, 'VerifyUserAttribute');
  const code = checkCode(context, pool, user.sub, purpose, given);
  const verified: UserRecord = {
    ...user,
    attributes: {
      ...user.attributes,
      [attribute]: code.destination,
      [verificationFlag(attribute)]: 'true',
    },
    modifiedAt: clock.now(),
  };
  storage.transaction(() => {
    storage.codes.delete(pool.id, user.sub, purpose);
    storage.users.update(verified);
    dropStrandedResetCode(context, verified);
    syncAliases(context, pool, user, verified, aliasConfirmedElsewhere);
  });
}
