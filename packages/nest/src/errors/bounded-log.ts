import { Logger } from '@nestjs/common';
import { wireText } from './wire-text.js';

/** How often one subject is logged at most. */
const INTERVAL_MS = 10_000;
/** How many subjects are told apart at a time; all others are one. */
const MAX_SUBJECTS = 100;
const OTHERS = '';

interface Said {
  readonly atMs: number;
  /** How many lines have been left out since. */
  readonly unsaid: number;
}

/** Logs what a stranger can bring about as often as they like: a line about each subject in 10 seconds, and no more. */
export class BoundedLog {
  readonly #logger: Logger;
  // In the order in which they were said.
  readonly #said = new Map<string, Said>();

  constructor(context: string) {
    this.#logger = new Logger(context);
  }

  /**
   * @param subject - what the line is about, with nothing in it that a client can choose.
   * @param stack - Nest prints it below the message.
   */
  error(subject: string, message: string, stack?: string): void {
    const left = this.#turn(subject);
    if (left !== undefined) this.#logger.error(message + left, ...(stack === undefined ? [] : [stack]));
  }

  /** @param subject - what the line is about, with nothing in it that a client can choose. */
  warn(subject: string, message: string): void {
    const left = this.#turn(subject);
    if (left !== undefined) this.#logger.warn(message + left);
  }

  /** @param subject - what the line is about, with nothing in it that a client can choose. */
  debug(subject: string, message: string): void {
    const left = this.#turn(subject);
    if (left !== undefined) this.#logger.debug(message + left);
  }

  /** How many lines about it were left out, in words, where it is its turn. */
  #turn(about: string): string | undefined {
    const nowMs = performance.now();
    const subject = this.#said.has(about) || this.#hasRoom(nowMs) ? about : OTHERS;
    const last = this.#said.get(subject);
    if (last !== undefined && nowMs - last.atMs < INTERVAL_MS) {
      this.#said.set(subject, { ...last, unsaid: last.unsaid + 1 });
      return undefined;
    }
    this.#said.delete(subject);
    this.#said.set(subject, { atMs: nowMs, unsaid: 0 });
    return last === undefined || last.unsaid === 0
      ? ''
      : ` (and ${last.unsaid} more times since the last line)`;
  }

  #hasRoom(nowMs: number): boolean {
    for (const [subject, { atMs }] of this.#said) {
      if (this.#said.size < MAX_SUBJECTS || nowMs - atMs < INTERVAL_MS) break;
      this.#said.delete(subject);
    }
    return this.#said.size < MAX_SUBJECTS;
  }
}

/** Where something was thrown. Its message may quote what a client sent, a token even. */
export function whereThrown(error: unknown): { readonly name: string; readonly stack: string | undefined } {
  if (!(error instanceof Error)) return { name: `a ${typeof error}`, stack: undefined };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: wireText(error.name), stack: frames.join('\n') || undefined };
}
