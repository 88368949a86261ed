import { ProblemException } from '../errors/problem.exception.js';

/** @param waitMs - until another try may have more luck; more than 0. */
export function attemptsExceeded(waitMs: number): ProblemException {
  return new ProblemException(429, 'attempts_exceeded', 'Too many attempts: try again later.', {
    headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
  });
}
