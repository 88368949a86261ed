import {
  createDiffieHellman,
  createHash,
  createHmac,
  type DiffieHellman,
  getDiffieHellman,
} from 'node:crypto';

/*
 * SRP-6a as Cognito does it: RFC 3526 group 15, g = 2, SHA-256, and values hashed in
 * the two's-complement padding of Java's BigInteger.
 */

/** Exponentiation in OpenSSL: about five times as fast as BigInt, and in constant time. */
let group: DiffieHellman | undefined;

function dh(): DiffieHellman {
  group ??= createDiffieHellman(getDiffieHellman('modp15').getPrime(), 2);
  return group;
}

/** Length of a group element in bytes (3072 bits). */
const GROUP_BYTES = 384;

let modulus: bigint | undefined;

function N(): bigint {
  modulus ??= toBigInt(getDiffieHellman('modp15').getPrime());
  return modulus;
}

export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** The number's bytes without leading zeros, one zero byte in front when the first bit is set. */
export function pad(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Who proves what: a user with a password, or a device with its own. */
export interface SrpIdentity {
  /** The part of the pool id after `_`; a device's group key. */
  readonly realm: string;
  /** The real username; the device key. */
  readonly name: string;
}

/** The private key x of RFC 5054, from salt, identity and password. */
export function privateKey({ realm, name }: SrpIdentity, password: string, salt: Uint8Array): Buffer {
  return sha256(pad(toBigInt(salt)), sha256(Buffer.from(`${realm}${name}:${password}`, 'utf8')));
}

/** v = g^x mod N, 384 bytes. */
export function verifierOf(identity: SrpIdentity, password: string, salt: Uint8Array): Buffer {
  return powerOfG(privateKey(identity, password, salt));
}

/** g^exponent mod N, 384 bytes. */
function powerOfG(exponent: Uint8Array): Buffer {
  const engine = dh();
  engine.setPrivateKey(exponent);
  const power = engine.generateKeys();
  return power.length === GROUP_BYTES
    ? power
    : Buffer.concat([Buffer.alloc(GROUP_BYTES - power.length), power]);
}

/**
 * base^exponent mod N in OpenSSL, which takes neither 0, 1 nor N - 1 for a base: no honest client has one.
 *
 * @throws RangeError
 */
function power(base: bigint, exponent: Uint8Array): bigint {
  if (base <= 1n || base >= N() - 1n) throw new RangeError('A public value of SRP is degenerate');
  const engine = dh();
  engine.setPrivateKey(exponent);
  return toBigInt(engine.computeSecret(pad(base)));
}

let multiplier: bigint | undefined;

function k(): bigint {
  multiplier ??= toBigInt(sha256(pad(N()), pad(2n)));
  return multiplier;
}

/** The server's public value B for its private b. */
export function serverPublicValue(verifier: Uint8Array, b: Uint8Array): bigint {
  return (k() * toBigInt(verifier) + toBigInt(powerOfG(b))) % N();
}

/**
 * The key that proves the password to either side.
 *
 * @throws RangeError when A is a multiple of N, which would make the secret known to anyone, or when another
 * value is one that no honest client has.
 */
export function serverSessionKey(
  verifier: Uint8Array,
  clientPublicValue: bigint,
  b: Uint8Array,
  serverPublic: bigint,
): Buffer {
  if (clientPublicValue % N() === 0n) throw new RangeError('SRP_A is a multiple of N');
  const u = toBigInt(sha256(pad(clientPublicValue), pad(serverPublic)));
  const base = (clientPublicValue * power(toBigInt(verifier), pad(u))) % N();
  const secret = power(base, b);
  const prk = createHmac('sha256', pad(u)).update(pad(secret)).digest();
  return createHmac('sha256', prk).update('Caldera Derived Key\x01', 'utf8').digest().subarray(0, 16);
}

/** Whether this can be the verifier of a password: a group element that is none of 0, 1 and N - 1. */
export function isVerifier(verifier: Uint8Array): boolean {
  const value = toBigInt(verifier);
  return value > 1n && value < N() - 1n;
}

/** Bytes of a group element, for a verifier that belongs to nobody. */
export function toElement(bytes: Uint8Array): Buffer {
  return pad(toBigInt(bytes) % N());
}

/** `PASSWORD_CLAIM_SIGNATURE`: the proof over the challenge's block and the client's timestamp. */
export function claimSignature(
  key: Uint8Array,
  { realm, name }: SrpIdentity,
  secretBlock: Uint8Array,
  timestamp: string,
): Buffer {
  return createHmac('sha256', key)
    .update(realm, 'utf8')
    .update(name, 'utf8')
    .update(secretBlock)
    .update(timestamp, 'utf8')
    .digest();
}
