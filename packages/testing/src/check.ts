/** @throws TypeError naming the option that is not there, and those that are. */
export function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new TypeError(`${what} has no option "${key}"; there is ${known.join(', ')}.`);
  }
}

/** @throws TypeError with what was given and what was expected. */
export function check(ok: boolean, what: string, expected: string, given: unknown): void {
  if (!ok) throw new TypeError(`${what} must be ${expected}, got ${JSON.stringify(given) ?? String(given)}.`);
}

/** Whether it is a list of non-empty strings. */
export function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && entry !== '');
}
