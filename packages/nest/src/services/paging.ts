import { CognestError } from '../errors/cognest-error.js';
import { requireObject } from './input-members.js';

/** One page of a list. */
interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  /** What the next page is asked for with; absent on the last one. */
  readonly nextToken: string | undefined;
}

/**
 * What the page that begins at a token is asked for with.
 *
 * @param token - by the name that it has in this list's input.
 * @throws {CognestError} `argument_invalid` for an input that brings a token of its own: an iteration would drop it.
 */
export function pageOf<Input extends object, Token extends object>(
  input: Input,
  token: Token,
): Input & Token {
  requireObject('The input of an iteration', input);
  for (const name of Object.keys(token)) {
    if (Object.hasOwn(input, name) && input[name as keyof Input] !== undefined) {
      throw new CognestError(
        'argument_invalid',
        `An iteration begins at the first page and takes no "${name}": ask for one page with the method that lists`,
      );
    }
  }
  return { ...input, ...token };
}

/** How many empty pages may follow one another: a filter that nobody passes, in a pool of millions, has fewer. */
const MOST_EMPTY_PAGES = 100_000;

/**
 * Everything in a list, page by page as it is asked for. An empty page is not the end: Cognito filters after paging.
 *
 * @param fetch - gives the page that begins at a token, the first one without.
 * @throws {CognestError} `cognito_response_invalid` where the tokens go in a circle, or ever new ones lead to nothing
 *   (100,000 empty pages in a row): it would never end.
 */
export async function* iteratePages<Item>(
  fetch: (nextToken: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  // Brent's way to notice a circle: one remembered token, replaced after 1, 2, 4, ... pages. A list may have millions.
  let remembered: string | undefined;
  let pages = 0;
  let replaceAt = 1;
  let empty = 0;

  let token: string | undefined;
  do {
    const { items = [], nextToken } = await fetch(token);
    yield* items;
    empty = items.length === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY_PAGES) {
      throw new CognestError(
        'cognito_response_invalid',
        `Cognito answered a list with ${MOST_EMPTY_PAGES} empty pages in a row, and more to come: it has no end`,
      );
    }
    if (nextToken !== undefined && (nextToken === token || nextToken === remembered)) {
      throw new CognestError(
        'cognito_response_invalid',
        'Cognito answered a list with a token that it has given before: its pages go in a circle',
      );
    }
    pages += 1;
    if (pages === replaceAt) {
      remembered = nextToken;
      replaceAt *= 2;
    }
    token = nextToken;
  } while (token !== undefined);
}
