import type { CodeDeliveryDetailsType } from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import type { Caller } from '../../triggers/event.js';
import { dropStrandedResetCode, issueCode } from '../messages/codes.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { syncAliases } from './aliases.js';
import { verificationPurpose } from './attribute-verification.js';
import { type Attributes, checkFlags, checkUpdate } from './attributes.js';
import { accountHasValue, aliasExists } from './faults.js';
import { checkNotAliasShaped, fold, verificationFlag } from './users.js';

const VERIFIABLE = ['email', 'phone_number'] as const;

/** What a change comes to: the attributes afterwards, and the values that a code is sent to. */
interface Outcome {
  readonly attributes: Record<string, string>;
  readonly toVerify: Destination[];
}

/**
 * Writes attributes, all or none; an empty value deletes one. A new address or number is unverified, and is
 * sent a code where the pool verifies it. Where the pool wants it verified first, the old value stays until
 * then and the new one waits with its code.
 *
 * @returns where codes went.
 * @throws CognitoServiceError where AWS answers with one.
 */
export async function changeAttributes(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  given: Attributes,
  caller: Caller = {},
): Promise<CodeDeliveryDetailsType[]> {
  const { storage, clock } = context;
  checkUpdate(pool, given);
  checkNotAliasShaped(pool, given['preferred_username'] ?? '');
  const { attributes, toVerify } = outcomeOf(pool, user, given);
  const changed: UserRecord = { ...user, attributes, modifiedAt: clock.now() };
  const codes = storage.transaction(() => {
    storage.users.update(changed);
    dropStrandedResetCode(context, changed);
    syncAliases(context, pool, user, changed, (attribute) => whenTaken(pool, attribute));
    for (const attribute of VERIFIABLE) {
      if (given[attribute] === undefined) continue;
      storage.codes.delete(pool.id, user.sub, verificationPurpose(attribute));
    }
    return toVerify.map((destination) => {
      checkWaitingIsFree(context, pool, user, destination);
      return issueCode(context, pool, user.sub, verificationPurpose(destination.attribute), destination);
    });
  });
  for (const [index, destination] of toVerify.entries()) {
    const code = codes[index] as string;
    await deliver(context, pool, changed, destination, 'CustomMessage_UpdateUserAttribute', code, caller);
  }
  return toVerify.map(deliveryDetails);
}

/** Deletes attributes that may be deleted; a user who does not have one is none the worse. */
export function deleteAttributes(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  names: readonly string[],
): void {
  const { storage, clock } = context;
  const gone = new Set(names);
  for (const attribute of VERIFIABLE) {
    if (gone.has(attribute)) gone.add(verificationFlag(attribute));
  }
  const attributes = Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !gone.has(name)));
  const changed: UserRecord = { ...user, attributes, modifiedAt: clock.now() };
  storage.transaction(() => {
    storage.users.update(changed);
    dropStrandedResetCode(context, changed);
    syncAliases(context, pool, user, changed, (attribute) => whenTaken(pool, attribute));
    for (const attribute of VERIFIABLE) {
      if (gone.has(attribute)) storage.codes.delete(pool.id, user.sub, verificationPurpose(attribute));
    }
  });
}

function whenTaken(pool: UserPoolRecord, attribute: string): Error {
  return pool.settings.UsernameAttributes?.length ? accountHasValue(attribute) : aliasExists();
}

function outcomeOf(pool: UserPoolRecord, user: UserRecord, given: Attributes): Outcome {
  const wanted: Record<string, string> = { ...given };
  const toVerify: Destination[] = [];
  for (const attribute of VERIFIABLE) {
    const value = given[attribute];
    const flag = verificationFlag(attribute);
    if (value === undefined) continue;
    if (value === '') {
      wanted[flag] ||= '';
      continue;
    }
    if (value === user.attributes[attribute]) continue;
    const verified = given[flag] === 'true';
    if (!verified && verifiesFirst(pool, attribute)) {
      // Whether it is verified is said of the new value, which is not there yet.
      delete wanted[attribute];
      delete wanted[flag];
    } else {
      wanted[flag] ||= 'false';
    }
    if (!verified && pool.settings.AutoVerifiedAttributes?.includes(attribute)) {
      toVerify.push({ attribute, value });
    }
  }
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...user.attributes, ...wanted })) {
    if (value !== '') attributes[name] = value;
  }
  checkFlags(wanted, attributes);
  return { attributes, toVerify };
}

function verifiesFirst({ settings }: UserPoolRecord, attribute: 'email' | 'phone_number'): boolean {
  const first = settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate;
  return first?.includes(attribute) ?? false;
}

/** In pools of e-mail addresses or phone numbers nobody waits for what somebody has. */
function checkWaitingIsFree(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { attribute, value }: Destination,
): void {
  if (!pool.settings.UsernameAttributes?.includes(attribute)) return;
  const owner = storage.users.aliasOwner(pool.id, attribute, fold(pool, value));
  if (owner !== undefined && owner !== user.sub) throw accountHasValue(attribute);
}
