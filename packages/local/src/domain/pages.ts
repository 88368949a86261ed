import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CognitoServiceError } from '../errors.js';
import { invalidPaginationToken } from './faults.js';

const MAX_PAGE = 60;
const PREFIX = 'AAQA-';
const MAC_BYTES = 16;

/** Tokens are good while the process lives, as a walk through pages is short. */
const key = randomBytes(32);

export interface PageRequest {
  /** Which list, of what: a token of another list is refused. */
  readonly list: string;
  /** Default 60. */
  readonly limit: number | undefined;
  readonly token: string | undefined;
  /** What a token that is not of this list is answered with. Default: the text of most lists. */
  readonly refusal?: () => CognitoServiceError;
}

/**
 * One page of a list that is sorted by a position of its items.
 *
 * @param read Up to `limit` items from after a position.
 * @throws InvalidParameterException when the token is not of this list.
 */
export function page<T>(
  { list, limit = MAX_PAGE, token, refusal = invalidPaginationToken }: PageRequest,
  read: (limit: number, after: string | undefined) => T[],
  positionIn: (item: T) => string,
): { readonly items: T[]; readonly NextToken: string | undefined } {
  const found = read(limit + 1, token === undefined ? undefined : positionOf(list, token, refusal));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items, NextToken: more ? tokenAt(list, positionIn(last)) : undefined };
}

function macOf(list: string, position: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${list}\0`).update(position).digest().subarray(0, MAC_BYTES);
}

function tokenAt(list: string, position: string): string {
  const bytes = Buffer.from(position);
  return PREFIX + Buffer.concat([macOf(list, bytes), bytes]).toString('base64url');
}

function positionOf(list: string, token: string, refusal: () => CognitoServiceError): string {
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  const position = bytes.subarray(MAC_BYTES);
  if (
    !token.startsWith(PREFIX) ||
    bytes.length <= MAC_BYTES ||
    !timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(list, position))
  ) {
    throw refusal();
  }
  return position.toString();
}
