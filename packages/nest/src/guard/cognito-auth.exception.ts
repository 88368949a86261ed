import { ProblemException } from '../errors/problem.exception.js';
import type { Refusal, RefusalCode } from './refusal.js';

/** What the guard throws on HTTP. Its response is a problem of RFC 9457. */
export class CognitoAuthException extends ProblemException {
  declare readonly code: RefusalCode;
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    const { status, code, detail, cause, challenge, retryAfterS } = refusal;
    super(status, code, detail, {
      cause,
      headers: {
        ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
        ...(retryAfterS !== undefined && { 'Retry-After': String(retryAfterS) }),
      },
    });
    this.refusal = refusal;
  }
}
