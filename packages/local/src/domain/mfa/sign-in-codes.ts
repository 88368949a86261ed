import { timingSafeEqual } from 'node:crypto';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { newCode } from '../ids.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { checkAttempts, countAttempt } from '../sign-in/attempts.js';
import { invalidSession } from '../sign-in/faults.js';
import type { OpenSession } from '../sign-in/sessions.js';
import type { NextChallenge } from '../sign-in/sign-in-progress.js';
import type { Principal } from '../tokens/principal.js';
import { syncAliases } from '../users/aliases.js';
import { aliasExists } from '../users/faults.js';
import { fold, verificationFlag } from '../users/users.js';
import { mfaCodeMismatch } from './faults.js';
import { usableFactors } from './user-mfa.js';

/** What a code is checked against; kept with the session, and good for as long as that. */
interface SentCode {
  readonly code: string;
  readonly destination: Destination;
  /** The user has given the address in this sign-in, and it is his once the code is seen. */
  readonly adopt?: boolean;
}

/** A challenge that sends a code of six digits as a further factor. */
export function signInCodeChallenge(
  context: OperationContext,
  { client, pool, user }: Principal,
  name: 'SMS_MFA' | 'EMAIL_OTP',
  destination: Destination,
  { adopt = false }: { readonly adopt?: boolean } = {},
): NextChallenge {
  const code = newCode();
  const details = deliveryDetails(destination);
  const data: SentCode = { code, destination, ...(adopt && { adopt }) };
  return {
    name,
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: details.DeliveryMedium as string,
      CODE_DELIVERY_DESTINATION: details.Destination as string,
      USER_ID_FOR_SRP: user.username,
    },
    data,
    deliver: (clientMetadata) =>
      deliver(context, pool, user, destination, 'CustomMessage_Authentication', code, {
        clientId: client.id,
        clientMetadata,
      }),
  };
}

/**
 * Whether this is the code that was sent; the session stays good for another try.
 *
 * @returns where it was sent, which is proven to be the user's now.
 * @throws CodeMismatchException, LimitExceededException; NotAuthorizedException when it was sent to where the
 * user is no longer reached.
 */
export function checkSignInCode(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { data }: OpenSession,
  given: string,
): Omit<SentCode, 'code'> {
  checkAttempts(context, pool, user.sub, 'MfaCode');
  const { code, ...sent } = data as unknown as SentCode;
  refuseReplaced(context, pool, user, sent);
  const expected = Buffer.from(code);
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    countAttempt(context, pool, user.sub, 'MfaCode');
    throw mfaCodeMismatch();
  }
  return sent;
}

/**
 * A code proves nothing once the address that it went to is not the user's any more, or, for one that he gave
 * in this sign-in, once another factor has been set up: then it may be somebody else's.
 */
function refuseReplaced(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { destination: { attribute, value }, adopt = false }: Omit<SentCode, 'code'>,
): void {
  const current = user.attributes[attribute];
  if (adopt && usableFactors(context, pool, user).length > 0) throw invalidSession();
  if (current !== value && !(adopt && current === undefined)) throw invalidSession();
}

/**
 * The user whose number or address is proven, as he was where that changes nothing: it is another by now, or
 * an alias that somebody else has proven before.
 *
 * @param adopt A user who has none takes it for his own.
 */
export function withProvenDestination(
  { storage, clock }: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord,
  { attribute, value }: Destination,
  { adopt = false }: { readonly adopt?: boolean } = {},
): UserRecord {
  const flag = verificationFlag(attribute);
  const current = user.attributes[attribute] ?? (adopt ? value : undefined);
  if (current !== value || user.attributes[flag] === 'true') return user;
  const owner = isAlias(pool, attribute)
    ? storage.users.aliasOwner(pool.id, attribute, fold(pool, value))
    : undefined;
  if (owner !== undefined && owner !== user.sub) {
    if (adopt) throw aliasExists();
    return user;
  }
  return {
    ...user,
    attributes: { ...user.attributes, [attribute]: value, [flag]: 'true' },
    modifiedAt: clock.now(),
  };
}

/** Keeps what `withProvenDestination` says of the user as he is now, in a transaction of the caller's. */
export function keepProvenDestination(
  context: OperationContext,
  pool: UserPoolRecord,
  sub: string,
  destination: Destination,
  options: { readonly adopt?: boolean } = {},
): void {
  const user = context.storage.users.findBySub(pool.id, sub);
  if (user === undefined) return;
  // Functions of the pool may have run since the code was looked at.
  refuseReplaced(context, pool, user, { destination, ...options });
  const proven = withProvenDestination(context, pool, user, destination, options);
  if (proven === user) return;
  context.storage.users.update(proven);
  syncAliases(context, pool, user, proven, aliasExists);
}

function isAlias({ settings }: UserPoolRecord, attribute: Destination['attribute']): boolean {
  return [...(settings.AliasAttributes ?? []), ...(settings.UsernameAttributes ?? [])].includes(attribute);
}
