/** Freezes a value that came out of `JSON.parse`, all the way down. */
export function deepFreeze<Value extends object>(value: Value): Value {
  // A list instead of recursion: the depth of the value is not ours.
  const pending: object[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const member of Object.values(next)) {
      if (typeof member === 'object' && member !== null) pending.push(member);
    }
    Object.freeze(next);
  }
  return value;
}
