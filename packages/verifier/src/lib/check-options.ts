import { quote, VerifierError } from '../errors.js';

/** The error for an unusable option: names it, says what is expected and what was given. */
export function configInvalid(option: string, expected: string, actual: unknown): VerifierError {
  return new VerifierError('config_invalid', `"${option}" must be ${expected}, got ${quote(actual)}`, {
    expected,
    actual,
  });
}

/** A misspelt option must not read as one that was left out, nor must a thing that cannot hold options. */
export function refuseUnknownOptions(name: string, given: object, known: readonly string[]): void {
  if (!canHold(given, known)) throw configInvalid(name, `an object of options: ${known.join(', ')}`, given);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw configInvalid(
        `${name}.${key}`,
        `left out: the options are ${known.join(', ')}`,
        Reflect.get(given, key),
      );
    }
  }
}

/**
 * Whether options could have been meant: a plain object, or one of a class of the application that has an option. A
 * promise, a map or a date has no members, so that it would pass for "nothing asked".
 */
function canHold(given: unknown, known: readonly string[]): given is object {
  const sort = Object.prototype.toString.call(given);
  // A namespace, as `import * as options` gives, is as good.
  if (sort === '[object Module]') return true;
  if (sort !== '[object Object]') return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  // Of another realm, too: its `Object.prototype` is not ours, but has nothing above it either.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain || known.some((option) => option in (given as object));
}

/** What `read` makes of options. An accessor or a proxy among them that throws is a wrong option like another one. */
export function readingOptions<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof VerifierError) throw cause;
    throw new VerifierError('config_invalid', `"${name}" could not be read`, { cause });
  }
}

/** A whole number from `least` to `most`, or the default when it was left out. */
export function wholeNumber(
  option: string,
  value: number | undefined,
  fallback: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw configInvalid(option, `a whole number ${range}`, value);
  }
  return value;
}

/** What a `Map` can hold, and the tables of `lru-cache` without failing. */
export const MAX_ENTRIES = 16_777_216;
