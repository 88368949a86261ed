import { STATUS_CODES } from 'node:http';

/** The body of an error (RFC 9457), sent as `application/problem+json`. */
export interface Problem {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** What went wrong, as a stable literal for programs. */
  readonly code: string;
  /** What went wrong, for people. */
  readonly detail: string;
}

export const PROBLEM_JSON = 'application/problem+json';

export function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
}
