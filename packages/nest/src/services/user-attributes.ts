import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError, show } from '../errors/cognest-error.js';
import { isWellFormed } from './well-formed.js';

/**
 * A user's attributes by name. Values are strings, as Cognito keeps them, but for the two `_verified` ones.
 *
 * Declare your custom attributes once, to have them typed:
 * `declare module '@cognest/nest' { interface UserAttributes { 'custom:plan'?: 'free' | 'pro' | undefined } }`
 */
export interface UserAttributes {
  sub?: string | undefined;
  address?: string | undefined;
  birthdate?: string | undefined;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  family_name?: string | undefined;
  gender?: string | undefined;
  given_name?: string | undefined;
  /** JSON: the identity providers through which the user came. */
  identities?: string | undefined;
  locale?: string | undefined;
  middle_name?: string | undefined;
  name?: string | undefined;
  nickname?: string | undefined;
  phone_number?: string | undefined;
  phone_number_verified?: boolean | undefined;
  picture?: string | undefined;
  preferred_username?: string | undefined;
  profile?: string | undefined;
  updated_at?: string | undefined;
  website?: string | undefined;
  zoneinfo?: string | undefined;
  [custom: `custom:${string}` | `dev:custom:${string}`]: string | undefined;
}

const BOOLEANS = new Set(['email_verified', 'phone_number_verified']);

/**
 * Attributes as the API takes them. What is `undefined` is left out.
 *
 * @throws {CognestError} `argument_invalid` for a value that has no one way to be written.
 */
export function toAttributeList(record: object): AttributeType[] {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([Name, value]) => ({ Name, Value: attributeValue(Name, value) }));
}

/** The text of a value that came from a caller, and so perhaps from a request body. */
export function attributeValue(name: string, value: unknown): string {
  if (!isWellFormed(name)) {
    throw new CognestError('argument_invalid', 'The name of an attribute must be well-formed Unicode');
  }
  if (typeof value === 'string' && !isWellFormed(value)) {
    throw new CognestError('argument_invalid', `The attribute ${show(name)} must be well-formed Unicode`);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  const given = value === null ? 'null' : typeof value === 'number' ? 'a number that is none' : typeof value;
  throw new CognestError('argument_invalid', `The attribute ${show(name)} must be a string, got ${given}`);
}

/** Attributes as a record, from pairs of name and value. */
export function toAttributeRecord(
  pairs: Iterable<readonly [string | undefined, string | undefined]>,
): UserAttributes {
  const record: Record<string, string | boolean> = {};
  for (const [name, value] of pairs) {
    if (name === undefined || value === undefined) continue;
    // Not an assignment: an attribute named "__proto__" is a name like any other.
    Object.defineProperty(record, name, {
      value: BOOLEANS.has(name) ? value === 'true' : value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return record as UserAttributes;
}
