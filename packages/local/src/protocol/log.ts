/** Where the server writes. A pino logger is one, and so is `console`. */
export interface Log {
  /** Messages of the outbox, with their codes. */
  info(text: string): void;
  warn(text: string): void;
  /** A bug of the server: an operation failed with something else than a Cognito error. */
  error(text: string): void;
}

/** The default in code: nothing but bugs. */
export const quietLog: Log = {
  info: () => {},
  warn: () => {},
  error: (text) => console.error(text),
};
