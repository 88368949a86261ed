import { CognestError, show } from '../errors/cognest-error.js';
import { codeName } from './casing.js';
import { isWellFormed } from './well-formed.js';

/*
 * Which members an input may have, as the SDK's own schema of the operation says at run time: the one by which the SDK
 * writes the request, and leaves out every member that it does not find there. So the compiler's view (the input's type,
 * made of the SDK's types) and this one cannot drift apart, whichever SDK the app has installed.
 */

/** What a value must be. `undefined`: anything, as a document may be. */
export type Shape = Structure | Collection | Simple | 'attributes' | undefined;

/** What holds nothing. `other`: a time, bytes. */
type Simple = 'text' | 'number' | 'switch' | 'other';

/** Members by the name that they have in code. */
export interface Structure {
  readonly kind: 'structure';
  readonly members: ReadonlyMap<string, { readonly apiName: string; readonly shape: Shape }>;
}

interface Collection {
  readonly kind: 'list' | 'map';
  readonly of: Shape;
}

const known = new WeakMap<object, Shape>();

/** What an operation takes, by the SDK's schema of it; `undefined` for one whose schema is of a form that is not known here. */
export function inputOf(operation: unknown): Structure | undefined {
  if (!isTuple(operation) || operation[0] !== 9) return undefined;
  const shape = shapeOf(operation[4]);
  return typeof shape === 'object' && shape.kind === 'structure' ? shape : undefined;
}

/** Schemas are the tuples of `StaticSchema` in `@smithy/types`, or functions that give them. */
function shapeOf(reference: unknown): Shape {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (typeof schema === 'number') return shapeOfNumber(schema);
  if (!isTuple(schema)) return undefined;
  // A member that has traits beside its schema.
  if (schema.length === 2) return shapeOf(schema[0]);
  if (known.has(schema)) return known.get(schema);
  const shape = readShape(schema);
  known.set(schema, shape);
  return shape;
}

function readShape(schema: readonly unknown[]): Shape {
  const [kind, , , , first, second] = schema;
  if (kind === 0) return shapeOf(first);
  if (kind === 1) return isAttribute(shapeOf(first)) ? 'attributes' : { kind: 'list', of: shapeOf(first) };
  if (kind === 2) return { kind: 'map', of: shapeOf(second) };
  if (kind !== 3 && kind !== 4) return undefined;
  const members = new Map<string, { apiName: string; shape: Shape }>();
  const structure: Structure = { kind: 'structure', members };
  // Before its members: one of them may be made of the same again.
  known.set(schema, structure);
  for (const [index, apiName] of (first as readonly string[]).entries()) {
    members.set(codeName(apiName), { apiName, shape: shapeOf((second as readonly unknown[])[index]) });
  }
  return structure;
}

/** Added to the number of what is simple, for a list or a map of it. */
const LIST = 64;
const MAP = 128;
const DOCUMENT = 15;

/** Numbers stand for what is simple: 0 for a text, 1 for a number, 2 for true or false. */
function shapeOfNumber(schema: number): Shape {
  if (schema >= MAP) return { kind: 'map', of: shapeOfNumber(schema - MAP) };
  if (schema >= LIST) return { kind: 'list', of: shapeOfNumber(schema - LIST) };
  if (schema === 0) return 'text';
  if (schema === 1) return 'number';
  if (schema === 2) return 'switch';
  return schema === DOCUMENT ? undefined : 'other';
}

/** A list of names and values is a record in this package. */
function isAttribute(shape: Shape): boolean {
  return (
    typeof shape === 'object' &&
    shape.kind === 'structure' &&
    [...shape.members.keys()].join() === 'name,value'
  );
}

function isTuple(schema: unknown): schema is readonly unknown[] {
  return Array.isArray(schema);
}

/**
 * Refuses members that nobody would read: misspelt ones, those of another case, those that the service fills in. A
 * request body that was passed on whole is looked at like any other input. No value is in a message: it may be a secret.
 *
 * @param operation - its name on the wire.
 * @param filledIn - what the service knows, by the API's names.
 * @throws {CognestError} `argument_invalid`
 */
export function refuseUnknownMembers(
  operation: string,
  input: unknown,
  structure: Structure | undefined,
  filledIn: object = {},
): void {
  requireObject(`The input of ${operation}`, input);
  if (structure !== undefined) checkMembers(input, structure, { operation, path: '', filledIn });
}

/** Every member that a type has, each of them once: the compiler sees to it. */
export type MembersOf<Type> = Readonly<Record<Type extends unknown ? keyof Type : never, true>>;

/** The members that some form of a type can have a value for: those that a form rules out (`srpA?: undefined`) do not count. */
export type TakenBy<Type> = Type extends unknown
  ? { [Key in keyof Type]-?: [Exclude<Type[Key], undefined>] extends [never] ? never : Key }[keyof Type]
  : never;

/**
 * As {@link refuseUnknownMembers}, for an input that is this package's own and no operation's.
 *
 * @param what - what it is, as a message says it.
 * @throws {CognestError} `argument_invalid`
 */
export function refuseOtherMembers(
  what: string,
  input: unknown,
  members: Readonly<Record<string, true>>,
): void {
  requireObject(what, input);
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || Object.hasOwn(members, name)) continue;
    throw new CognestError(
      'argument_invalid',
      `${what} has no member ${show(name)}; there are ${Object.keys(members).join(', ')}`,
    );
  }
}

/** @throws {CognestError} `argument_invalid` */
export function requireObject(what: string, input: unknown): asserts input is object {
  if (isRecord(input)) return;
  throw new CognestError('argument_invalid', `${what} must be an object, got ${kindOf(input)}`);
}

interface Place {
  readonly operation: string;
  /** Of the members inside members; empty for the input itself. */
  readonly path: string;
  readonly filledIn: object;
}

function checkMembers(given: object, { members }: Structure, place: Place): void {
  // Own members only, as they are sent.
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const member = members.get(name);
    if (member === undefined || (place.path === '' && Object.hasOwn(place.filledIn, member.apiName))) {
      throw unknownMember(name, member !== undefined, members, place);
    }
    // Most values are simple.
    if (member.shape !== undefined) {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      checkValue(value, member.shape, { ...place, path });
    }
  }
}

const SIMPLE: Readonly<Record<Simple, { expected: string; is: (value: unknown) => boolean }>> = {
  // Half of a pair of surrogates is written as something else wherever it goes as UTF-8: in SECRET_HASH, too.
  text: { expected: 'a string', is: (value) => typeof value === 'string' && isWellFormed(value) },
  // Every one of the API's is whole.
  number: { expected: 'a whole number', is: Number.isSafeInteger },
  switch: { expected: 'true or false', is: (value) => typeof value === 'boolean' },
  other: { expected: 'no object and no list', is: (value) => !Array.isArray(value) && !isRecord(value) },
};

function checkValue(value: unknown, shape: NonNullable<Shape>, place: Place): void {
  // Cognito takes it for a member that is not there.
  if (value === null || value === undefined) return;
  const { operation, path } = place;
  if (shape === 'text' || shape === 'number' || shape === 'switch' || shape === 'other') {
    if (SIMPLE[shape].is(value)) return;
    const isHalf = shape === 'text' && typeof value === 'string';
    // One in place of a text may be a code.
    const given = shape === 'number' && typeof value === 'number' ? String(value) : kindOf(value);
    throw new CognestError(
      'argument_invalid',
      `"${path}" in the input of ${operation} must be ${SIMPLE[shape].expected}, got ` +
        (isHalf ? 'one that is not well-formed Unicode' : given),
    );
  }
  const expected = typeof shape === 'object' && shape.kind === 'list' ? 'a list' : 'an object';
  if (expected === 'a list' ? !Array.isArray(value) : !isRecord(value)) {
    const example = shape === 'attributes' ? ' of names and values, as { email: "…" }' : '';
    throw new CognestError(
      'argument_invalid',
      `"${path}" in the input of ${operation} must be ${expected}${example}, got ${kindOf(value)}`,
    );
  }
  // Attributes have the names that the pool gives them.
  if (shape === 'attributes') return;
  if (shape.kind === 'structure') {
    checkMembers(value, shape, place);
    return;
  }
  for (const [key, element] of Object.entries(value)) {
    if (shape.kind === 'map' && !isWellFormed(key)) {
      throw new CognestError(
        'argument_invalid',
        `"${path}" in the input of ${operation} has a name that is not well-formed Unicode`,
      );
    }
    if (shape.of === undefined) continue;
    checkValue(element, shape.of, { ...place, path: shape.kind === 'list' ? `${path}[${key}]` : path });
  }
}

function unknownMember(
  name: string,
  isFilledIn: boolean,
  members: Structure['members'],
  { operation, path, filledIn }: Place,
): CognestError {
  const where = path === '' ? `The input of ${operation}` : `"${path}" in the input of ${operation}`;
  const there = [...members]
    .filter(([, { apiName }]) => path !== '' || !Object.hasOwn(filledIn, apiName))
    .map(([member]) => member);
  return new CognestError(
    'argument_invalid',
    `${where} has no member ${show(name)}${isFilledIn ? ', which the service fills in' : ''}; ` +
      (there.length === 0
        ? 'it takes none'
        : `there ${there.length === 1 ? 'is' : 'are'} ${there.join(', ')}`),
  );
}

/**
 * Whether the members of a value are what it holds. Those of a `Map`, a `Set`, a `Headers` or a `FormData` are not: it
 * would be sent as if it were empty. An instance of a class of the app's is.
 */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && tagOf(value) === 'Object';
}

/** What the language calls a kind of object. */
function tagOf(value: unknown): string {
  return Array.isArray(value) ? 'Array' : Object.prototype.toString.call(value).slice(8, -1);
}

/** What was given, without its content. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  return typeof value !== 'object' || isRecord(value)
    ? `a value of type ${typeof value}`
    : `a ${tagOf(value)}`;
}
