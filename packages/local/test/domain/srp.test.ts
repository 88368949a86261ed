import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  claimSignature,
  pad,
  privateKey,
  serverPublicValue,
  serverSessionKey,
  toBigInt,
  verifierOf,
} from '../../src/domain/passwords/srp.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const modulus = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
);

const salt = Buffer.from('a1b2c3d4e5f60718293a4b5c6d7e8f90', 'hex');
const a = BigInt(`0x${'00112233445566778899aabbccddeeff'.repeat(8)}`);
const b = Buffer.from('ffeeddccbbaa99887766554433221100'.repeat(8), 'hex');
const block = Buffer.from('secret-block-bytes');
const timestamp = 'Tue Jan 2 03:04:05 UTC 2024';

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if (rest & 1n) result = (result * square) % modulus;
  }
  return result;
}

const user = { realm: 'AbCdEfGhI', name: '11111111-2222-3333-4444-555555555555' };
const device = { realm: '-AbCdEfGh', name: 'us-east-1_aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' };

describe('SRP-6a with the constants of Cognito', () => {
  it('derives the private key and the verifier of a user', () => {
    expect(privateKey(user, 'Passw0rd!', salt).toString('hex')).toBe(
      '57174aa7f46c7f8deb9d405a81da17e319c7df258c147c1de745c699b7342a1d',
    );
    const verifier = verifierOf(user, 'Passw0rd!', salt);
    expect(verifier).toHaveLength(384);
    expect(sha256(pad(toBigInt(verifier)))).toBe(
      '1d74408b01859cc2d77ff8973b72237f927ed5deda4a060d02260f7ef7337f97',
    );
  });

  it('agrees with a client on key and signature', () => {
    const verifier = verifierOf(user, 'Passw0rd!', salt);
    const A = power(2n, a);
    expect(sha256(pad(A))).toBe('1ae9241c28e948c4671018622a12cbe03d26849beab0e55896f06c124f56d474');
    const B = serverPublicValue(verifier, b);
    expect(sha256(pad(B))).toBe('3df018ae0093a6e8de2b134c7f6e695191531e043f387f6277aebde3f33e8892');
    const key = serverSessionKey(verifier, A, b, B);
    expect(key.toString('hex')).toBe('6ff2d1f1e433271c51b2aea3fa73f101');
    expect(claimSignature(key, user, block, timestamp).toString('base64')).toBe(
      'rtjyo7k7+HXXZ7wSzECG21Gc6wT4fzj5sqUkYavtM/s=',
    );
  });

  it('does the same for a device', () => {
    const verifier = verifierOf(device, 'ZGV2aWNlcGFzcw==', salt);
    expect(privateKey(device, 'ZGV2aWNlcGFzcw==', salt).toString('hex')).toBe(
      '24292ef3b96b123f34f1e51fcc4d9ee2cf28280627aacd2c52167f29d9c5829f',
    );
    const B = serverPublicValue(verifier, b);
    const key = serverSessionKey(verifier, power(2n, a), b, B);
    expect(key.toString('hex')).toBe('d707e86c533cfd73ff0dcd6dc74d1f5c');
    expect(claimSignature(key, device, block, timestamp).toString('base64')).toBe(
      'zZftKAAn0GJSbJB4lwbafWjj9+DdzwGiZ4JyktsKORY=',
    );
  });

  it.each([0n, modulus, 2n * modulus])('refuses an A that is a multiple of N', (A) => {
    const verifier = verifierOf(user, 'Passw0rd!', salt);
    expect(() => serverSessionKey(verifier, A, b, serverPublicValue(verifier, b))).toThrow(RangeError);
  });

  it.each([
    [0x7fn, '7f'],
    [0x80n, '0080'],
    [0xabcn, '0abc'],
    [1n, '01'],
    [0x1ffn, '01ff'],
  ])('pads %s like a signed big integer', (value, hex) => {
    expect(pad(value).toString('hex')).toBe(hex);
  });
});
