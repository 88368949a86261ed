// Kept beside the errors, not in them: they are the SDK's.
const operations = new WeakMap<object, string>();

/** Remembers which operation of Cognito an error came from. */
export function noteOperation(error: unknown, operation: string): void {
  if (typeof error === 'object' && error !== null) operations.set(error, operation);
}

/** The operation that an error came from; `undefined` when no service threw it. */
export function failedOperation(error: object): string | undefined {
  return operations.get(error);
}
