import type {
  CodeDeliveryDetailsType,
  ConfirmSignUpRequest,
  ResendConfirmationCodeRequest,
  SignUpRequest,
  SignUpResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { callerOf } from '../../triggers/event.js';
import { postConfirmation } from '../../triggers/post-confirmation.js';
import { type PreSignUpAnswer, preSignUp } from '../../triggers/pre-sign-up.js';
import { accessNow } from '../after-trigger.js';
import { allowsFlow, type ClientAccess, hidesUserExistence } from '../clients/user-pool-client.js';
import { invalidParameter, notAuthorized } from '../faults.js';
import { newSub } from '../ids.js';
import { checkCode, issueCode } from '../messages/codes.js';
import { codeExpired } from '../messages/faults.js';
import { type Destination, deliver, deliveryDetails } from '../messages/messages.js';
import { changePassword } from '../passwords/password-change.js';
import { checkPasswordPolicy } from '../passwords/password-policy.js';
import { checkAttempts, countAttempt, subjectOf } from '../sign-in/attempts.js';
import {
  type Attributes,
  attributesOf,
  checkAgainstSchema,
  checkClientMayWrite,
  checkRequired,
} from '../users/attributes.js';
import {
  aliasConfirmedElsewhere,
  userDisabled,
  userExists,
  usernameClientNotFound,
} from '../users/faults.js';
import { simulatedDestination } from '../users/simulation.js';
import {
  attributesWithUsername,
  claimAlias,
  findUser,
  insertUser,
  ownUsername,
  verificationFlag,
} from '../users/users.js';
import { cannotConfirm, nothingToAutoVerify } from './faults.js';
import { mayDoWithoutPassword } from './passwordless.js';

const POLICY_REFUSAL = 'Password did not conform with policy';

/** @throws CognitoServiceError where AWS answers with one. */
export async function signUp(
  context: OperationContext,
  access: ClientAccess,
  request: SignUpRequest,
): Promise<SignUpResponse> {
  const { client } = access;
  let { pool } = access;
  if (pool.settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
    throw notAuthorized('SignUp is not permitted for this user pool');
  }
  const username = request.Username as string;
  const given = attributesOf(request.UserAttributes);
  checkClientMayWrite(client, Object.keys(given));
  const attributes = attributesWithUsername(pool, username, given);
  checkAgainstSchema(pool, attributes, 'Attributes did not conform to the schema: ');
  checkRequired(pool, attributes);
  if (attributes['preferred_username'] && pool.settings.AliasAttributes?.includes('preferred_username')) {
    throw invalidParameter('preferred_username cannot be set at sign-up when it is an alias attribute.');
  }
  const password = requestedPassword(access, request, attributes);

  const sub = newSub();
  const caller = callerOf(client, request);
  const answer = await preSignUp(
    context,
    pool,
    {
      source: 'PreSignUp_SignUp',
      userName: ownUsername(pool, username, sub),
      attributes,
      validationData: request.ValidationData && attributesOf(request.ValidationData),
    },
    caller,
  );
  ({ pool } = accessNow(context, access));
  const verified = verifiedBy(answer, attributes);
  const destination = answer.autoConfirmUser ? undefined : codeDestination(pool, attributes);
  const status = answer.autoConfirmUser ? 'CONFIRMED' : 'UNCONFIRMED';

  const { user, code } = context.storage.transaction(() => {
    const created = insertUser(
      context,
      pool,
      { username, sub, attributes: withFlags(attributes, verified), status },
      userExists,
    );
    const changed =
      password === undefined
        ? { user: created, write: () => {} }
        : changePassword(context, pool, created, password, { refusal: POLICY_REFUSAL, status });
    changed.write();
    // What the function vouches for moves to the new user, whoever had it.
    for (const attribute of verified) {
      claimAlias(context, pool, changed.user, attribute, true, () => aliasConfirmedElsewhere(attribute));
    }
    return {
      user: changed.user,
      code: destination && issueCode(context, pool, created.sub, 'SignUp', destination),
    };
  });
  if (destination && code) {
    await deliver(context, pool, user, destination, 'CustomMessage_SignUp', code, caller);
  }
  if (answer.autoConfirmUser) {
    await postConfirmation(context, pool, user, 'PostConfirmation_ConfirmSignUp', caller);
  }
  return {
    UserConfirmed: answer.autoConfirmUser,
    UserSub: user.sub,
    CodeDeliveryDetails: destination && deliveryDetails(destination),
  };
}

/** Only who can sign in with codes signs up without a password. */
function requestedPassword(
  { client, pool }: ClientAccess,
  request: SignUpRequest,
  attributes: Attributes,
): string | undefined {
  if (request.Password === undefined) {
    if (allowsFlow(client, 'ALLOW_USER_AUTH') && mayDoWithoutPassword(pool, attributes)) return undefined;
    throw invalidParameter('Password is required');
  }
  checkPasswordPolicy(pool, request.Password, POLICY_REFUSAL);
  return request.Password;
}

/** @throws InvalidLambdaResponseException when the function vouches for what is not there. */
function verifiedBy(answer: PreSignUpAnswer, attributes: Attributes): Destination['attribute'][] {
  const verified: Destination['attribute'][] = [];
  if (answer.autoVerifyEmail) verified.push('email');
  if (answer.autoVerifyPhone) verified.push('phone_number');
  const missing = verified.find((attribute) => !attributes[attribute]);
  if (missing !== undefined) throw nothingToAutoVerify(missing);
  return verified;
}

/**
 * Someone who signs up has not shown yet that the address or the number is theirs; a PreSignUp function may
 * know.
 */
function withFlags(attributes: Attributes, verified: readonly Destination['attribute'][]): Attributes {
  const flag = (attribute: Destination['attribute']) => (verified.includes(attribute) ? 'true' : 'false');
  return {
    ...attributes,
    ...(attributes['email'] && { email_verified: flag('email') }),
    ...(attributes['phone_number'] && { phone_number_verified: flag('phone_number') }),
  };
}

/** The attribute that a sign-up is confirmed by; the phone, where both are to be verified. */
function codeDestination(pool: UserPoolRecord, attributes: Attributes): Destination | undefined {
  for (const attribute of ['phone_number', 'email'] as const) {
    const value = attributes[attribute];
    if (value && pool.settings.AutoVerifiedAttributes?.includes(attribute)) return { attribute, value };
  }
  return undefined;
}

/** @throws CognitoServiceError where AWS answers with one. */
export async function confirmSignUp(
  context: OperationContext,
  { client, pool }: ClientAccess,
  request: ConfirmSignUpRequest,
): Promise<void> {
  const { storage, clock } = context;
  const username = request.Username as string;
  const user = findUser(context, pool, username);
  if (user === undefined && !hidesUserExistence(client)) throw usernameClientNotFound();
  if (user !== undefined && user.status !== 'UNCONFIRMED') throw cannotConfirm(user.status);
  const subject = subjectOf(pool, user, username);
  checkAttempts(context, pool, subject, 'ConfirmSignUp');
  countAttempt(context, pool, subject, 'ConfirmSignUp');
  const code = checkCode(context, pool, subject, 'SignUp', request.ConfirmationCode as string);
  // A code that was simulated for a name that nobody has confirms nobody.
  if (user === undefined) throw codeExpired();
  if (!user.enabled) throw userDisabled();
  // Nor does one that went to an address or number which is not the user's any more: it may be in somebody else's
  // hands, and would let them sign in. What AWS does here is not known.
  if (user.attributes[code.attribute] !== code.destination) throw codeExpired();

  const confirmed: UserRecord = {
    ...user,
    status: 'CONFIRMED',
    attributes: { ...user.attributes, [verificationFlag(code.attribute)]: 'true' },
    modifiedAt: clock.now(),
  };
  storage.transaction(() => {
    storage.codes.delete(pool.id, subject, 'SignUp');
    storage.users.update(confirmed);
    claimAlias(context, pool, confirmed, code.attribute, request.ForceAliasCreation ?? false, () =>
      aliasConfirmedElsewhere(code.attribute),
    );
  });
  await postConfirmation(
    context,
    pool,
    confirmed,
    'PostConfirmation_ConfirmSignUp',
    callerOf(client, request),
  );
}

/** @throws CognitoServiceError where AWS answers with one. */
export async function resendConfirmationCode(
  context: OperationContext,
  { client, pool }: ClientAccess,
  request: ResendConfirmationCodeRequest,
): Promise<CodeDeliveryDetailsType> {
  const username = request.Username as string;
  const hides = hidesUserExistence(client);
  const user = findUser(context, pool, username);
  if (user === undefined && !hides) throw usernameClientNotFound();
  if (user !== undefined && !user.enabled && !hides) throw userDisabled();
  if (user?.enabled && user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
  if (!pool.settings.AutoVerifiedAttributes?.length) {
    throw invalidParameter('Cannot resend codes. Auto verification not turned on.');
  }
  const subject = subjectOf(pool, user, username);
  checkAttempts(context, pool, subject, 'ResendConfirmationCode');
  countAttempt(context, pool, subject, 'ResendConfirmationCode');
  const destination = user && codeDestination(pool, user.attributes);
  if (user?.enabled && destination === undefined) {
    throw invalidParameter('Cannot resend codes. Auto verification not turned on.');
  }
  const shown = user?.enabled && destination ? destination : simulatedDestination(context, pool, username);
  const code = context.storage.transaction(() => issueCode(context, pool, subject, 'SignUp', shown));
  if (user?.enabled) {
    const caller = callerOf(client, request);
    await deliver(context, pool, user, shown, 'CustomMessage_ResendCode', code, caller);
  }
  return deliveryDetails(shown);
}
