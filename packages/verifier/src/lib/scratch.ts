import { Buffer } from 'node:buffer';

// Reused, since a buffer per token is what the garbage collector notices most. What is written here is good until the
// next call of any function in this package: it is used up at once, never across an `await`.
const scratch = Buffer.allocUnsafeSlow(65_536);

/** A place for at least `length` bytes, for use at once. */
export function scratchOf(length: number): Buffer {
  return length <= scratch.length ? scratch : Buffer.allocUnsafe(length);
}

/**
 * Decodes base64url in its one canonical form: no padding, no stray characters, no bits left over (RFC 4648 section
 * 3.5). What the platform decodes leniently must come out the same when it is encoded again.
 *
 * @returns the bytes, a part of `target`; `undefined` if `text` is of another form or empty.
 */
export function decodeBase64url(text: string, target: Buffer, start = 0): Buffer | undefined {
  const length = target.write(text, start, 'base64url');
  if (length === 0 || target.toString('base64url', start, start + length) !== text) return undefined;
  return target.subarray(start, start + length);
}

/** A copy of an ASCII string that shares no memory with the larger string that it may be a part of. */
export function detach(text: string): string {
  const buffer = scratchOf(text.length);
  return buffer.toString('latin1', 0, buffer.write(text, 'latin1'));
}
