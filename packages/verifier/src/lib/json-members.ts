/**
 * Whether any object in a JSON text names a member twice. `JSON.parse` lets the last one win, other parsers the first:
 * a text that means two things is not to be trusted (RFC 8725 section 2.4, RFC 7515 section 4).
 *
 * @param json - a text that `JSON.parse` has accepted; only then is the answer meaningful.
 */
export function hasDuplicateMembers(json: string): boolean {
  // One set of names per open object, `undefined` per open array.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(json, at);
      const names = open.at(-1);
      if (names !== undefined && json[afterBlanks(json, end)] === ':') {
        // Compared as decoded: "\u0061lg" is "alg".
        const name: string = JSON.parse(json.slice(at, end));
        if (names.has(name)) return true;
        names.add(name);
      }
      at = end - 1;
    }
  }
  return false;
}

/** Where the next character is that is no white space (RFC 8259 section 2), however much of it there is. */
function afterBlanks(json: string, start: number): number {
  let at = start;
  while (json[at] === ' ' || json[at] === '\t' || json[at] === '\n' || json[at] === '\r') at++;
  return at;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"' && at < json.length) at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
