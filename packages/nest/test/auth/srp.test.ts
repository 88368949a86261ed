import { createHash, createHmac, randomBytes } from 'node:crypto';
import * as identityJs from 'amazon-cognito-identity-js';
import { describe, expect, it } from 'vitest';
import { SrpClient, verifierOf } from '../../src/services/auth/srp.js';

// The vectors were computed with the formulas of two clients of Cognito's, which agree on them.
const a = Buffer.from('00112233445566778899aabbccddeeff'.repeat(8), 'hex');
const SALT = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const SECRET_BLOCK = Buffer.from('secret-block-bytes').toString('base64');
const NOW = new Date('2024-01-02T03:04:05.678Z');
const USER = {
  realm: 'AbCdEfGhI',
  name: '11111111-2222-3333-4444-555555555555',
  password: 'Passw0rd!',
};
const DEVICE = {
  realm: '-AbCdEfGh',
  name: 'us-east-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  password: 'ZGV2aWNlcGFzcw==',
};

/** What of the library's own arithmetic is used here, which its types keep to themselves. */
interface AuthenticationHelper {
  readonly k: { readonly constructor: new (digits: string, radix: number) => object };
  smallAValue: object;
  largeAValue: { toString(radix: number): string } | undefined;
  getLargeAValue(done: (error: unknown, value: { toString(radix: number): string }) => void): void;
  getPasswordAuthenticationKey(
    name: string,
    password: string,
    serverB: object,
    salt: object,
    done: (error: unknown, key: Uint8Array) => void,
  ): void;
}
const { AuthenticationHelper } = identityJs as unknown as {
  AuthenticationHelper: new (realm: string) => AuthenticationHelper;
};

/** The proof that amazon-cognito-identity-js gives with the same private value. */
function proofOfIdentityJs(privateValue: Buffer, identity: typeof USER, salt: string, srpB: string) {
  const helper = new AuthenticationHelper(identity.realm);
  const big = (digits: string) => new helper.k.constructor(digits, 16);
  helper.smallAValue = big(privateValue.toString('hex'));
  helper.largeAValue = undefined;
  let proof = { publicValue: '', signature: '' };
  // Its callbacks are called at once.
  helper.getLargeAValue((_, A) => {
    helper.getPasswordAuthenticationKey(identity.name, identity.password, big(srpB), big(salt), (_, key) => {
      const signature = createHmac('sha256', key)
        .update(identity.realm + identity.name)
        .update(Buffer.from(SECRET_BLOCK, 'base64'))
        .update('Tue Jan 2 03:04:05 UTC 2024')
        .digest('base64');
      proof = { publicValue: A.toString(16), signature };
    });
  });
  return proof;
}

const N = BigInt(
  `0x${`FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF`.replaceAll(
    '\n',
    '',
  )}`,
);

function modPow(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % N];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes: string) => BigInt(`0x${Buffer.from(bytes, 'base64').toString('hex')}`);

/** B of a server with the vectors' b, for the identity's verifier. */
function serverValue(identity: typeof USER, salt = SALT): string {
  const k = BigInt('0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6');
  const v = hex(verifierOf(identity, Buffer.from(salt, 'hex')).passwordVerifier);
  const b = BigInt(`0x${'ffeeddccbbaa99887766554433221100'.repeat(8)}`);
  return ((k * v + modPow(2n, b)) % N).toString(16);
}

describe('SRP', () => {
  it('agrees with the vectors', () => {
    const client = new SrpClient(a);
    const A = Buffer.from(client.publicValue.padStart(768, '0'), 'hex');
    expect(client.publicValue.slice(0, 32)).toBe('bb7bf4de5a7534afde69e3990419e8fb');
    // In the hash, a zero byte stands before a number whose first bit is set.
    expect(sha256(Buffer.concat([Buffer.alloc(1), A]))).toBe(
      '1ae9241c28e948c4671018622a12cbe03d26849beab0e55896f06c124f56d474',
    );
    const { passwordVerifier } = verifierOf(USER, Buffer.from(SALT, 'hex'));
    expect(sha256(Buffer.from(passwordVerifier, 'base64'))).toBe(
      '1d74408b01859cc2d77ff8973b72237f927ed5deda4a060d02260f7ef7337f97',
    );
    const srpB = serverValue(USER);
    expect(srpB.slice(0, 32)).toBe('3fcbcbe59345fc684cd158e782c6b172');
    expect(client.prove({ salt: SALT, srpB, secretBlock: SECRET_BLOCK }, USER, NOW)).toEqual({
      passwordClaimSignature: 'rtjyo7k7+HXXZ7wSzECG21Gc6wT4fzj5sqUkYavtM/s=',
      timestamp: 'Tue Jan 2 03:04:05 UTC 2024',
    });
  });

  it('agrees with the vectors of a device', () => {
    const srpB = serverValue(DEVICE);
    const proof = new SrpClient(a).prove({ salt: SALT, srpB, secretBlock: SECRET_BLOCK }, DEVICE, NOW);
    expect(proof.passwordClaimSignature).toBe('zZftKAAn0GJSbJB4lwbafWjj9+DdzwGiZ4JyktsKORY=');
  });

  it.each([
    ['the vectors’ user', USER, SALT],
    ['the vectors’ device', DEVICE, SALT],
    ['a salt that begins with zeros', USER, '0000a1b2c3d4e5f60718293a4b5c6d7e'],
    ['a salt whose first bit is not set', USER, '71b2c3d4e5f60718293a4b5c6d7e8f90'],
    ['letters beyond ASCII', { ...USER, name: 'zoë', password: 'pässwörd-🔑 9' }, SALT],
    ['a colon in the password', { ...USER, password: 'a:b:c' }, SALT],
  ])('agrees with amazon-cognito-identity-js: %s', { timeout: 60_000 }, (_, identity, salt) => {
    const srpB = serverValue(identity, salt);
    for (const privateValue of [a, randomBytes(128)]) {
      const client = new SrpClient(privateValue);
      const { passwordClaimSignature } = client.prove(
        { salt, srpB, secretBlock: SECRET_BLOCK },
        identity,
        NOW,
      );
      expect(proofOfIdentityJs(privateValue, identity, salt, srpB)).toEqual({
        publicValue: client.publicValue,
        signature: passwordClaimSignature,
      });
    }
  });

  it('gives a salt back as the bytes that were hashed', () => {
    expect(verifierOf(DEVICE, Buffer.from(SALT, 'hex')).salt).toBe(
      Buffer.from(`00${SALT}`, 'hex').toString('base64'),
    );
    expect(verifierOf(DEVICE).salt).not.toBe(verifierOf(DEVICE).salt);
  });

  it('takes another private value each time', () => {
    expect(new SrpClient().publicValue).not.toBe(new SrpClient().publicValue);
  });

  it.each([
    ['1', '0'],
    ['N', N.toString(16)],
    ['2N', (2n * N).toString(16)],
    ['k v, which makes the base 0', undefined],
  ])('gives up when B is %s', (_, given) => {
    const k = BigInt('0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6');
    const v = hex(verifierOf(USER, Buffer.from(SALT, 'hex')).passwordVerifier);
    const srpB = given ?? ((k * v) % N).toString(16);
    expect(() => new SrpClient().prove({ salt: SALT, srpB, secretBlock: SECRET_BLOCK }, USER, NOW)).toThrow(
      expect.objectContaining({ code: 'cognito_response_invalid' }),
    );
  });

  it.each([
    ['salt', ''],
    ['salt', 'xyz'],
    ['salt', '0x12'],
    ['srpB', '-1'],
    ['srpB', 'f'.repeat(771)],
    ['secretBlock', ''],
    ['secretBlock', 'not base64!'],
    ['secretBlock', 'A'.repeat(16_385)],
  ])('refuses a %s that is none: %.10s', (member, value) => {
    const challenge = { salt: SALT, srpB: serverValue(USER), secretBlock: SECRET_BLOCK, [member]: value };
    expect(() => new SrpClient().prove(challenge, USER, NOW)).toThrow(
      expect.objectContaining({
        code: 'cognito_response_invalid',
        message: expect.not.stringContaining('Passw0rd'),
      }),
    );
  });
});
