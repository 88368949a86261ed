import type {
  AttributeType,
  CompleteWebAuthnRegistrationCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Shape, Structure } from './input-members.js';
import { toAttributeList, toAttributeRecord, type UserAttributes } from './user-attributes.js';

/** Members whose first word is an abbreviation; every other member just gets a small first letter. */
export const ABBREVIATIONS = {
  AWSAccountId: 'awsAccountId',
  CSS: 'css',
  CSSVersion: 'cssVersion',
  CSVHeader: 'csvHeader',
  KMSKeyID: 'kmsKeyID',
  MFAOptions: 'mfaOptions',
  SMSMessage: 'smsMessage',
  SMSMfaSettings: 'smsMfaSettings',
  SSOSession: 'ssoSession',
  UICustomization: 'uiCustomization',
} as const;

/** Members that hold name and value pairs: attributes, of which we make a record. */
const ATTRIBUTE_LISTS = new Set(['UserAttributes', 'Attributes', 'ValidationData', 'DeviceAttributes']);

/** Members whose keys are the caller's data, so that no letter of them is changed. */
export const MAPS = new Set([
  'AcrConfiguration',
  'AcrMapping',
  'AttributeMapping',
  'AuthParameters',
  'ChallengeParameters',
  'ChallengeResponses',
  'ClientMetadata',
  'Links',
  'ProviderDetails',
  'Tags',
  'UserPoolTags',
]);

/** Members that hold a document of another standard, or of no fixed form, which passes as it is. */
export const DOCUMENTS = new Set(['Credential', 'CredentialCreationOptions', 'Settings']);

type Abbreviations = typeof ABBREVIATIONS;

/** What the SDK calls a document: any JSON. */
type AnyJson = NonNullable<CompleteWebAuthnRegistrationCommandInput['Credential']> | null;

/** The name of an API member in code: `UserPoolId` is `userPoolId`. */
type CamelKey<Key extends string> = Key extends keyof Abbreviations ? Abbreviations[Key] : Uncapitalize<Key>;

type Leaf = string | number | boolean | bigint | symbol | null | undefined | Date | Uint8Array;

type IsAttribute<T> = [T, AttributeType] extends [AttributeType, T] ? true : false;

type OptionalKey<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T];

type Flat<T> = { [Key in keyof T]: T[Key] };

/**
 * A type of the SDK in the idiom of this package: camelCase members, attributes as a record, and members that the API
 * requires really required.
 */
export type Camel<T> = [AnyJson] extends [T] ? T : CamelMembers<T>;

type CamelMembers<T> = T extends Leaf
  ? T
  : T extends readonly (infer Element)[]
    ? IsAttribute<Element> extends true
      ? UserAttributes
      : Camel<Element>[]
    : string extends keyof T
      ? Record<string, Camel<T[keyof T]>>
      : Flat<
          {
            [Key in Exclude<keyof T, OptionalKey<T>> as CamelKey<Key & string>]: Camel<
              Exclude<T[Key], undefined>
            >;
          } & {
            [Key in OptionalKey<T> as CamelKey<Key & string>]?: Camel<T[Key]> | undefined;
          }
        >;

/**
 * A request of the SDK as a method's input: {@link Camel}, without the members that the service fills in.
 * `validationData` is for the app's own triggers, so its names are free.
 */
export type Input<Request, FilledIn extends keyof Request = never> = Flat<
  Omit<Camel<Omit<Request, FilledIn>>, 'validationData'> &
    ('ValidationData' extends keyof Request
      ? { validationData?: Readonly<Record<string, string>> | undefined }
      : unknown)
>;

/** A response of the SDK as a method's output. */
export type Output<Response> = Camel<Omit<Response, '$metadata'>>;

const toApiName = new Map<string, string>(Object.entries(ABBREVIATIONS).map(([api, camel]) => [camel, api]));
const toCamelName = new Map<string, string>(Object.entries(ABBREVIATIONS));

/** What a member of the API is called in code. */
export function codeName(apiName: string): string {
  return toCamelName.get(apiName) ?? apiName.charAt(0).toLowerCase() + apiName.slice(1);
}

/**
 * An input with the API's member names. What is `undefined` is left out.
 *
 * @param structure - what is known of the input. The API writes one name in several ways, so that a name in code says which
 *   it is only together with what it is a member of: `SmsMessage` and `SMSMessage`, and `headerName` with a small letter.
 */
export function toApi(input: object, structure?: Structure): Record<string, unknown> {
  // Not assignments: a member named "__proto__", from a body that was passed on whole, is a name like any other.
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        const member = structure?.members.get(name);
        const apiName =
          member?.apiName ?? toApiName.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
        return [apiName, valueToApi(apiName, value, member?.shape)];
      }),
  );
}

function valueToApi(apiName: string, value: unknown, shape: Shape): unknown {
  if (DOCUMENTS.has(apiName)) return value;
  const element = (one: unknown) =>
    valueToApi('', one, typeof shape === 'object' && shape.kind !== 'structure' ? shape.of : undefined);
  if (!isStructure(value)) return Array.isArray(value) ? value.map(element) : value;
  if (ATTRIBUTE_LISTS.has(apiName)) return toAttributeList(value);
  if (MAPS.has(apiName)) return mapValues(value, element);
  return toApi(value, typeof shape === 'object' && shape.kind === 'structure' ? shape : undefined);
}

/** An output of the SDK with this package's member names. */
export function fromApi<Response extends object>(response: Response): Output<Response> {
  return structureFromApi(response) as Output<Response>;
}

function structureFromApi(output: object): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(output)) {
    // AWS's JSON protocols may name the kind of an object, which is no member of it.
    if (name === '$metadata' || name === '__type' || value === undefined) continue;
    result[codeName(name)] = valueFromApi(name, value);
  }
  return result;
}

function valueFromApi(apiName: string, value: unknown): unknown {
  if (DOCUMENTS.has(apiName)) return value;
  if (Array.isArray(value)) {
    return ATTRIBUTE_LISTS.has(apiName)
      ? toAttributeRecord((value as AttributeType[]).map(({ Name, Value }) => [Name, Value]))
      : value.map((element) => valueFromApi('', element));
  }
  if (!isStructure(value)) return value;
  return MAPS.has(apiName)
    ? mapValues(value, (element) => valueFromApi('', element))
    : structureFromApi(value);
}

function isStructure(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

function mapValues(map: object, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
