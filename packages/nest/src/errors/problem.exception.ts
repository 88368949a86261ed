import { HttpException } from '@nestjs/common';
import { type Problem, problem } from './problem.js';

/** An error that is answered as it says: a problem of RFC 9457 with a literal `code`. */
export class ProblemException extends HttpException {
  readonly code: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param code - for programs.
   * @param detail - for people; safe to send.
   */
  constructor(
    status: number,
    code: string,
    detail: string,
    options: { cause?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(problem(status, code, detail), status, { cause: options.cause });
    this.message = detail;
    this.code = code;
    this.#headers = options.headers ?? {};
  }

  override getResponse(): Problem {
    return super.getResponse() as Problem;
  }

  /** The headers that belong to the answer. */
  getHeaders(): Record<string, string> {
    return { ...this.#headers };
  }
}
