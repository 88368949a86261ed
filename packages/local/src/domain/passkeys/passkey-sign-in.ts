import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { OperationContext } from '../../operation.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { authSessionValidityMs, type ClientAccess } from '../clients/user-pool-client.js';
import { invalidParameter } from '../faults.js';
import { needsMfa, passkeyIsEnough, passkeysAreMfa, poolDemandsMfa } from '../mfa/user-mfa.js';
import { incorrectCredentials } from '../passwords/faults.js';
import type { Claim } from '../sign-in/claim.js';
import type { OpenSession } from '../sign-in/sessions.js';
import type { NextChallenge } from '../sign-in/sign-in-progress.js';
import { simulatedCredentialId } from '../users/simulation.js';
import {
  isDataOf,
  isOriginOf,
  malformedCredential,
  readCredential,
  sameText,
  textOf,
} from './passkey-responses.js';
import {
  allowsPasskeys,
  descriptorOf,
  MAX_PASSKEYS_PER_USER,
  newPasskeyChallenge,
  relyingPartyOf,
  userVerification,
} from './passkeys.js';

/** What the answer is checked against; kept with the session. */
interface Expectation {
  readonly challenge: string;
  readonly relyingPartyId: string;
  readonly isVerificationRequired: boolean;
}

/** Whether the user may begin with a passkey: one factor where one is enough, or worth two. */
export function mayBeginWithPasskey(
  context: OperationContext,
  { pool }: ClientAccess,
  user: UserRecord,
): boolean {
  return (
    allowsPasskeys(pool) &&
    user.status !== 'FORCE_CHANGE_PASSWORD' &&
    usablePasskeys(context, pool, user).length > 0 &&
    (passkeyIsEnough(context, pool, user) || !needsMfa(context, pool, user))
  );
}

/** Whether the pool has users who may begin with a passkey. */
export function offersPasskeys(pool: UserPoolRecord): boolean {
  return (
    allowsPasskeys(pool) &&
    pool.factors.webAuthn?.RelyingPartyId !== undefined &&
    (passkeysAreMfa(pool) || !poolDemandsMfa(pool))
  );
}

/** Those of the relying party as it is configured now. */
function usablePasskeys({ storage }: OperationContext, pool: UserPoolRecord, { sub }: UserRecord) {
  const relyingPartyId = pool.factors.webAuthn?.RelyingPartyId;
  return storage.passkeys
    .list(pool.id, sub, MAX_PASSKEYS_PER_USER)
    .filter((passkey) => passkey.relyingPartyId === relyingPartyId);
}

/**
 * For a name that nobody has it names a passkey that nobody has.
 *
 * @throws InvalidParameterException for a credential that comes before there is a challenge to answer.
 */
export function passkeyChallenge(
  context: OperationContext,
  { access: { client, pool }, user, username, parameters }: Claim,
): NextChallenge {
  if (parameters['CREDENTIAL']) {
    // The text is ours.
    throw invalidParameter('CREDENTIAL answers the challenge WEB_AUTHN, which has not been put yet.');
  }
  const data: Expectation = {
    challenge: newPasskeyChallenge(),
    relyingPartyId: relyingPartyOf(pool),
    isVerificationRequired: userVerification(pool) === 'required',
  };
  // PublicKeyCredentialRequestOptionsJSON
  const options = {
    challenge: data.challenge,
    timeout: authSessionValidityMs(client),
    rpId: data.relyingPartyId,
    allowCredentials: user
      ? usablePasskeys(context, pool, user).map(descriptorOf)
      : [simulatedDescriptor(context, pool, username)],
    userVerification: userVerification(pool),
  };
  return {
    name: 'WEB_AUTHN',
    parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
    data,
  };
}

function simulatedDescriptor(context: OperationContext, pool: UserPoolRecord, username: string) {
  const credentialId = simulatedCredentialId(context, pool, username);
  return descriptorOf({ credentialId, transports: ['internal', 'hybrid'] });
}

/**
 * Whether an authenticator with one of the user's passkeys has answered the challenge.
 *
 * @param credential `AuthenticationResponseJSON`, as a string.
 * @returns what is to be kept of it, in the transaction of the sign-in.
 * @throws InvalidParameterException when it cannot be read, NotAuthorizedException when it is not right.
 */
export async function checkPasskey(
  context: OperationContext,
  pool: UserPoolRecord,
  user: UserRecord | undefined,
  { data }: OpenSession,
  credential: string,
): Promise<() => void> {
  const { challenge, relyingPartyId, isVerificationRequired } = data as unknown as Expectation;
  const parsed = parse(credential);
  const { id, response, clientData } = readCredential(parsed);
  const authenticatorData = Buffer.from(textOf(response, 'authenticatorData'), 'base64url');
  const passkey = context.storage.passkeys.find(pool.id, id);
  if (
    passkey === undefined ||
    passkey.sub !== user?.sub ||
    passkey.relyingPartyId !== relyingPartyId ||
    !sameText(clientData.challenge, challenge) ||
    !isOriginOf(clientData.origin, relyingPartyId) ||
    !isDataOf(authenticatorData, relyingPartyId)
  ) {
    throw incorrectCredentials();
  }
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const verified = await verifyAuthenticationResponse({
    response: parsed as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: clientData.origin,
    expectedRPID: relyingPartyId,
    credential: { id, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
    // What the pool demanded when it asked, and what it demands by now.
    requireUserVerification: isVerificationRequired || userVerification(pool) === 'required',
  }).catch(() => undefined);
  if (!verified?.verified) throw incorrectCredentials();
  const counter = verified.authenticationInfo.newCounter;
  return () => context.storage.passkeys.setCounter(pool.id, id, counter);
}

function parse(credential: string): unknown {
  try {
    return JSON.parse(credential);
  } catch {
    throw malformedCredential();
  }
}
