import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { CognitoServiceError } from '../errors.js';
import { invalidPaginationToken } from './faults.js';

const MAX_PAGE = 60;
const PREFIX = 'AAQA-';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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
  /** For how long a token is good, of a list whose tokens do not last. */
  readonly expiry?: { readonly now: number; readonly afterMs: number };
}

/**
 * One page of a list that is sorted by a position of its items.
 *
 * @param read Up to `limit` items from after a position.
 * @throws InvalidParameterException when the token is not of this list.
 */
export function page<T>(
  { list, limit = MAX_PAGE, token, refusal = invalidPaginationToken, expiry }: PageRequest,
  read: (limit: number, after: string | undefined) => readonly T[],
  positionIn: (item: T) => string,
): { readonly items: T[]; readonly NextToken: string | undefined } {
  const [issuedAt, after] =
    token === undefined ? [] : (JSON.parse(positionOf(list, token, refusal)) as [number, string]);
  if (expiry && issuedAt !== undefined && issuedAt + expiry.afterMs <= expiry.now) throw refusal();
  const found = read(limit + 1, after);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    items,
    NextToken: more ? tokenAt(list, JSON.stringify([expiry?.now ?? 0, positionIn(last)])) : undefined,
  };
}

/** Sealed, so that a token says nothing about what comes next and is good for its list alone. */
function tokenAt(list: string, position: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(list));
  const sealed = Buffer.concat([cipher.update(position, 'utf8'), cipher.final()]);
  return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

function positionOf(list: string, token: string, refusal: () => CognitoServiceError): string {
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  if (!token.startsWith(PREFIX) || bytes.length < NONCE_BYTES + TAG_BYTES) throw refusal();
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(list))
    .setAuthTag(tag);
  try {
    const position = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([position, decipher.final()]).toString();
  } catch {
    throw refusal();
  }
}
