import { random } from './random.js';

/*
 * Identifiers in the shapes that AWS gives them.
 */

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `<region>_` and nine letters or digits. */
export function newUserPoolId(region: string): string {
  return `${region}_${alphanumeric(9)}`;
}

function alphanumeric(length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC[random().int(ALPHANUMERIC.length)]).join('');
}

/** `import-` and ten letters or digits. */
export function newImportJobId(): string {
  return `import-${alphanumeric(10)}`;
}

/** A random number in the digits `0-9a-v`, leading zeros dropped, as AWS prints client ids and secrets. */
function base32(bytes: number): string {
  return BigInt(`0x${random().bytes(bytes).toString('hex')}`).toString(32);
}

/** 25 or 26 digits, rarely fewer. */
export function newClientId(): string {
  return base32(16);
}

/** 51 or 52 digits, rarely fewer. */
export function newClientSecret(): string {
  return base32(32);
}

/** UUID-shaped, with Cognito's `70` at the head of the third group and no variant. */
export function newSub(): string {
  return subFrom(random().bytes(16));
}

/** @param bytes At least sixteen. */
export function subFrom(bytes: Uint8Array): string {
  const sub = Buffer.from(bytes.subarray(0, 16));
  sub[6] = 0x70;
  return sub.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `jti` and `origin_jti` of tokens. */
export function newTokenId(): string {
  return random().uuid();
}

/** Six digits, leading zeros kept. */
export function newCode(): string {
  return random().int(1_000_000).toString().padStart(6, '0');
}

/** Eight digits, leading zeros kept: what a sign-in without a password begins with. */
export function newSignInCode(): string {
  return random().int(100_000_000).toString().padStart(8, '0');
}

/** An opaque challenge session of the length that AWS's has. */
export function newSessionToken(): string {
  return `AYABe${random().bytes(600).toString('base64url')}`;
}

/** `SECRET_BLOCK`: opaque, and well over a kilobyte as AWS's is. */
export function newSecretBlock(): string {
  return random().bytes(1056).toString('base64');
}

/** `<region>_` and a UUID. */
export function newDeviceKey(region: string): string {
  return `${region}_${random().uuid()}`;
}

/** A hyphen and eight letters or digits, such as `-abc12XyZ`. */
export function newDeviceGroupKey(): string {
  return `-${alphanumeric(8)}`;
}

const REFRESH_TOKEN_HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString(
  'base64url',
);

/** Shaped like the encrypted JWT that AWS hands out, and nothing but randomness inside. */
export function newRefreshToken(): string {
  const bytes = random().bytes(256 + 12 + 980 + 16);
  const part = (start: number, end: number) => bytes.toString('base64url', start, end);
  return `${REFRESH_TOKEN_HEADER}.${part(0, 256)}.${part(256, 268)}.${part(268, 1248)}.${part(1248, 1264)}`;
}

/** Of a token session: `tkn` and 25 small letters or digits. */
export function newTokenSessionId(): string {
  return `tkn${Array.from({ length: 25 }, () => random().int(36).toString(36)).join('')}`;
}
