/*
 * Whether an answer is of the types that the SDK's own schema of the operation says. The SDK reads most of them as they
 * come: a list that is a text, a token that is a number would be a TypeError somewhere in the app, or worse, pass.
 */

type Simple = ReadonlyMap<number, (value: unknown) => boolean>;

/** What each of the schema's numbers stands for. What is not here (documents, what a later SDK adds) may be anything. */
const SIMPLE: Simple = new Map([
  // The SDK makes an object of a text that holds JSON.
  [0, (value: unknown) => typeof value === 'string' || value instanceof String],
  [1, (value: unknown) => typeof value === 'number' && Number.isFinite(value)],
  [2, (value: unknown) => typeof value === 'boolean'],
  [4, isDate],
  [5, isDate],
  [6, isDate],
  [7, isDate],
]);

/** On the wire, a time is a number, and a document may be a text: only what holds something is looked at. */
const ANY_SIMPLE: Simple = new Map();

/** Added to the number of what a list or a map holds. */
const LIST = 64;
const MAP = 128;

/** What names the kind of an object, in AWS's JSON protocols; an exception's ends so, before what may follow. */
const TYPE = '__type';
const EXCEPTION = /(Exception|Error|Fault|Failure)(:|$)/;

/**
 * What is wrong with an answer, in words: the first member that is of another type than the operation's, one that the
 * operation always has and that is not there, or that it is an exception; `undefined` where nothing is.
 *
 * @param operation - the SDK's schema of it. One of a form that is not known here finds no fault.
 * @param answer - as the SDK read it.
 * @param body - the same as it came, in JSON, if it is known: the SDK makes an empty object of a list, or of whatever
 *   else stands in an object's place, so that an empty one is looked at again.
 */
export function answerFault(operation: unknown, answer: unknown, body?: Uint8Array): string | undefined {
  if (!Array.isArray(operation) || operation[0] !== 9) return undefined;
  const found = { isHollow: false };
  const fault = faultOf(operation[5], answer, { path: 'it', simple: SIMPLE, found });
  if (fault !== undefined) return wrongType(fault);
  // Some operations answer with no body at all.
  if (found.isHollow && body !== undefined && body.byteLength > 0) {
    const sent: unknown = JSON.parse(new TextDecoder().decode(body));
    const wrong =
      sent === null ? 'it' : faultOf(operation[5], sent, { path: 'it', simple: ANY_SIMPLE, found });
    if (wrong !== undefined) return wrongType(wrong);
    if (isException(sent)) return AN_EXCEPTION;
  }
  if (isException(answer)) return AN_EXCEPTION;
  const missing = missingIn(operation[5], answer);
  return missing === undefined ? undefined : `${missing} is missing`;
}

const AN_EXCEPTION = 'it is an exception with the status of a success';

function wrongType(path: string): string {
  return `${path} has the wrong type`;
}

function isException(answer: unknown): boolean {
  if (!isRecord(answer)) return false;
  const type = Object.hasOwn(answer, TYPE) ? answer[TYPE] : undefined;
  return typeof type === 'string' && EXCEPTION.test(type);
}

/**
 * The first member of an answer that its operation always has and that is not there. The schema of a structure has those
 * in front, and says how many they are. What such a member holds is not looked at: Cognito leaves out some of that.
 */
function missingIn(reference: unknown, answer: unknown): string | undefined {
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (!Array.isArray(schema) || schema[0] !== 3 || !isRecord(answer)) return undefined;
  const [, , , , names, , required] = schema as readonly unknown[];
  if (!Array.isArray(names) || typeof required !== 'number') return undefined;
  return (names as readonly string[])
    .slice(0, required)
    .find((name) => !Object.hasOwn(answer, name) || answer[name] === undefined || answer[name] === null);
}

interface Place {
  readonly path: string;
  /** How what holds nothing is looked at. */
  readonly simple: Simple;
  /** Whether an object has been met without a member that is known. */
  readonly found: { isHollow: boolean };
}

function faultOf(reference: unknown, value: unknown, place: Place): string | undefined {
  // The SDK takes null for a member that is not there.
  if (value === undefined || value === null) return undefined;
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (typeof schema === 'number') return faultOfSimple(schema, value, place);
  // What an operation answers that answers nothing.
  if (schema === 'unit') return faultOfMembers([], [], value, place);
  if (!Array.isArray(schema)) return undefined;
  // A member that has traits beside its schema.
  if (schema.length === 2) return faultOf(schema[0], value, place);
  const [kind, , , , first, second] = schema as readonly unknown[];
  switch (kind) {
    case 0:
      return faultOf(first, value, place);
    case 1:
      return faultOfList(first, value, place);
    case 2:
      return faultOfMap(second, value, place);
    case 3:
    case 4:
      return faultOfMembers(first as readonly string[], second as readonly unknown[], value, place);
    default:
      return undefined;
  }
}

function faultOfSimple(schema: number, value: unknown, place: Place): string | undefined {
  if (schema >= MAP) return faultOfMap(schema - MAP, value, place);
  if (schema >= LIST) return faultOfList(schema - LIST, value, place);
  return place.simple.get(schema)?.(value) === false ? place.path : undefined;
}

function faultOfList(of: unknown, value: unknown, place: Place): string | undefined {
  if (!Array.isArray(value)) return place.path;
  for (const element of value) {
    // One that is not there is one that a reader trips over.
    const fault = element === null || element === undefined ? place.path : faultOf(of, element, place);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfMap(of: unknown, value: unknown, place: Place): string | undefined {
  if (!isRecord(value)) return place.path;
  for (const element of Object.values(value)) {
    const fault = faultOf(of, element, place);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfMembers(
  names: readonly string[],
  schemas: readonly unknown[],
  value: unknown,
  place: Place,
): string | undefined {
  const { path, found } = place;
  if (!isRecord(value)) return path;
  // A text's letters and a list's elements are no members of an answer.
  if (!names.some((name) => Object.hasOwn(value, name))) found.isHollow = true;
  for (const [index, name] of names.entries()) {
    if (!Object.hasOwn(value, name)) continue;
    const member = { ...place, path: path === 'it' ? name : `${path}.${name}` };
    const fault = faultOf(schemas[index], value[name], member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
