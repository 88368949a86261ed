import type { SchemaAttributeType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { invalidParameter } from '../faults.js';

/** The name under which an attribute is kept and sent; `custom:` and `dev:` included. */
type Schema = readonly SchemaAttributeType[];

function text(name: string, min = '0', max = '2048'): SchemaAttributeType {
  return standard(name, 'String', { StringAttributeConstraints: { MinLength: min, MaxLength: max } });
}

function standard(
  name: string,
  type: 'String' | 'Boolean' | 'Number',
  more: Partial<SchemaAttributeType> = {},
): SchemaAttributeType {
  return {
    AttributeDataType: type,
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Name: name,
    Required: false,
    ...more,
  };
}

/** What every pool has, in the order of a CreateUserPool answer. */
const STANDARD_ATTRIBUTES: Schema = [
  { ...text('sub', '1'), Mutable: false, Required: true },
  text('name'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('nickname'),
  text('preferred_username'),
  text('profile'),
  text('picture'),
  text('website'),
  text('email'),
  standard('email_verified', 'Boolean'),
  text('gender'),
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  standard('phone_number_verified', 'Boolean'),
  text('address'),
  standard('updated_at', 'Number', { NumberAttributeConstraints: { MinValue: '0' } }),
];

/** AWS takes these for the names of custom attributes. */
const NOT_CONFIGURABLE = new Set(['sub', 'email_verified', 'phone_number_verified']);

const MAX_CUSTOM_ATTRIBUTES = 50;

/** The schema of a new pool: the standard attributes as the request adjusts them, then the custom ones. */
export function newSchema(requested: Schema = []): SchemaAttributeType[] {
  const adjusted = new Map<string, SchemaAttributeType>();
  const custom = new Map<string, SchemaAttributeType>();
  for (const attribute of requested) {
    const name = attribute.Name ?? '';
    const base = STANDARD_ATTRIBUTES.find((known) => known.Name === name && !NOT_CONFIGURABLE.has(name));
    if (base) {
      adjusted.set(name, adjustedStandard(base, attribute));
      continue;
    }
    const added = newCustomAttribute(attribute);
    if (custom.has(added.Name as string)) {
      throw invalidParameter(
        `Duplicate custom attribute names ${added.Name} are not allowed in a user pool schema.`,
      );
    }
    custom.set(added.Name as string, added);
  }
  checkCustomCount(custom.size);
  return [
    ...STANDARD_ATTRIBUTES.map((attribute) => adjusted.get(attribute.Name as string) ?? attribute),
    ...custom.values(),
  ];
}

/**
 * The schema with custom attributes added (AddCustomAttributes).
 *
 * @throws InvalidParameterException
 */
export function withCustomAttributes(schema: Schema, requested: Schema): SchemaAttributeType[] {
  const extended = [...schema];
  for (const attribute of requested) {
    const added = newCustomAttribute(attribute);
    if (extended.some(({ Name }) => Name === added.Name)) {
      throw invalidParameter(`${added.Name}: Existing attribute already has name ${added.Name}.`);
    }
    extended.push(added);
  }
  checkCustomCount(extended.length - STANDARD_ATTRIBUTES.length);
  return extended;
}

/** The text is ours. */
function checkCustomCount(count: number): void {
  if (count > MAX_CUSTOM_ATTRIBUTES) {
    throw invalidParameter(`A user pool can have ${MAX_CUSTOM_ATTRIBUTES} custom attributes at most.`);
  }
}

function adjustedStandard(base: SchemaAttributeType, wanted: SchemaAttributeType): SchemaAttributeType {
  if (
    (wanted.AttributeDataType !== undefined && wanted.AttributeDataType !== base.AttributeDataType) ||
    wanted.DeveloperOnlyAttribute
  ) {
    throw invalidParameter(
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${base.Name}`,
    );
  }
  return withCheckedBounds({
    ...base,
    Mutable: wanted.Mutable ?? base.Mutable,
    Required: wanted.Required ?? base.Required,
    ...(base.StringAttributeConstraints && {
      StringAttributeConstraints: {
        ...base.StringAttributeConstraints,
        ...wanted.StringAttributeConstraints,
      },
    }),
    ...(base.NumberAttributeConstraints && {
      NumberAttributeConstraints: {
        ...base.NumberAttributeConstraints,
        ...wanted.NumberAttributeConstraints,
      },
    }),
  });
}

/** A custom attribute of CreateUserPool or AddCustomAttributes, under its full name. */
function newCustomAttribute(wanted: SchemaAttributeType): SchemaAttributeType {
  if (wanted.Required) throw invalidParameter('Required custom attributes are not supported currently.');
  const type = wanted.AttributeDataType ?? 'String';
  const developerOnly = wanted.DeveloperOnlyAttribute ?? false;
  return withCheckedBounds({
    AttributeDataType: type,
    DeveloperOnlyAttribute: developerOnly,
    Mutable: wanted.Mutable ?? true,
    Name: `${developerOnly ? 'dev:' : ''}custom:${wanted.Name}`,
    Required: false,
    ...(type === 'String' && { StringAttributeConstraints: wanted.StringAttributeConstraints ?? {} }),
    ...(type === 'Number' && { NumberAttributeConstraints: wanted.NumberAttributeConstraints ?? {} }),
  });
}

function withCheckedBounds(attribute: SchemaAttributeType): SchemaAttributeType {
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {};
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {};
  for (const [name, bound] of Object.entries({
    minLength: MinLength,
    maxLength: MaxLength,
    minValue: MinValue,
    maxValue: MaxValue,
  })) {
    if (bound !== undefined && !/^-?\d+$/.test(bound)) {
      throw invalidParameter(`Invalid ${name} for schema attribute ${attribute.Name}`);
    }
  }
  if (MinLength !== undefined && MaxLength !== undefined && Number(MaxLength) < Number(MinLength)) {
    throw invalidParameter(
      `Attribute ${attribute.Name} cannot have a max length shorter than it's min length`,
    );
  }
  if (MinValue !== undefined && MaxValue !== undefined && Number(MaxValue) < Number(MinValue)) {
    throw invalidParameter(`Attribute ${attribute.Name} cannot have a max value smaller than it's min value`);
  }
  return attribute;
}

export function schemaAttribute(pool: UserPoolRecord, name: string): SchemaAttributeType | undefined {
  return pool.settings.SchemaAttributes?.find((attribute) => attribute.Name === name);
}

/** The attributes that a user must have, `sub` aside, which every user has. */
export function requiredAttributes(pool: UserPoolRecord): string[] {
  return (pool.settings.SchemaAttributes ?? [])
    .filter((attribute) => attribute.Required && attribute.Name !== 'sub')
    .map((attribute) => attribute.Name as string);
}

/** What DescribeUserPool lists besides what CreateUserPool did. */
export const IDENTITIES_ATTRIBUTE: SchemaAttributeType = {
  ...standard('identities', 'String'),
  StringAttributeConstraints: {},
};
