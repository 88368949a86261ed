import { Buffer } from 'node:buffer';
// Taken at import, so that a test with fake timers does not stop verification.
import { clearTimeout, setTimeout } from 'node:timers';
import type { FetchedResponse, FetchLike } from '../options.js';
import { readKey, type SigningKey } from './signing-key.js';

/** Why a key set could not be had. Becomes the `cause` of `keys_unavailable`. */
class KeyFetchError extends Error {
  override readonly name = 'KeyFetchError';
}

/** Fetches a key set: one request, no redirects, bounded in time and size. */
export async function fetchKeys(
  url: string,
  fetch: FetchLike,
  timeoutMs: number,
  maxBytes: number,
): Promise<Map<string, SigningKey>> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Beside the signal, since an injected `fetch` may not heed it.
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new KeyFetchError(`${url} did not answer within ${timeoutMs} ms`);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([request(url, fetch, maxBytes, controller.signal), tooLate]);
  } catch (error) {
    if (error instanceof KeyFetchError) throw error;
    throw new KeyFetchError(`${url} could not be fetched`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: string, fetch: FetchLike, maxBytes: number, signal: AbortSignal) {
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (response.status !== 200 || response.redirected) {
    await discard(response.body);
    throw new KeyFetchError(`${url} answered ${response.redirected ? 'with a redirect' : response.status}`);
  }
  return parseKeys(await readBody(url, response, maxBytes), url);
}

/** Ends a transfer that is of no use, where the body can; one that cannot is left to its end. */
async function discard(body: FetchedResponse['body']): Promise<void> {
  if (typeof body !== 'object' || body === null || !('cancel' in body)) return;
  try {
    await body.cancel();
  } catch {
    // However it went: what counts is the answer's status.
  }
}

async function readBody(url: string, response: FetchedResponse, maxBytes: number): Promise<string> {
  if (response.body === null || response.body === undefined)
    throw new KeyFetchError(`${url} answered without a body`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, and with it the transfer.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new KeyFetchError(`${url} answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString();
}

function parseKeys(text: string, url: string): Map<string, SigningKey> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new KeyFetchError(`${url} did not answer with JSON`, { cause: error });
  }
  const list = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined;
  if (!Array.isArray(list)) throw new KeyFetchError(`${url} did not answer with a key set`);
  const keys = new Map<string, SigningKey>();
  let problem = 'it is empty';
  for (const jwk of list) {
    const key = readKey(jwk);
    // A key of another sort may be there for other uses, now or one day: it is passed over.
    if (typeof key === 'string') {
      problem = key;
      continue;
    }
    if (keys.has(key.kid)) throw new KeyFetchError(`${url} has two keys with one id`);
    keys.set(key.kid, key);
  }
  if (keys.size === 0) throw new KeyFetchError(`${url} has no usable key: ${problem}`);
  return keys;
}
