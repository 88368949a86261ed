import type { JsonSchema } from '../openapi/swagger-metadata.js';

/** Why a value is not what a schema says, and where. The value itself is never quoted: it may be a password. */
export interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

type Outcome<Value> = { readonly value: Value } | { readonly issues: readonly Issue[] };

/**
 * What one member of a request may be. It checks, and it says the same to OpenAPI: one place for both.
 */
export interface Schema<Value> {
  check(value: unknown, path: readonly string[]): Outcome<Value>;
  readonly json: JsonSchema;
}

/** A member that may be left out. */
export interface OptionalSchema<Value> extends Schema<Value | undefined> {
  readonly optional: true;
}

type Members = Readonly<Record<string, Schema<unknown>>>;

type OptionalNames<Of extends Members> = {
  [Name in keyof Of]: Of[Name] extends OptionalSchema<unknown> ? Name : never;
}[keyof Of];

type ValueOf<Of> = Of extends Schema<infer Value> ? Value : never;

type ObjectOf<Of extends Members> = { [Name in Exclude<keyof Of, OptionalNames<Of>>]: ValueOf<Of[Name]> } & {
  [Name in OptionalNames<Of>]?: ValueOf<Of[Name]>;
};

interface StandardResult<Value> {
  readonly value: Value;
  readonly issues?: undefined;
}
interface StandardFailure {
  readonly issues: readonly { readonly message: string; readonly path: readonly string[] }[];
}

/** The body of a request: a schema that is a Standard Schema (version 1) too, so that other tools can check with it. */
export interface BodySchema<Value> extends Schema<Value> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'cognest';
    readonly validate: (value: unknown) => StandardResult<Value> | StandardFailure;
    readonly types?: { readonly input: Value; readonly output: Value } | undefined;
  };
}

/** What a body is after its check. */
export type BodyOf<Of extends BodySchema<unknown>> = ValueOf<Of>;

/** More than these are not listed: how many there are is up to who sends them. */
const MAX_ISSUES = 5;
const MAX_DEPTH = 8;
const MAX_ATTRIBUTES = 50;
// No attribute of a pool is called otherwise, and no name of JavaScript's own is let through.
const ATTRIBUTE_NAME = /^(?:custom:|dev:custom:)?[a-z][\w.-]{0,63}$/i;
// A surrogate without its other half, since pairs count as one here.
const HALF_CHARACTER = /\p{Surrogate}/u;

function refused(path: readonly string[], message: string): { issues: Issue[] } {
  return { issues: [{ path, message }] };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** How a text may be. */
export interface TextOptions {
  /** Longest, in characters. */
  readonly max: number;
  readonly pattern?: RegExp;
  /** The pattern in words: `without spaces`. */
  readonly what?: string;
  readonly description?: string;
  readonly example?: string;
  /** Never shown by documentation tools. */
  readonly secret?: boolean;
}

/** A text that is not empty. */
export function text({ max, pattern, what, description, example, secret }: TextOptions): Schema<string> {
  const expected = `must be a text of 1 to ${max} characters${what === undefined ? '' : ` ${what}`}`;
  return {
    json: {
      type: 'string',
      minLength: 1,
      maxLength: max,
      ...(pattern !== undefined && { pattern: pattern.source }),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example }),
      ...(secret && { format: 'password' }),
    },
    check(value, path) {
      if (typeof value !== 'string') return refused(path, `${expected}, got ${kindOf(value)}`);
      if (value === '') return refused(path, `${expected}, got none`);
      if (value.length > max) return refused(path, `${expected}, got ${value.length}`);
      // Half a character is none, and does not survive on the way to Cognito.
      if (HALF_CHARACTER.test(value) || pattern?.test(value) === false) return refused(path, expected);
      return { value };
    },
  };
}

/** Yes or no. */
export function flag(description: string): Schema<boolean> {
  return {
    json: { type: 'boolean', description },
    check: (value, path) =>
      typeof value === 'boolean' ? { value } : refused(path, `must be true or false, got ${kindOf(value)}`),
  };
}

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly Word[], description: string): Schema<Word> {
  return {
    json: { type: 'string', enum: words, description },
    check: (value, path) =>
      words.includes(value as Word)
        ? { value: value as Word }
        : refused(path, `must be one of ${words.join(', ')}`),
  };
}

/** A member that may be left out. */
export function optional<Value>(schema: Schema<Value>): OptionalSchema<Value> {
  return {
    optional: true,
    json: schema.json,
    check: (value, path) => (value === undefined ? { value } : schema.check(value, path)),
  };
}

/** A user's attributes by name. Which of them may be written is for the handler to say, or for Cognito. */
export function attributes(description: string): Schema<Record<string, string>> {
  const value = text({ max: 2048 });
  return {
    json: { type: 'object', description, additionalProperties: value.json },
    check(given, path) {
      if (!isObject(given)) return refused(path, `must be an object, got ${kindOf(given)}`);
      const names = Object.keys(given).filter((name) => ATTRIBUTE_NAME.test(name));
      return members(given, path, names.slice(0, MAX_ATTRIBUTES), (name, each) =>
        value.check(each, [...path, name]),
      );
    },
  };
}

/** Whatever JSON there may be, up to a size: what a browser's own API made. */
export function json(maxLength: number, description: string): Schema<Record<string, unknown>> {
  return {
    json: { type: 'object', description, additionalProperties: true },
    check(value, path) {
      if (!isObject(value)) return refused(path, `must be an object, got ${kindOf(value)}`);
      if (deeperThan(value, MAX_DEPTH)) return refused(path, `must not be nested deeper than ${MAX_DEPTH}`);
      const { length } = JSON.stringify(value);
      if (length > maxLength)
        return refused(path, `must be at most ${maxLength} characters of JSON, got ${length}`);
      return { value };
    },
  };
}

/** An object of exactly these members. */
export function body<Of extends Members>(of: Of): BodySchema<ObjectOf<Of>> {
  const names = Object.keys(of);
  const required = names.filter((name) => !('optional' in (of[name] as object)));
  const check = (value: unknown, path: readonly string[]): Outcome<ObjectOf<Of>> => {
    if (!isObject(value)) {
      const what = names.length === 0 ? '' : ` with ${names.join(', ')}`;
      return refused(path, `must be a JSON object${what}, got ${kindOf(value)}`);
    }
    const withAll = { ...value };
    // A member that is left out is checked too: it may be required.
    for (const name of names) if (!Object.hasOwn(withAll, name)) withAll[name] = undefined;
    return members(withAll, path, names, (name, given) =>
      (of[name] as Schema<unknown>).check(given, [...path, name]),
    ) as Outcome<ObjectOf<Of>>;
  };
  return {
    check,
    json: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, (of[name] as Schema<unknown>).json])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    },
    '~standard': {
      version: 1,
      vendor: 'cognest',
      validate: (value) => check(value, []),
    },
  };
}

/** The values by name, on an object without prototype: no name means anything else. */
function members<Value>(
  value: Record<string, unknown>,
  path: readonly string[],
  names: readonly string[],
  check: (name: string, given: unknown) => Outcome<Value>,
): Outcome<Record<string, Value>> {
  const issues: Issue[] = [];
  const checked = Object.create(null) as Record<string, Value>;
  for (const name of Object.keys(value)) {
    if (issues.length >= MAX_ISSUES) break;
    if (!names.includes(name)) {
      issues.push({ path: [...path, shortened(name)], message: 'is not known here' });
      continue;
    }
    const outcome = check(name, value[name]);
    if ('issues' in outcome) issues.push(...outcome.issues);
    else if (outcome.value !== undefined) checked[name] = outcome.value;
  }
  return issues.length > 0 ? { issues } : { value: checked };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => deeperThan(member, depth - 1));
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 37)}...` : name;
}
