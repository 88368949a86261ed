import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

type RequestHandler = CognitoIdentityProviderClient['config']['requestHandler'];
type Handle = RequestHandler['handle'];
type HandlerOptions = NonNullable<Parameters<CognitoIdentityProviderClient['send']>[1]>;

/** The most that one answer may hold, in bytes: a page of users, the largest that Cognito gives, is far below. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/** An answer that is longer than Cognito's are. It is not asked for again: it would come again. */
export class OversizedAnswerError extends Error {
  override readonly name: string = 'OversizedAnswerError';

  constructor() {
    super(`The answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
  }
}

/**
 * Bounds each try as a whole, from the moment it is sent until its body has been read, and the body's size. The SDK's own
 * time-out ends with the headers: an answer that stops, drips or never ends would hold its connection, and its caller.
 *
 * @param handler - the SDK's own, which is changed; it hands bodies on as bytes that are there already.
 * @param timeoutMs - unless a call says otherwise (`client.send(command, { requestTimeout })`).
 */
export function boundAnswers(handler: RequestHandler, timeoutMs: number): void {
  const send: Handle = handler.handle.bind(handler);
  handler.handle = async (request, options: HandlerOptions = {}) => {
    const { abortSignal: given, requestTimeout = timeoutMs } = options;
    const stop = new AbortController();
    let isLate = false;
    const abort = () => stop.abort();
    const forget = follow(given, abort);
    const timer = setTimeout(() => {
      isLate = true;
      abort();
    }, requestTimeout);
    try {
      // Stops the answer, too, as long as it is coming.
      const { response } = await send(request, { ...options, abortSignal: stop.signal });
      response.body = await readWhole(response.body);
      return { response };
    } catch (error) {
      // By the name that the SDK knows, so that it tries again.
      if (isLate) throw Object.assign(new Error('No whole answer in time', { cause: error }), TIMEOUT);
      if (stop.signal.aborted) throw Object.assign(new Error('Request aborted', { cause: error }), ABORT);
      throw error;
    } finally {
      clearTimeout(timer);
      forget();
    }
  };
}

const TIMEOUT = { name: 'TimeoutError' } as const;
const ABORT = { name: 'AbortError' } as const;

/** Calls `abort` when the caller's signal says so, until the function that is returned is called. */
function follow(signal: HandlerOptions['abortSignal'], abort: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) abort();
  if (signal instanceof AbortSignal) {
    signal.addEventListener('abort', abort);
    return () => signal.removeEventListener('abort', abort);
  }
  // The SDK's own of old, which tells one only.
  signal.onabort = abort;
  return () => {
    signal.onabort = null;
  };
}

/** Leaving the loop destroys the response, and with it its connection. */
async function readWhole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER_BYTES) throw new OversizedAnswerError();
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, size));
}
