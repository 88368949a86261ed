/** Where an error came from. */
interface Origin {
  /** The operation of Cognito. */
  readonly operation: string;
  /** Whether the pool's option `preventUserExistenceErrors` keeps to itself who exists. */
  readonly hidesUsers: boolean;
}

// Kept beside the errors, not in them: they are the SDK's.
const origins = new WeakMap<object, Origin>();

/** Remembers where an error came from. */
export function noteOrigin(error: unknown, origin: Origin): void {
  if (typeof error === 'object' && error !== null) origins.set(error, origin);
}

/** The operation that an error came from; `undefined` when no service threw it. */
export function failedOperation(error: unknown): string | undefined {
  return originOf(error)?.operation;
}

/** Whether an error may tell nobody who exists. An error that no service threw is of no known pool, and may not. */
export function hidesUsers(error: unknown): boolean {
  return originOf(error)?.hidesUsers ?? true;
}

/** What is no object is in no map, and may be asked for all the same. */
function originOf(error: unknown): Origin | undefined {
  return origins.get(error as object);
}
