import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { invalidPaginationToken } from './faults.js';

const PREFIX = 'AAQA-';
const MAC_BYTES = 16;

/** Tokens are good while the process lives, as a walk through pages is short. */
const key = randomBytes(32);

function macOf(list: string, position: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${list}\0`).update(position).digest().subarray(0, MAC_BYTES);
}

/**
 * An opaque token for what comes after `position`.
 *
 * @param list Which list, of what: a token of another list is refused.
 */
export function nextToken(list: string, position: string): string {
  const bytes = Buffer.from(position);
  return PREFIX + Buffer.concat([macOf(list, bytes), bytes]).toString('base64url');
}

/** @throws InvalidParameterException when the token is not of this list. */
export function positionOf(list: string, token: string): string {
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  const position = bytes.subarray(MAC_BYTES);
  if (
    !token.startsWith(PREFIX) ||
    bytes.length <= MAC_BYTES ||
    !timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(list, position))
  ) {
    throw invalidPaginationToken();
  }
  return position.toString();
}
