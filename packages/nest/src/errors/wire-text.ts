/** What a terminal or a log's reader takes for more than a letter: controls, line ends, turned directions, halves. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A name that came over the wire, as it may stand in a message or a line of a log: on one line, cut short, with what is
 * no letter escaped. Whoever answers in Cognito's place writes it, and would write lines of the log.
 *
 * @param longest - the most characters of the result.
 */
export function wireText(given: unknown, longest = 100): string {
  const text = typeof given === 'string' ? given : `a ${typeof given}`;
  const escaped = text
    .slice(0, longest)
    .replace(UNPRINTABLE, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
  return text.length > longest || escaped.length > longest ? `${escaped.slice(0, longest - 3)}...` : escaped;
}
