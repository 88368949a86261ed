/** Freezes a value that came out of `JSON.parse`, all the way down. */
export function deepFreeze<Value extends object>(value: Value): Value {
  // A list instead of recursion: the depth of the value is not ours.
  let pending: object[] | undefined;
  let next: object | undefined = value;
  while (next !== undefined) {
    for (const member of Object.values(next)) {
      if (typeof member !== 'object' || member === null) continue;
      pending ??= [];
      pending.push(member);
    }
    Object.freeze(next);
    next = pending?.pop();
  }
  return value;
}
