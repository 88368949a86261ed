import { randomUUID } from 'node:crypto';
import { types } from 'node:util';
import type { TriggerCallback, TriggerContext } from './trigger-options.js';

/** The function itself said no. */
export class FunctionError extends Error {}

/** What came back is not JSON, or too long. The message is for the caller of the operation. */
export class OutputError extends Error {}

/** Nothing came back that was meant for us: too late, not there, or elsewhere. Another try may do better. */
export class Unreachable extends Error {}

export type Target = ((event: never, context: TriggerContext, callback: TriggerCallback) => unknown) | string;

/** The largest answer that is read. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Calls the function once, with a copy of the event: what it keeps or changes later is its own.
 *
 * @param name Of the trigger, or the ARN that it is configured with.
 * @returns what it answered, as JSON carries it.
 * @throws FunctionError, OutputError, Unreachable
 */
export function invokeOnce(target: Target, event: object, name: string, timeoutMs: number): Promise<unknown> {
  return typeof target === 'string' ? post(target, event, timeoutMs) : call(target, event, name, timeoutMs);
}

async function call(
  target: Exclude<Target, string>,
  event: object,
  name: string,
  timeoutMs: number,
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timedOut()), timeoutMs);
  });
  try {
    const answer = await Promise.race([
      run(target, event, name, timeoutMs).catch((error: unknown) => {
        throw new FunctionError(messageOf(error), { cause: error });
      }),
      late,
    ]);
    return throughJson(answer);
  } finally {
    clearTimeout(timer);
  }
}

/** As Lambda's runtime reads it: what is thrown and is no error, an object for one, loses all that it says. */
function messageOf(error: unknown): string {
  try {
    const message: unknown =
      types.isNativeError(error) || error instanceof Error ? error.message : String(error);
    if (typeof message === 'string') return message;
  } catch {
    // What is thrown may be anything, and refuse to say what it is.
  }
  return 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';
}

/** A function that takes a callback and promises nothing is done when it calls that. */
async function run(
  target: Exclude<Target, string>,
  event: object,
  name: string,
  timeoutMs: number,
): Promise<unknown> {
  // On a stack of its own: a function may set itself off.
  await undefined;
  return new Promise((resolve, reject) => {
    const callback: TriggerCallback = (error, result) =>
      error === undefined || error === null ? resolve(result) : reject(error);
    const context = contextOf(name, timeoutMs, callback);
    const answer = target(structuredClone(event) as never, context, callback);
    if (answer !== undefined || target.length < 3) resolve(answer);
  });
}

function contextOf(name: string, timeoutMs: number, callback: TriggerCallback): TriggerContext {
  const deadline = performance.now() + timeoutMs;
  const functionName = name.slice(name.lastIndexOf(':') + 1);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: name,
    memoryLimitInMB: '128',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.ceil(deadline - performance.now())),
    done: callback,
    // Which has failed, whatever it was given.
    fail: (error) => callback(error ?? 'handled'),
    succeed: (result) => callback(null, result),
  };
}

/** What is no JSON gets lost on Lambda's way, too. */
function throughJson(answer: unknown): unknown {
  try {
    const text = JSON.stringify(answer);
    return text === undefined ? null : JSON.parse(text);
  } catch (cause) {
    throw new OutputError('Invalid JSON', { cause });
  }
}

/**
 * The answer is the changed event; an error is Lambda's own form of it, `{"errorMessage": …}`, with any
 * status, so that Lambda's runtime interface emulator can be the endpoint.
 */
async function post(url: string, event: object, timeoutMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  let status: number;
  let text: string;
  try {
    // Only the address that was given is called: none that it points to.
    const body = JSON.stringify(event);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    status = response.status;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      throw new Unreachable(
        `${shown(url)} redirects (status ${status}), which is not followed: give the address that it leads to`,
      );
    }
    text = await readBounded(response);
  } catch (cause) {
    if (cause instanceof OutputError || cause instanceof Unreachable) throw cause;
    if (signal.aborted) throw timedOut();
    throw new Unreachable(`${shown(url)} cannot be reached${reasonOf(cause)}`, { cause });
  }
  const answer = parse(text);
  const error = errorMessage(answer);
  if (error !== undefined) throw new FunctionError(error);
  if (status < 200 || status > 299) throw new Unreachable(`${shown(url)} answered with status ${status}`);
  if (answer === undefined) throw new OutputError('Invalid JSON');
  return answer;
}

/** The caller need not see what a query holds. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new OutputError(`more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorMessage(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || 'response' in answer) return undefined;
  return 'errorMessage' in answer && typeof answer.errorMessage === 'string'
    ? answer.errorMessage
    : undefined;
}

function timedOut(): Unreachable {
  return new Unreachable('Socket timeout while invoking Lambda function');
}
