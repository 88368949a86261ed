import { createHash, timingSafeEqual } from 'node:crypto';
import { invalidParameter } from '../faults.js';

/** What every response of an authenticator has, whatever it answers. */
interface ClientData {
  readonly type: string;
  /** Base64url. */
  readonly challenge: string;
  readonly origin: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The text is ours. */
export function malformedCredential(): Error {
  return invalidParameter('Credential is not a public-key credential response in JSON.');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws InvalidParameterException */
export function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw malformedCredential();
  return value;
}

/**
 * A `RegistrationResponseJSON` or `AuthenticationResponseJSON` as far as both are alike.
 *
 * @throws InvalidParameterException
 */
export function readCredential(credential: unknown): {
  readonly id: string;
  readonly response: JsonObject;
  readonly clientData: ClientData;
} {
  if (!isObject(credential) || !isObject(credential['response'])) throw malformedCredential();
  const id = textOf(credential, 'id');
  if (credential['type'] !== 'public-key' || credential['rawId'] !== id) throw malformedCredential();
  const { response } = credential;
  return { id, response, clientData: readClientData(textOf(response, 'clientDataJSON')) };
}

function readClientData(encoded: string): ClientData {
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    throw malformedCredential();
  }
  if (!isObject(data)) throw malformedCredential();
  return { type: textOf(data, 'type'), challenge: textOf(data, 'challenge'), origin: textOf(data, 'origin') };
}

/** Whether a page of this origin may use passkeys of the relying party: as browsers see it, and over TLS. */
export function isOriginOf(origin: string, relyingPartyId: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: own } = new URL(origin);
  if (own !== origin) return false;
  const isLoopback = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return false;
  return hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`);
}

/** Whether the authenticator answered for this relying party: its hash leads the authenticator's data. */
export function isDataOf(authenticatorData: Uint8Array, relyingPartyId: string): boolean {
  const hash = createHash('sha256').update(relyingPartyId).digest();
  const given = authenticatorData.subarray(0, hash.length);
  return given.length === hash.length && timingSafeEqual(given, hash);
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
