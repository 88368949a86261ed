import { describe, expect, it } from 'vitest';
import { iteratePages } from '../src/services/paging.js';

/** Hands out pages by token, and remembers what it was asked. */
function pagesOf<Item>(pages: { items?: Item[]; nextToken?: string }[]) {
  const asked: (string | undefined)[] = [];
  const fetch = async (token: string | undefined) => {
    asked.push(token);
    const { items, nextToken } = pages[asked.length - 1] ?? { items: [], nextToken: undefined };
    return { items, nextToken };
  };
  return { fetch, asked };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('iteratePages', () => {
  it('goes on to the page without a token, over empty ones', async () => {
    const { fetch, asked } = pagesOf([
      { items: [1, 2], nextToken: 'a' },
      { nextToken: 'b' },
      { items: [], nextToken: 'c' },
      { items: [3] },
    ]);
    expect(await all(iteratePages(fetch))).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, 'a', 'b', 'c']);
  });

  it('asks for no page that nobody wants', async () => {
    const { fetch, asked } = pagesOf([{ items: [1, 2], nextToken: 'a' }]);
    for await (const item of iteratePages(fetch)) {
      if (item === 2) break;
    }
    expect(asked).toEqual([undefined]);
  });

  it.each([1, 2, 3, 7])('refuses tokens that go in a circle of %d', async (length) => {
    let requests = 0;
    const fetch = async () => {
      requests += 1;
      // A few proper pages first.
      return { items: [requests], nextToken: requests < 4 ? `first ${requests}` : `t${requests % length}` };
    };
    await expect(all(iteratePages(fetch))).rejects.toMatchObject({ code: 'cognito_response_invalid' });
    expect(requests).toBeLessThan(8 * (length + 4));
  });

  it('follows no list that has ever new tokens and nothing else', async () => {
    let requests = 0;
    const fetch = async () => ({ items: [], nextToken: `t${requests++}` });
    await expect(all(iteratePages(fetch))).rejects.toMatchObject({
      code: 'cognito_response_invalid',
      message: expect.stringContaining('100000 empty pages in a row'),
    });
    expect(requests).toBe(100_001);
  });

  it('passes the error of a page on', async () => {
    const failure = new Error('no more');
    const { fetch } = pagesOf([{ items: [1], nextToken: 'a' }]);
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const item of iteratePages(async (token) => {
          if (token === 'a') throw failure;
          return fetch(token);
        })) {
          seen.push(item);
        }
      })(),
    ).rejects.toBe(failure);
    expect(seen).toEqual([1]);
  });
});
