/**
 * An error as Cognito answers it: the bare name of the exception's shape and AWS's own message.
 * Operations throw nothing else on purpose; whatever else escapes one is a bug and answers
 * `InternalErrorException`.
 */
export class CognitoServiceError extends Error {
  /** The exception's shape name, `__type` on the wire, e.g. `UserNotFoundException`. */
  readonly type: string;

  /** @param message AWS's text, or `undefined` where AWS answers with `__type` alone. */
  constructor(type: string, message?: string) {
    super(message ?? '');
    this.name = 'CognitoServiceError';
    this.type = type;
  }
}
