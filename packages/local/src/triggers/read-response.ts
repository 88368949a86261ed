import { unrecognizableLambdaOutput } from './faults.js';

/*
 * What a function answered, member by member. `null` is what AWS puts where nothing was set, and what a
 * function that sets nothing sends back.
 */

/** The JSON object that a function answered, or a part of it. */
export type Answer = Readonly<Record<string, unknown>>;

export function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function read<T>(answer: Answer, name: string, fits: (value: unknown) => value is T): T | undefined {
  const value = Object.hasOwn(answer, name) ? answer[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (!fits(value)) throw unrecognizableLambdaOutput();
  return value;
}

const isString = (value: unknown) => typeof value === 'string';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isStringList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
const isStringMap = (value: unknown): value is Record<string, string> =>
  isAnswer(value) && Object.values(value).every(isString);

/** @throws InvalidLambdaResponseException, as all of them, when the member is something else. */
export function readBoolean(answer: Answer, name: string): boolean {
  return read(answer, name, isBoolean) ?? false;
}

/** An empty text counts as none. */
export function readString(answer: Answer, name: string): string | undefined {
  return read(answer, name, isString) || undefined;
}

export function readStringList(answer: Answer, name: string): string[] | undefined {
  return read(answer, name, isStringList);
}

export function readStringMap(answer: Answer, name: string): Record<string, string> | undefined {
  return read(answer, name, isStringMap);
}

export function readObject(answer: Answer, name: string): Answer | undefined {
  return read(answer, name, isAnswer);
}
