import { randomBytes } from 'node:crypto';
import type { WebAuthnCredentialDescription } from '@aws-sdk/client-cognito-identity-provider';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { OperationContext } from '../../operation.js';
import type { PasskeyRecord } from '../../storage/passkeys.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';
import { sweepNowAndThen } from '../housekeeping.js';
import { passkeysAreMfa } from '../mfa/user-mfa.js';
import type { Principal } from '../tokens/principal.js';
import {
  passkeyChallengeNotFound,
  passkeyNotSupported,
  passkeyOfOtherClient,
  passkeyOfOtherRelyingParty,
  passkeyOriginNotAllowed,
  passkeysNotConfigured,
  passkeysNotEnabled,
  tooManyPasskeys,
} from './faults.js';
import {
  isDataOf,
  isOriginOf,
  malformedCredential,
  readCredential,
  sameText,
  textOf,
} from './passkey-responses.js';

/** AWS's quota. */
export const MAX_PASSKEYS_PER_USER = 20;
const CHALLENGE_BYTES = 32;
/** AWS names none. */
const REGISTRATION_TIMEOUT_MS = 5 * 60_000;
/** ES256 and RS256, as AWS asks for. */
const ALGORITHMS = [-7, -257];

/** @throws WebAuthnNotEnabledException, WebAuthnConfigurationMissingException */
export function relyingPartyOf(pool: UserPoolRecord): string {
  if (!allowsPasskeys(pool)) throw passkeysNotEnabled();
  const id = pool.factors.webAuthn?.RelyingPartyId;
  // AWS falls back to the pool's domain, and a pool of this server has none.
  if (id === undefined) throw passkeysNotConfigured();
  return id;
}

export function allowsPasskeys({ settings }: UserPoolRecord): boolean {
  return settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors?.includes('WEB_AUTHN') ?? false;
}

/** A passkey that is worth two factors has seen to it that it is the user who holds it. */
export function userVerification(pool: UserPoolRecord): 'required' | 'preferred' {
  return passkeysAreMfa(pool) ? 'required' : (pool.factors.webAuthn?.UserVerification ?? 'preferred');
}

export function newPasskeyChallenge(): string {
  return randomBytes(CHALLENGE_BYTES).toString('base64url');
}

/** Loaded by the first passkey: parsing attestations takes a lot of code, and most pools need none of it. */
function library() {
  return Promise.all([import('@simplewebauthn/server'), import('@simplewebauthn/server/helpers')]);
}

/**
 * Begins a registration, in place of one begun before.
 *
 * @returns `PublicKeyCredentialCreationOptionsJSON`
 * @throws CognitoServiceError of WebAuthn; LimitExceededException
 */
export function startRegistration(context: OperationContext, { client, pool, user }: Principal) {
  const { storage, clock } = context;
  const relyingPartyId = relyingPartyOf(pool);
  const registered = storage.passkeys.list(pool.id, user.sub, MAX_PASSKEYS_PER_USER);
  if (registered.length >= MAX_PASSKEYS_PER_USER) throw tooManyPasskeys();
  const challenge = newPasskeyChallenge();
  storage.transaction(() =>
    storage.passkeys.setRegistration(pool.id, user.sub, {
      clientId: client.id,
      challenge,
      relyingPartyId,
      expiresAt: clock.now() + REGISTRATION_TIMEOUT_MS,
    }),
  );
  sweepNowAndThen(context);
  return {
    rp: { id: relyingPartyId, name: relyingPartyId },
    user: {
      id: Buffer.from(user.sub).toString('base64url'),
      name: user.username,
      displayName: user.username,
    },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: REGISTRATION_TIMEOUT_MS,
    excludeCredentials: registered.map(descriptorOf),
    authenticatorSelection: {
      requireResidentKey: true,
      residentKey: 'required',
      userVerification: userVerification(pool),
    },
    attestation: 'none',
  };
}

/** `PublicKeyCredentialDescriptorJSON` */
export function descriptorOf({
  credentialId,
  transports,
}: Pick<PasskeyRecord, 'credentialId' | 'transports'>) {
  return { type: 'public-key', id: credentialId, transports: [...transports] };
}

/**
 * Completes the registration with what the authenticator made of it.
 *
 * @param credential `RegistrationResponseJSON`
 * @throws CognitoServiceError of WebAuthn; InvalidParameterException, LimitExceededException
 */
export async function completeRegistration(
  context: OperationContext,
  { client, pool, user }: Principal,
  credential: unknown,
): Promise<void> {
  const { storage, clock } = context;
  const relyingPartyId = relyingPartyOf(pool);
  const { response, clientData } = readCredential(credential);
  const registration = storage.passkeys.registration(pool.id, user.sub);
  if (registration === undefined || registration.expiresAt <= clock.now()) throw passkeyChallengeNotFound();
  if (registration.clientId !== client.id) throw passkeyOfOtherClient();
  if (!sameText(clientData.challenge, registration.challenge)) throw passkeyChallengeNotFound();
  if (registration.relyingPartyId !== relyingPartyId) throw passkeyOfOtherRelyingParty();
  if (!isOriginOf(clientData.origin, relyingPartyId)) throw passkeyOriginNotAllowed(clientData.origin);

  const [{ verifyRegistrationResponse }, { decodeAttestationObject }] = await library();
  const attestation = attempt(malformedCredential, () => {
    const object = decodeAttestationObject(
      new Uint8Array(Buffer.from(textOf(response, 'attestationObject'), 'base64url')),
    );
    const authData = object.get('authData');
    if (!(authData instanceof Uint8Array)) throw malformedCredential();
    return { format: object.get('fmt'), statement: object.get('attStmt'), authData };
  });
  if (!isDataOf(attestation.authData, relyingPartyId)) throw passkeyOfOtherRelyingParty();
  // None was asked for. Certificates are not looked into: whether one is revoked is a question to an address
  // that the certificate itself names.
  const isSelfMade = attestation.format === 'packed' && attestation.statement?.get('x5c') === undefined;
  if (attestation.format !== 'none' && !isSelfMade) throw passkeyNotSupported('attestation');

  const verified = await verifyRegistrationResponse({
    response: credential as RegistrationResponseJSON,
    expectedChallenge: registration.challenge,
    expectedOrigin: clientData.origin,
    expectedRPID: relyingPartyId,
    requireUserVerification: userVerification(pool) === 'required',
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => undefined);
  if (!verified?.verified) throw passkeyNotSupported('response');
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  const { authenticatorAttachment } = credential as RegistrationResponseJSON;
  keep(context, registration.challenge, {
    userPoolId: pool.id,
    sub: user.sub,
    credentialId: id,
    publicKey: Buffer.from(publicKey),
    counter,
    name: authenticatorAttachment === 'cross-platform' ? 'Security key' : 'Passkey',
    relyingPartyId,
    attachment:
      authenticatorAttachment === 'platform' || authenticatorAttachment === 'cross-platform'
        ? authenticatorAttachment
        : undefined,
    transports: transportsOf(response['transports']),
    createdAt: clock.now(),
  });
}

/** The registration may have been completed, or the user deleted, while the response was looked at. */
function keep({ storage }: OperationContext, challenge: string, passkey: PasskeyRecord): void {
  const { userPoolId, sub, credentialId } = passkey;
  storage.transaction(() => {
    if (!storage.passkeys.endRegistration(userPoolId, sub, challenge)) throw passkeyChallengeNotFound();
    if (storage.passkeys.find(userPoolId, credentialId) !== undefined) {
      // The text is ours.
      throw invalidParameter('The passkey is registered already.');
    }
    const held = storage.passkeys.list(userPoolId, sub, MAX_PASSKEYS_PER_USER);
    if (held.length >= MAX_PASSKEYS_PER_USER) throw tooManyPasskeys();
    storage.passkeys.insert(passkey);
  });
}

/** As ListWebAuthnCredentials answers it. */
export function passkeyView(passkey: PasskeyRecord): WebAuthnCredentialDescription {
  return {
    CredentialId: passkey.credentialId,
    FriendlyCredentialName: passkey.name,
    RelyingPartyId: passkey.relyingPartyId,
    AuthenticatorAttachment: passkey.attachment,
    AuthenticatorTransports: [...passkey.transports],
    CreatedAt: new Date(passkey.createdAt),
  };
}

/** The names of the transports there are, and whatever comes to be one. */
const TRANSPORT = /^[a-z-]{1,32}$/;
const MAX_TRANSPORTS = 8;

function transportsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((name): name is string => typeof name === 'string' && TRANSPORT.test(name))
    .slice(0, MAX_TRANSPORTS);
}

function attempt<T>(refusal: () => Error, work: () => T): T {
  try {
    return work();
  } catch {
    throw refusal();
  }
}
