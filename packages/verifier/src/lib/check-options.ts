import { quote, VerifierError } from '../errors.js';

/** The error for an unusable option: names it, says what is expected and what was given. */
export function configInvalid(option: string, expected: string, actual: unknown): VerifierError {
  return new VerifierError('config_invalid', `"${option}" must be ${expected}, got ${quote(actual)}`, {
    expected,
    actual,
  });
}

/** A misspelt option must not read as one that was left out. */
export function refuseUnknownOptions(name: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) throw configInvalid(name, 'an object', given);
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

/** A whole number of at least `least`, or the default when it was left out. */
export function wholeNumber(
  option: string,
  value: number | undefined,
  fallback: number,
  least: number,
): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < least) {
    throw configInvalid(option, `a whole number of at least ${least}`, value);
  }
  return value;
}
