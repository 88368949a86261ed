import type { HttpRequestLike } from './carrier.js';

/**
 * The cookies that a request brings, in its order, each as often as it is there.
 *
 * `String.trim()` takes off more than browsers do. A name with a U+00A0 before it is another name to them, without the
 * protection of `__Host-`: a subdomain may plant it, and here it must not turn into the one that it resembles.
 */
export function* requestCookies(request: HttpRequestLike): Generator<readonly [name: string, value: string]> {
  const header = request.headers?.['cookie'];
  if (header === undefined) return;
  // Node joins several headers with "; "; adapters that resemble it may keep a list.
  for (const line of typeof header === 'string' ? [header] : header) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals === -1) continue;
      yield [withoutBlanks(pair.slice(0, equals)), withoutBlanks(pair.slice(equals + 1))];
    }
  }
}

/** Without the blanks that browsers take off names and values (RFC 6265bis section 5.6), and no others. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

const isBlank = (character: string | undefined) => character === ' ' || character === '\t';
