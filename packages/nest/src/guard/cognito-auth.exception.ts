import { HttpException } from '@nestjs/common';
import { type Problem, problem } from '../errors/problem.js';
import type { Refusal, RefusalCode } from './refusal.js';

/** What the guard throws on HTTP. Its response is a problem of RFC 9457. */
export class CognitoAuthException extends HttpException {
  readonly code: RefusalCode;
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(problem(refusal.status, refusal.code, refusal.detail), refusal.status, { cause: refusal.cause });
    this.message = refusal.detail;
    this.code = refusal.code;
    this.refusal = refusal;
  }

  override getResponse(): Problem {
    return super.getResponse() as Problem;
  }

  /** The headers that belong to the answer: `WWW-Authenticate` and `Retry-After`. */
  getHeaders(): Record<string, string> {
    const { challenge, retryAfterS } = this.refusal;
    return {
      ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
      ...(retryAfterS !== undefined && { 'Retry-After': String(retryAfterS) }),
    };
  }
}
