import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(text: string): Buffer {
  const bits = [...text].map((digit) => ALPHABET.indexOf(digit).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The six digits that an authenticator app shows (RFC 6238), with node:crypto alone. */
export function appCode(secret: string | undefined, atMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac('sha1', base32(secret as string))
    .update(counter)
    .digest();
  const offset = (digest.at(-1) as number) & 0xf;
  return ((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).toString().padStart(6, '0');
}

/** Six digits that are none of the code's neighbours in time. */
export function wrongCode(secret: string | undefined, atMs: number): string {
  const near = [-30_000, 0, 30_000].map((ms) => appCode(secret, atMs + ms));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) as string;
}
