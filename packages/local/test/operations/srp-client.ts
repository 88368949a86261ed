import { createHash, createHmac, randomBytes } from 'node:crypto';

/*
 * The client's half of SRP as Amplify and pycognito do it, in plain BigInt and sharing nothing with the
 * server.
 */

export const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
const k = 0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6n;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base % N, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % N) {
    if (rest & 1n) result = (result * square) % N;
  }
  return result;
}

function pad(hex: string): Buffer {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from('89abcdef'.includes(even.charAt(0).toLowerCase()) ? `00${even}` : even, 'hex');
}

const hash = (...parts: (Buffer | string)[]) =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
const toNumber = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);

function privateKey(realm: string, name: string, password: string, saltHex: string): bigint {
  return toNumber(hash(pad(saltHex), hash(`${realm}${name}:${password}`)));
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function timestampOf(date: Date): string {
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()} ${date.toISOString().slice(11, 19)} UTC ${date.getUTCFullYear()}`;
}

export interface ProofOptions {
  /** The part of the pool id after `_`; a device's group key. */
  readonly realm: string;
  /** Default: `USER_ID_FOR_SRP`, or `DEVICE_KEY`. */
  readonly name?: string;
  readonly password: string;
  readonly timestamp?: string;
}

export class SrpClient {
  readonly #a = toNumber(randomBytes(32));
  readonly #A = power(2n, this.#a);

  get SRP_A(): string {
    return this.#A.toString(16);
  }

  /** The responses that prove the password, without `USERNAME`. */
  prove(
    parameters: Record<string, string> | undefined,
    { realm, password, timestamp = timestampOf(new Date()), ...given }: ProofOptions,
  ): Record<string, string> {
    const { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP, DEVICE_KEY } = parameters as Record<string, string>;
    const name = given.name ?? USER_ID_FOR_SRP ?? (DEVICE_KEY as string);
    const B = BigInt(`0x${SRP_B}`);
    const u = toNumber(hash(pad(this.SRP_A), pad(SRP_B as string)));
    const x = privateKey(realm, name, password, SALT as string);
    const S = power((((B - k * power(2n, x)) % N) + N) % N, this.#a + u * x);
    const prk = createHmac('sha256', pad(u.toString(16)))
      .update(pad(S.toString(16)))
      .digest();
    const key = createHmac('sha256', prk).update('Caldera Derived Key\x01').digest().subarray(0, 16);
    return {
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK as string,
      TIMESTAMP: timestamp,
      PASSWORD_CLAIM_SIGNATURE: createHmac('sha256', key)
        .update(realm)
        .update(name)
        .update(Buffer.from(SECRET_BLOCK as string, 'base64'))
        .update(timestamp)
        .digest('base64'),
    };
  }
}

/** What ConfirmDevice is given, for a password that the device makes up. */
export function deviceVerifier(
  groupKey: string,
  deviceKey: string,
  password: string,
  salt = randomBytes(16).toString('hex'),
) {
  const verifier = power(2n, privateKey(groupKey, deviceKey, password, salt));
  return {
    Salt: pad(salt).toString('base64'),
    PasswordVerifier: pad(verifier.toString(16)).toString('base64'),
  };
}
