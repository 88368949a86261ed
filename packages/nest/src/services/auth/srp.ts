import {
  createDiffieHellman,
  createHash,
  createHmac,
  type DiffieHellman,
  getDiffieHellman,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { CognestError } from '../../errors/cognest-error.js';

/*
 * The client's side of SRP-6a (RFC 5054) in Cognito's dialect: group 15 of RFC 3526 with g = 2, SHA-256, and numbers
 * hashed as the bytes of a two's complement, so with a zero byte in front when their first bit is set.
 *
 * Powers of secrets are taken in OpenSSL, through Node's Diffie-Hellman: in constant time, which BigInt is not, and ten
 * times as fast (0.6 ms for an exponent of 256 bits where BigInt takes 6 ms).
 */

/** Who proves what: a user their password, or a device its own. */
export interface SrpIdentity {
  /** The part of the pool's id after `_`; for a device, its group key. */
  readonly realm: string;
  /** The real user name; for a device, its key. */
  readonly name: string;
  readonly password: string;
}

/** What the service answers to the client's public value: parameters of `PASSWORD_VERIFIER`. */
export interface SrpChallenge {
  /** Hexadecimal. */
  readonly salt: string;
  /** Hexadecimal. */
  readonly srpB: string;
  /** Base64; goes back unchanged. */
  readonly secretBlock: string;
}

/** The answer to an {@link SrpChallenge}. */
export interface SrpProof {
  /** Base64. */
  readonly passwordClaimSignature: string;
  /** The moment of the proof, as `Tue Jan 2 03:04:05 UTC 2024`. */
  readonly timestamp: string;
}

/** 256 bits: twice the strength of the group, as much as RFC 5054 asks for. */
const PRIVATE_BYTES = 32;
const GROUP = 'modp15';
const G = 2;
/** A number of the group is 384 bytes long; a sign byte may come before it. */
const MAX_HEX_DIGITS = 770;
const MAX_BLOCK_LENGTH = 16_384;

// Made once they are needed: an app that never uses SRP pays nothing.
let engine: DiffieHellman | undefined;
let modulus: bigint | undefined;
let multiplier: bigint | undefined;

function dh(): DiffieHellman {
  engine ??= createDiffieHellman(getDiffieHellman(GROUP).getPrime(), G);
  return engine;
}

function N(): bigint {
  modulus ??= toBigInt(getDiffieHellman(GROUP).getPrime());
  return modulus;
}

function k(): bigint {
  multiplier ??= toBigInt(sha256(toBytes(N()), toBytes(BigInt(G))));
  return multiplier;
}

/** One exchange, which is good for one proof. */
export class SrpClient {
  /** `SRP_A`: hexadecimal. */
  readonly publicValue: string;
  readonly #a: bigint;
  readonly #A: bigint;

  /** @param a - the private value; for tests only. */
  constructor(a: Uint8Array = randomBytes(PRIVATE_BYTES)) {
    this.#a = toBigInt(a);
    this.#A = powerOfG(toBytes(this.#a));
    this.publicValue = this.#A.toString(16);
  }

  /**
   * The proof that the password is known.
   *
   * @throws {CognestError} `cognito_response_invalid` for values that an honest service does not send.
   */
  prove(challenge: SrpChallenge, identity: SrpIdentity, now: Date): SrpProof {
    const block = readBlock(challenge.secretBlock);
    const B = readHex('SRP_B', challenge.srpB);
    const salt = readHex('SALT', challenge.salt);
    const timestamp = timestampOf(now);
    const key = this.#sessionKey(B, privateKey(identity, salt));
    const passwordClaimSignature = createHmac('sha256', key)
      .update(identity.realm, 'utf8')
      .update(identity.name, 'utf8')
      .update(block)
      .update(timestamp, 'utf8')
      .digest('base64');
    return { passwordClaimSignature, timestamp };
  }

  #sessionKey(B: bigint, x: Buffer): Buffer {
    // With these, whoever stands in for the service would learn what to try passwords against (RFC 5054, 2.5.4).
    if (B % N() === 0n) throw dishonest();
    const u = toBigInt(sha256(toBytes(this.#A), toBytes(B)));
    if (u === 0n) throw dishonest();
    const base = (((B - k() * powerOfG(x)) % N()) + N()) % N();
    const S = power(base, this.#a + u * toBigInt(x));
    return Buffer.from(hkdfSync('sha256', toBytes(S), toBytes(u), 'Caldera Derived Key', 16));
  }
}

/** What a device's password is checked against, for `ConfirmDevice`: both base64. */
export function verifierOf(
  identity: SrpIdentity,
  salt: Uint8Array = randomBytes(16),
): { salt: string; passwordVerifier: string } {
  const saltNumber = toBigInt(salt);
  return {
    salt: toBytes(saltNumber).toString('base64'),
    passwordVerifier: toBytes(powerOfG(privateKey(identity, saltNumber))).toString('base64'),
  };
}

function privateKey({ realm, name, password }: SrpIdentity, salt: bigint): Buffer {
  return sha256(toBytes(salt), sha256(Buffer.from(`${realm}${name}:${password}`, 'utf8')));
}

function powerOfG(exponent: Uint8Array): bigint {
  dh().setPrivateKey(exponent);
  return toBigInt(dh().generateKeys());
}

function power(base: bigint, exponent: bigint): bigint {
  dh().setPrivateKey(toBytes(exponent));
  try {
    return toBigInt(dh().computeSecret(toBytes(base)));
  } catch {
    // OpenSSL takes neither 0, 1 nor N - 1, whose powers would be known to everybody.
    throw dishonest();
  }
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function readHex(parameter: string, text: string): bigint {
  if (text.length > MAX_HEX_DIGITS || !/^[0-9a-f]+$/i.test(text)) throw unreadable(parameter);
  return BigInt(`0x${text}`);
}

function readBlock(text: string): Buffer {
  if (text.length > MAX_BLOCK_LENGTH || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw unreadable('SECRET_BLOCK');
  return Buffer.from(text, 'base64');
}

function unreadable(parameter: string): CognestError {
  return new CognestError(
    'cognito_response_invalid',
    `Cognito's challenge holds no usable ${parameter}, which proving a password by SRP takes`,
  );
}

function dishonest(): CognestError {
  return new CognestError(
    'cognito_response_invalid',
    'Cognito’s value SRP_B is one that no honest service sends: the sign-in was given up, and no password is known',
  );
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `EEE MMM d HH:mm:ss UTC yyyy`, the day not padded: with another one the proof is refused as a wrong password. */
function timestampOf(now: Date): string {
  const time = now.toISOString().slice(11, 19);
  return `${DAYS[now.getUTCDay()]} ${MONTHS[now.getUTCMonth()]} ${now.getUTCDate()} ${time} UTC ${now.getUTCFullYear()}`;
}
