// Makes src/model/generated/model.ts: what the server must know of the API to validate a request, and the
// names of all operations that the installed SDK can call.
//
//   npm run generate -w @cognest/local
//
// The facts come from model/cognito-idp.jsonl (constraints) and from the schemas of the installed
// @aws-sdk/client-cognito-identity-provider (operations and members that are newer than that file; the SDK
// carries types but no constraints, save the values of enums, which its typings name).

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { readFacts } from './read-facts.mjs';

const target = new URL('../src/model/generated/model.ts', import.meta.url);

/** AWS prints these patterns with their anchors; all others without (Coral matches the whole value). */
const ANCHORED = new Set(['DomainType', 'ManagedLoginBrandingIdType', 'S3BucketType']);

/** Where the file's pattern is not the one that AWS prints. */
const PRINTED = { SmsVerificationMessageType: '.*\\{####\\}.*' };

/** Patterns that say nothing. */
const VOID = new Set(['^(?s)']);

const TEXT = String.raw`\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\v\f\r `;

/**
 * The same languages, written so that a hostile value cannot make the engine backtrack more than once over
 * it: the class is checked for the whole value first, then the first marker is searched from the left.
 */
const LINEAR = {
  EmailAddressType: String.raw`^(?=[\p{L}\p{M}\p{S}\p{N}\p{P}]+$)[^][^@]*@[^]`,
  EmailMfaMessageType: String.raw`^(?=[${TEXT}]*$)(?:(?!\{####\})[^])*\{####\}`,
  EmailVerificationMessageType: String.raw`^(?=[${TEXT}]*$)(?:(?!\{####\})[^])*\{####\}`,
  EmailVerificationMessageByLinkType: String.raw`^(?=[${TEXT}]*$)(?:(?!\{##)[^])*\{##(?:(?!##\})[^])*##\}`,
};

const sdkExports = new Map(Object.entries(sdk));
const enums = enumsOfSdk();

/** Built-in types of the SDK's schemas. */
const SCALARS = {
  0: 'StringType',
  1: 'IntegerType',
  2: 'BooleanType',
  4: 'DateType',
  15: 'Document',
  21: 'ImageFileType',
};

export function generate() {
  const model = readFacts();
  const shapes = {};
  const operations = {};

  for (const name of operationsOfSdk()) {
    const known = model.operations[name];
    const [, , , , inputOf, outputOf] = sdkExports.get(`${name}$`);
    const schema = resolve(inputOf);
    const input = known?.input ?? schema[2];
    const unit = known ? known.output === 'Unit' : resolve(outputOf) === 'unit';
    const unsigned = isUnsigned(name);
    if (known && unsigned !== (known.auth === 'none')) throw new Error(`${name}: signed in one source only`);
    operations[name] = { input, ...(unit ? { unit } : {}), ...(unsigned ? { unsigned } : {}) };
    addFromModel(input);
    addFromSdk(schema, input);
  }
  for (const name of Object.keys(model.operations)) {
    if (!operations[name]) throw new Error(`${name} is in the model, but the installed SDK does not have it`);
  }

  function addFromModel(name) {
    if (shapes[name]) return;
    const shape = model.shapes[name];
    if (!shape) return;
    const kept = { type: shape.type };
    shapes[name] = kept;
    if (shape.sensitive) kept.sensitive = true;
    if (shape.length) kept.length = shape.length;
    if (shape.range) kept.range = shape.range;
    if (shape.pattern && !VOID.has(shape.pattern)) Object.assign(kept, patterns(name, shape.pattern));
    if (shape.values) {
      kept.values = Array.isArray(shape.values) ? shape.values : Object.values(shape.values);
      kept.printed = `[${hashSetOrder(kept.values).join(', ')}]`;
    }
    if (shape.members) {
      kept.members = {};
      for (const [member, target] of Object.entries(shape.members)) {
        kept.members[member] = { shape: target.shape, ...(target.required ? { required: true } : {}) };
        addFromModel(target.shape);
      }
    }
    for (const role of ['member', 'key', 'value']) {
      if (shape[role]) {
        kept[role] = shape[role];
        addFromModel(shape[role]);
      }
    }
  }

  /** Adds what the SDK has and the model has not: whole structures, or members of known ones. */
  function addFromSdk(schema, name, seen = new Set()) {
    if (seen.has(name)) return;
    seen.add(name);
    const kind = schema[0];
    if (kind !== 3) throw new Error(`${name}: expected a structure in the SDK's schemas, found kind ${kind}`);
    const [, , , , members, types, required = 0] = schema;
    const inModel = shapes[name] !== undefined;
    shapes[name] ??= { type: 'structure', members: {} };
    members.forEach((member, index) => {
      const existing = shapes[name].members[member];
      const known = existing?.shape ?? enumOf(`${schema[2]}.${member}`) ?? knownAs(member);
      const target = shapeOf(types[index], known, seen);
      if (!existing) {
        shapes[name].members[member] = {
          shape: target,
          ...(!inModel && index < required ? { required: true } : {}),
        };
      }
    });
  }

  /** The name of the shape that a reference in the SDK's schemas stands for; makes it when it is new. */
  function shapeOf(reference, existing, seen) {
    const schema = resolve(reference);
    if (typeof schema === 'number') {
      if (existing) return existing;
      const element = scalar(schema & 63);
      if (schema & 128) return newShape(`MapOf${element}`, { type: 'map', key: scalar(0), value: element });
      if (schema & 64) return newShape(`ListOf${element}`, { type: 'list', member: element });
      return element;
    }
    const [kind, , name, traits] = schema;
    if (kind === 3) {
      addFromSdk(schema, existing ?? name, seen);
      return existing ?? name;
    }
    if (!existing && model.shapes[name]) {
      addFromModel(name);
      return shapeOf(schema, name, seen);
    }
    if (kind === 0)
      return existing ?? newShape(name, { type: 'string', ...(traits & 8 ? { sensitive: true } : {}) });
    // A list or map that is known may hold structures with members that are not.
    if (kind === 1) {
      const member = shapeOf(schema[4], existing && shapes[existing].member, seen);
      return existing ?? newShape(name, { type: 'list', member });
    }
    if (kind === 2) {
      const value = shapeOf(schema[5], existing && shapes[existing].value, seen);
      return existing ?? newShape(name, { type: 'map', key: scalar(0), value });
    }
    throw new Error(`${name}: unknown kind ${kind} in the SDK's schemas`);
  }

  function enumOf(path) {
    const name = enums.get(path);
    if (name === undefined) return undefined;
    addFromModel(name);
    const values = Object.values(sdkExports.get(name));
    return newShape(name, { type: 'enum', values, printed: `[${hashSetOrder(values).join(', ')}]` });
  }

  /** These members have one shape wherever they stand, which the SDK's schemas do not tell. */
  function knownAs(member) {
    const name = {
      ClientMetadata: 'ClientMetadataType',
      DeviceKey: 'DeviceKeyType',
      UserPoolId: 'UserPoolIdType',
    }[member];
    if (name) addFromModel(name);
    return name;
  }

  function scalar(code) {
    const name = SCALARS[code];
    if (!name) throw new Error(`unknown scalar ${code} in the SDK's schemas`);
    addFromModel(name);
    if (!shapes[name]) throw new Error(`the model has no ${name}`);
    return name;
  }

  function newShape(name, shape) {
    shapes[name] ??= shape;
    return name;
  }

  const json = JSON.stringify({ operations: sorted(operations), shapes: sorted(shapes) });
  return [
    '// Made by scripts/generate-model.mjs from model/cognito-idp.jsonl and the installed SDK. Do not edit.',
    '',
    '/** The model as JSON text: parsing it takes a fraction of what evaluating it as code would. */',
    `export const modelJson: string = ${JSON.stringify(json)};`,
    '',
  ].join('\n');
}

const { httpAuthSchemeProvider } = new sdk.CognitoIdentityProviderClient({ region: 'us-east-1' }).config;

const isUnsigned = (operation) =>
  httpAuthSchemeProvider({ operation, region: 'us-east-1' }).every(
    ({ schemeId }) => schemeId === 'smithy.api#noAuth',
  );

/** Follows the functions and [schema, traits] pairs of the SDK's schemas. */
function resolve(reference) {
  if (typeof reference === 'function') return resolve(reference());
  if (Array.isArray(reference) && reference.length === 2) return resolve(reference[0]);
  return reference;
}

/** `<structure>.<member>` -> the SDK's enum that its typings give the member. */
function enumsOfSdk() {
  const entry = fileURLToPath(import.meta.resolve('@aws-sdk/client-cognito-identity-provider'));
  const models = entry.replace(/dist-(cjs|es)[\\/]index\.js$/, 'dist-types/models');
  const found = new Map();
  for (const file of readdirSync(models).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    const typings = readFileSync(`${models}/${file}`, 'utf8');
    for (const [, name, body] of typings.matchAll(/^export interface (\w+) \{$(.*?)^\}$/gms)) {
      for (const [, member, type] of body.matchAll(/^ {4}(\w+)\??: (\w+) \| undefined;$/gm)) {
        if (isEnum(sdkExports.get(type))) found.set(`${name}.${member}`, type);
      }
    }
  }
  if (found.size === 0) throw new Error(`no enum was found in the typings of the SDK, ${models}`);
  return found;
}

function isEnum(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}

export function operationsOfSdk() {
  return [...sdkExports.keys()]
    .filter((key) => key.endsWith('Command') && !key.startsWith('$'))
    .map((key) => key.slice(0, -'Command'.length))
    .sort();
}

function patterns(name, pattern) {
  const bare = ANCHORED.has(name) ? pattern : pattern.replace(/^\^/, '').replace(/\$$/, '');
  const printed = PRINTED[name] ?? bare;
  const regex = LINEAR[name] ?? javaClasses(pattern);
  return { pattern: printed, ...(regex === `^${printed}$` ? {} : { regex }) };
}

/** Java's \s and \S know the ASCII white space only. */
function javaClasses(pattern) {
  return pattern.replaceAll('[\\S]', '[^\\t\\n\\v\\f\\r ]').replaceAll('\\s', '\\t\\n\\v\\f\\r ');
}

/** AWS prints enum values in the order of a hash set; this one reproduces the two orders seen on AWS. */
function hashSetOrder(values) {
  let buckets = 32;
  while (values.length > buckets * 0.75) buckets *= 2;
  const bucket = (text) => {
    let hash = 0;
    for (const char of text) hash = (Math.imul(31, hash) + char.charCodeAt(0)) | 0;
    return hash & (buckets - 1);
  };
  return values.toSorted((a, b) => bucket(a) - bucket(b));
}

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, generate());
}
