/** Whether a text has no half of a pair of surrogates, which UTF-8 has no way to write. */
export function isWellFormed(given: string): boolean {
  return !/\p{Surrogate}/u.test(given);
}
