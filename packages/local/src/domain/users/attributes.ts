import type { AttributeType, SchemaAttributeType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserPoolClientRecord } from '../../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { UserRecord } from '../../storage/users.js';
import { invalidParameter } from '../faults.js';
import { requiredAttributes, schemaAttribute } from '../pools/schema.js';
import { nonMutableAttribute, unauthorizedAttribute } from './faults.js';

/** Attributes by name. An empty value stands for none. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * Of a name that comes twice the last value counts.
 *
 * @throws InvalidParameterException when a value is left out, which is not the same as an empty one.
 */
export function attributesOf(list: readonly AttributeType[] = []): Record<string, string> {
  return Object.fromEntries(
    list.map(({ Name, Value }) => {
      if (Value === undefined) throw invalidParameter(`Attribute value for ${Name} must not be null`);
      return [Name as string, Value];
    }),
  );
}

/** The user's attributes as answers list them: `sub` last. */
export function attributeList(user: UserRecord): AttributeType[] {
  return [
    ...Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value })),
    { Name: 'sub', Value: user.sub },
  ];
}

export function withoutEmpty(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

/** Attributes that only administrators see and write. */
export function isDeveloperOnly(name: string): boolean {
  return name.startsWith('dev:');
}

/** Before the @ whatever is to be seen but "@" and ","; after it labels of letters, digits and hyphens. */
const EMAIL = /^(?:(?![@,])[\p{L}\p{M}\p{S}\p{N}\p{P}])+@[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)*$/u;
/** E.164. */
const PHONE_NUMBER = /^\+\d{1,15}$/;

export function isEmail(value: string): boolean {
  return EMAIL.test(value);
}

export function isPhoneNumber(value: string): boolean {
  return PHONE_NUMBER.test(value);
}

const VERIFICATION_FLAGS = ['email_verified', 'phone_number_verified'];

/**
 * What a user, not an administrator, may write through a client.
 *
 * @throws InvalidParameterException for what is never theirs to write, NotAuthorizedException for what
 * the client's WriteAttributes leave out.
 */
export function checkClientMayWrite(client: UserPoolClientRecord, names: readonly string[]): void {
  const fixed = names.find((name) => name === 'sub' || VERIFICATION_FLAGS.includes(name));
  if (fixed !== undefined) throw nonMutableAttribute(fixed);
  const writable = client.settings.WriteAttributes;
  const allowed = (name: string) => !isDeveloperOnly(name) && (!writable?.length || writable.includes(name));
  if (!names.every(allowed)) throw unauthorizedAttribute();
}

/** Whether a client shows the attribute to its users. By default it shows all, custom ones included. */
export function clientMayRead(client: UserPoolClientRecord, name: string): boolean {
  const readable = client.settings.ReadAttributes;
  return !isDeveloperOnly(name) && (!readable?.length || readable.includes(name));
}

/**
 * Checks names and values against the pool's schema.
 *
 * @param refusal What AWS puts before the reasons: nothing for an update.
 * @throws InvalidParameterException
 */
export function checkAgainstSchema(pool: UserPoolRecord, attributes: Attributes, refusal = ''): void {
  check(pool, attributes, refusal, brokenConstraint);
}

/**
 * Checks what is to replace a user's attributes, or, where a value is empty, to delete them.
 *
 * @throws InvalidParameterException
 */
export function checkUpdate(pool: UserPoolRecord, attributes: Attributes): void {
  check(pool, attributes, '', (attribute, value) =>
    attribute.Mutable === false ? 'Attribute cannot be updated.' : brokenConstraint(attribute, value),
  );
  const emptied = Object.keys(attributes).filter((name) => attributes[name] === '');
  checkDeletion(pool, emptied, unknownToSchema);
}

function check(
  pool: UserPoolRecord,
  attributes: Attributes,
  refusal: string,
  reasonAgainst: (attribute: SchemaAttributeType, value: string) => string | undefined,
): void {
  if (attributes['sub'] !== undefined) throw nonMutableAttribute('sub');
  const reasons = Object.entries(attributes).map(([name, value]) => {
    const attribute = schemaAttribute(pool, name);
    if (attribute === undefined) return unknownToSchema(name);
    const reason = reasonAgainst(attribute, value);
    return reason ? `user.${name}: ${reason}\n` : '';
  });
  const text = reasons.join('');
  if (text !== '') throw invalidParameter(`${refusal}${text}`);
  const { email, phone_number: phoneNumber } = attributes;
  if (email && !isEmail(email)) throw invalidParameter('Invalid email address format.');
  if (phoneNumber && !isPhoneNumber(phoneNumber)) throw invalidParameter('Invalid phone number format.');
}

/** How the directory names an attribute that it does not know. */
export function unknownToSchema(name: string): string {
  return `user.${name}: Attribute does not exist in the schema.\n`;
}

/**
 * Checks that attributes may be deleted, whether the user has them or not.
 *
 * @param unknown How the operation says that the schema has no such attribute.
 * @throws InvalidParameterException
 */
export function checkDeletion(
  pool: UserPoolRecord,
  names: readonly string[],
  unknown: (name: string) => string,
): void {
  if (names.includes('sub')) throw nonMutableAttribute('sub');
  const reasons = names.flatMap((name) => {
    const attribute = schemaAttribute(pool, name);
    if (attribute === undefined) return unknown(name);
    if (attribute.Mutable === false) {
      return `${internalName(name)}: This attribute does not satisfy the mutability validation defined in the schema.`;
    }
    return attribute.Required ? missingReason(name) : [];
  });
  if (reasons.length > 0) throw invalidParameter(`Invalid user attributes: ${reasons.join('\n')}`);
}

/**
 * @param attributes All that the user is to have.
 * @throws InvalidParameterException when there is nothing to verify.
 */
export function checkFlags(given: Attributes, attributes: Attributes): void {
  if (given['email_verified'] && !attributes['email']) {
    throw invalidParameter('Email is required to verify/un-verify an email');
  }
  if (given['phone_number_verified'] && !attributes['phone_number']) {
    throw invalidParameter('Phone Number is required to verify/un-verify a phone number');
  }
}

/** The reason against a value; the texts other than "no longer than" are ours. */
function brokenConstraint(attribute: SchemaAttributeType, value: string): string | undefined {
  if (value === '') return undefined;
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {};
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {};
  switch (attribute.AttributeDataType) {
    case 'Number':
      if (!/^-?\d+$/.test(value)) return 'Number must be an integer';
      if (MinValue !== undefined && BigInt(value) < BigInt(MinValue)) {
        return `Number must be no less than ${MinValue}`;
      }
      if (MaxValue !== undefined && BigInt(value) > BigInt(MaxValue)) {
        return `Number must be no greater than ${MaxValue}`;
      }
      return undefined;
    case 'Boolean':
      return value === 'true' || value === 'false' ? undefined : 'Boolean must be true or false';
    case 'DateTime':
      return Number.isNaN(Date.parse(value)) && !/^\d+$/.test(value) ? 'DateTime is not valid' : undefined;
    default:
      if (MaxLength !== undefined && value.length > Number(MaxLength)) {
        return `String must be no longer than ${MaxLength} characters`;
      }
      if (MinLength !== undefined && value.length < Number(MinLength)) {
        return `String must be no shorter than ${MinLength} characters`;
      }
      return undefined;
  }
}

/** @throws InvalidParameterException when a user who signs up leaves out what the pool requires. */
export function checkRequired(pool: UserPoolRecord, attributes: Attributes): void {
  const reasons = requiredAttributes(pool)
    .filter((name) => !attributes[name])
    .map(missingReason);
  if (reasons.length > 0) {
    throw invalidParameter(`Attributes did not conform to the schema: ${reasons.join('\n')}`);
  }
}

/** Some attributes go by the names of the directory behind the service. */
const INTERNAL_NAMES: Readonly<Record<string, string>> = {
  name: 'name.formatted',
  given_name: 'name.givenName',
  family_name: 'name.familyName',
  middle_name: 'name.middleName',
};

function internalName(name: string): string {
  return INTERNAL_NAMES[name] ?? name.replace(/^(dev:)?custom:/, 'Custom.User.');
}

function missingReason(name: string): string {
  const internal = INTERNAL_NAMES[name];
  return internal
    ? `${internal}: The attribute ${internal} is required`
    : `${name}: The attribute is required`;
}
