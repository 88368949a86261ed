import { CognitoServiceError } from '../errors.js';
import { operationModel, patternOf, type Shape, shapeOf } from './model.js';
import { lowerFirst, printValue } from './print-value.js';

/** Further violations are not collected: the answer is for a person. */
const MAX_VIOLATIONS = 100;
const MAX_DOCUMENT_DEPTH = 64;
const MAX_INT = 2 ** 31 - 1;

export interface ReadInput {
  /** Known members only, without those that are null; binary members decoded. */
  readonly input: object;
  /** One sentence for each constraint that is not met. */
  readonly violations: readonly string[];
}

/**
 * Reads the parsed JSON body of an operation that the model has.
 *
 * @throws {CognitoServiceError} `SerializationException` when a member has the wrong JSON type.
 */
export function readInput(operation: string, json: unknown): ReadInput {
  const model = operationModel(operation);
  if (!model) throw new Error(`the model has no operation ${operation}`);
  const violations: string[] = [];
  const reader = new Reader(violations);
  const input = reader.structure(shapeOf(model.input), json ?? {}, '', false);
  return { input, violations };
}

/** @throws {CognitoServiceError} `InvalidParameterException` with AWS's own text when there are violations. */
export function refuseViolations(violations: readonly string[]): void {
  if (violations.length === 0) return;
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  throw new CognitoServiceError('InvalidParameterException', `${count}: ${violations.join('; ')}`);
}

/** An input that did not come over HTTP, such as a seed's: the same rules, the same errors. */
export function validateInput(operation: string, json: unknown): object {
  const { input, violations } = readInput(operation, json);
  refuseViolations(violations);
  return input;
}

class Reader {
  readonly #violations: string[];

  constructor(violations: string[]) {
    this.#violations = violations;
  }

  structure(shape: Shape, json: unknown, path: string, hidden: boolean): Record<string, unknown> {
    const source = expectMap(json);
    const target: Record<string, unknown> = {};
    for (const [member, { shape: name, required }] of Object.entries(shape.members ?? {})) {
      const value = Object.hasOwn(source, member) ? source[member] : undefined;
      const memberPath = path === '' ? lowerFirst(member) : `${path}.${lowerFirst(member)}`;
      const secret = hidden || shapeOf(name).sensitive === true;
      if (value === undefined || value === null) {
        if (required) {
          this.#add(`Value${secret ? '' : ' null'} at '${memberPath}'`, 'Member must not be null');
        }
        continue;
      }
      target[member] = this.#value(name, value, memberPath, secret);
    }
    return target;
  }

  #value(name: string, json: unknown, path: string, hidden: boolean): unknown {
    const shape = shapeOf(name);
    switch (shape.type) {
      case 'structure':
        return this.structure(shape, json, path, hidden);
      case 'list':
        return this.#list(name, shape, json, path, hidden);
      case 'map':
        return this.#map(name, shape, json, path, hidden);
      case 'document':
        if (isDeeperThan(json, MAX_DOCUMENT_DEPTH)) throw new CognitoServiceError('SerializationException');
        return json;
      default: {
        const value = scalar(shape, json);
        for (const failed of failedConstraints(shape, value)) this.#report(name, value, path, hidden, failed);
        return value;
      }
    }
  }

  #list(name: string, shape: Shape, json: unknown, path: string, hidden: boolean): unknown[] {
    if (!Array.isArray(json)) throw wrongType(json, 'list');
    const elementName = shape.member as string;
    const element = shapeOf(elementName);
    let refused: string | undefined;
    const list = json.map((item, index) => {
      if (item === null) {
        refused = 'Member must not be null';
        return undefined;
      }
      if (element.type === 'structure') {
        const secret = hidden || element.sensitive === true;
        return this.structure(element, item, `${path}.${index + 1}.member`, secret);
      }
      const value = scalar(element, item);
      if (failedConstraints(element, value).length > 0) refused = constraintsOf(element).join(', ');
      return value;
    });
    const short = lengthViolations(shape, list.length);
    for (const failed of short) this.#report(name, list, path, hidden, failed);
    if (refused !== undefined) {
      this.#report(name, list, path, hidden, `Member must satisfy constraint: [${refused}]`);
    }
    return list;
  }

  #map(name: string, shape: Shape, json: unknown, path: string, hidden: boolean): Record<string, unknown> {
    const source = expectMap(json);
    const keyShape = shapeOf(shape.key as string);
    const valueShape = shapeOf(shape.value as string);
    // No prototype: a caller chooses the keys.
    const map: Record<string, unknown> = Object.create(null);
    let refusedKey: string | undefined;
    let refusedValue: string | undefined;
    for (const [key, item] of Object.entries(source)) {
      if (item === null) continue;
      if (failedConstraints(keyShape, key).length > 0) refusedKey = constraintsOf(keyShape).join(', ');
      if (valueShape.type === 'structure') {
        map[key] = this.structure(valueShape, item, `${path}.${key}.member`, hidden);
        continue;
      }
      const value = scalar(valueShape, item);
      if (failedConstraints(valueShape, value).length > 0)
        refusedValue = constraintsOf(valueShape).join(', ');
      map[key] = value;
    }
    for (const failed of lengthViolations(shape, Object.keys(map).length)) {
      this.#report(name, map, path, hidden, failed);
    }
    if (refusedKey !== undefined) {
      this.#report(name, map, path, hidden, `Map keys must satisfy constraint: [${refusedKey}]`);
    }
    if (refusedValue !== undefined) {
      this.#report(name, map, path, hidden, `Map value must satisfy constraint: [${refusedValue}]`);
    }
    return map;
  }

  #report(name: string, value: unknown, path: string, hidden: boolean, constraint: string): void {
    if (this.#violations.length >= MAX_VIOLATIONS) return;
    this.#add(hidden ? `Value at '${path}'` : `Value '${printValue(name, value)}' at '${path}'`, constraint);
  }

  #add(subject: string, constraint: string): void {
    if (this.#violations.length >= MAX_VIOLATIONS) return;
    this.#violations.push(`${subject} failed to satisfy constraint: ${constraint}`);
  }
}

function expectMap(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrongType(json, 'map');
  return json as Record<string, unknown>;
}

function scalar(shape: Shape, json: unknown): unknown {
  if (typeof json === 'object') throw wrongType(json, 'scalar');
  switch (shape.type) {
    case 'string':
    case 'enum':
      if (typeof json === 'string') return json;
      break;
    case 'boolean':
      if (typeof json === 'boolean') return json;
      break;
    case 'integer':
      if (Number.isInteger(json) && Math.abs(json as number) <= MAX_INT) return json;
      break;
    case 'long':
      if (Number.isSafeInteger(json)) return json;
      break;
    case 'timestamp':
      if (typeof json === 'number') return new Date(json * 1000);
      break;
    case 'blob':
      if (typeof json === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(json)) return Buffer.from(json, 'base64');
      break;
    default:
  }
  throw new CognitoServiceError('SerializationException');
}

function failedConstraints(shape: Shape, value: unknown): string[] {
  if (shape.values) {
    return shape.values.includes(value as string) ? [] : constraintsOf(shape);
  }
  if (typeof value === 'number') {
    const { min, max } = shape.range ?? {};
    if (min !== undefined && value < min) return [`Member must have value greater than or equal to ${min}`];
    if (max !== undefined && value > max) return [`Member must have value less than or equal to ${max}`];
    return [];
  }
  if (value instanceof Uint8Array) return lengthViolations(shape, value.byteLength);
  if (typeof value !== 'string') return [];
  const failed = shape.length ? lengthViolations(shape, codePoints(value)) : [];
  const pattern = patternOf(shape);
  if (pattern && !pattern.test(value)) {
    failed.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  return failed;
}

function lengthViolations(shape: Shape, length: number): string[] {
  const { min, max } = shape.length ?? {};
  if (min !== undefined && length < min) return [`Member must have length greater than or equal to ${min}`];
  if (max !== undefined && length > max) return [`Member must have length less than or equal to ${max}`];
  return [];
}

/** All constraints of an element: AWS names them together, whichever failed. */
function constraintsOf(shape: Shape): string[] {
  if (shape.values) return [`Member must satisfy enum value set: ${shape.printed}`];
  const all: string[] = [];
  if (shape.length?.max !== undefined)
    all.push(`Member must have length less than or equal to ${shape.length.max}`);
  if (shape.length?.min !== undefined)
    all.push(`Member must have length greater than or equal to ${shape.length.min}`);
  if (shape.pattern !== undefined)
    all.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  return all;
}

/** Walks without recursion, as the depth is what is in doubt. */
function isDeeperThan(json: unknown, limit: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** AWS's texts for a JSON type that does not fit; for a scalar of the wrong type it has none. */
function wrongType(json: unknown, expected: 'map' | 'list' | 'scalar'): CognitoServiceError {
  if (expected === 'scalar') {
    return new CognitoServiceError(
      'SerializationException',
      Array.isArray(json)
        ? 'Start of list found where not expected'
        : 'Start of structure or map found where not expected.',
    );
  }
  return new CognitoServiceError('SerializationException', `Expected ${expected} or null`);
}
