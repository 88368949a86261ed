/*
 * Whether an answer is of the types that the SDK's own schema of the operation says. The SDK reads most of them as they
 * come: a list that is a text, a token that is a number would be a TypeError somewhere in the app, or worse, pass.
 */

/** What each of the schema's numbers stands for. What is not here (documents, what a later SDK adds) may be anything. */
const SIMPLE: ReadonlyMap<number, (value: unknown) => boolean> = new Map([
  // The SDK makes an object of a text that holds JSON.
  [0, (value: unknown) => typeof value === 'string' || value instanceof String],
  [1, (value: unknown) => typeof value === 'number' && Number.isFinite(value)],
  [2, (value: unknown) => typeof value === 'boolean'],
  [4, isDate],
  [5, isDate],
  [6, isDate],
  [7, isDate],
]);

/** Added to the number of what a list or a map holds. */
const LIST = 64;
const MAP = 128;

/**
 * The first member of an answer that is of another type than the operation's; `undefined` where there is none.
 *
 * @param operation - the SDK's schema of it. One of a form that is not known here finds no fault.
 */
export function answerFault(operation: unknown, answer: unknown): string | undefined {
  if (!Array.isArray(operation) || operation[0] !== 9) return undefined;
  return faultOf(operation[5], answer, 'it');
}

function faultOf(reference: unknown, value: unknown, path: string): string | undefined {
  // The SDK takes null for a member that is not there.
  if (value === undefined || value === null) return undefined;
  const schema: unknown = typeof reference === 'function' ? reference() : reference;
  if (typeof schema === 'number') return faultOfSimple(schema, value, path);
  if (!Array.isArray(schema)) return undefined;
  // A member that has traits beside its schema.
  if (schema.length === 2) return faultOf(schema[0], value, path);
  const [kind, , , , first, second] = schema as readonly unknown[];
  switch (kind) {
    case 0:
      return faultOf(first, value, path);
    case 1:
      return faultOfList(first, value, path);
    case 2:
      return faultOfMap(second, value, path);
    case 3:
    case 4:
      return faultOfMembers(first as readonly string[], second as readonly unknown[], value, path);
    default:
      return undefined;
  }
}

function faultOfSimple(schema: number, value: unknown, path: string): string | undefined {
  if (schema >= MAP) return faultOfMap(schema - MAP, value, path);
  if (schema >= LIST) return faultOfList(schema - LIST, value, path);
  return SIMPLE.get(schema)?.(value) === false ? path : undefined;
}

function faultOfList(of: unknown, value: unknown, path: string): string | undefined {
  if (!Array.isArray(value)) return path;
  for (const element of value) {
    // One that is not there is one that a reader trips over.
    const fault = element === null || element === undefined ? path : faultOf(of, element, path);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfMap(of: unknown, value: unknown, path: string): string | undefined {
  if (!isRecord(value)) return path;
  for (const element of Object.values(value)) {
    const fault = faultOf(of, element, path);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfMembers(
  names: readonly string[],
  schemas: readonly unknown[],
  value: unknown,
  path: string,
): string | undefined {
  if (!isRecord(value)) return path;
  for (const [index, name] of names.entries()) {
    if (!Object.hasOwn(value, name)) continue;
    const fault = faultOf(schemas[index], value[name], path === 'it' ? name : `${path}.${name}`);
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
