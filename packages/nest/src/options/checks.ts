import { CognestError, configInvalid } from '../errors/cognest-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value from code, else from the first variable that is set; and where it came from, for the message. */
export function codeOrEnv(
  given: string | undefined,
  env: Environment,
  ...variables: string[]
): { value: string | undefined; from: string } {
  if (given !== undefined) return { value: given, from: '' };
  // A variable set to nothing is as good as unset.
  const variable = variables.find((name) => env[name] !== undefined && env[name] !== '');
  if (variable !== undefined) return { value: env[variable], from: ` (from ${variable})` };
  const empty = variables.filter((name) => env[name] === '');
  const state = empty.length === 0 ? 'not set either' : 'empty or not set';
  return {
    value: undefined,
    from: variables.length === 0 ? '' : ` (${variables.join(' and ')} ${state})`,
  };
}

/** @param what - the option's name as messages quote it, with where it stands: `"pools.partners.authFlow"`. */
export function oneOf<const Value extends string>(
  what: string,
  given: Value | undefined,
  values: readonly Value[],
  fallback: Value,
): Value {
  if (given === undefined) return fallback;
  if (!values.includes(given)) {
    throw configInvalid(what, values.map((value) => `"${value}"`).join(' or '), given);
  }
  return given;
}

/** The longest that a timer of Node's waits, in milliseconds: with more it does not wait at all. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @param what - as in {@link oneOf}. */
export function wholeNumber(
  what: string,
  given: number | undefined,
  fallback: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (given === undefined) return fallback;
  if (!Number.isSafeInteger(given) || given < least || given > most) {
    const atMost = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
    throw configInvalid(what, `a whole number of at least ${least}${atMost}`, given);
  }
  return given;
}

/** What was given is not shown, only its sort: options hold secrets. A `Map` is no object here: nobody reads its entries. */
export function refuseNonObject(what: string, expected: string, given: unknown): void {
  const tag = Object.prototype.toString.call(given).slice(8, -1);
  if (typeof given === 'object' && given !== null && tag === 'Object') return;
  throw new CognestError('config_invalid', `${what} must be ${expected}, got ${sortOf(given, tag)}`);
}

function sortOf(given: unknown, tag: string): string {
  if (given === undefined || given === null) return String(given);
  if (Array.isArray(given)) return 'a list';
  return typeof given === 'object' ? `a ${tag}` : `a ${typeof given}`;
}

/** @throws {CognestError} `config_invalid` for what is neither `undefined` nor a list. */
export function refuseNonList(what: string, expected: string, given: unknown): void {
  if (given === undefined || Array.isArray(given)) return;
  throw new CognestError(
    'config_invalid',
    `${what} must be ${expected}, got a value of type ${typeof given}`,
  );
}

/** @throws {CognestError} `config_invalid` for what is neither `undefined` nor a switch: a text is always on. */
export function refuseNonSwitch(what: string, given: unknown): void {
  if (given === undefined || typeof given === 'boolean') return;
  throw configInvalid(what, 'true or false', given);
}
