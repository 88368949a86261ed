/** Which ids a call was made with that are not those of the options. */
export interface NamedIds {
  readonly pool: boolean;
  readonly client: boolean;
}

/** Where an error came from. */
interface Origin {
  /** The operation of Cognito. */
  readonly operation: string;
  /** Whether the pool's option `preventUserExistenceErrors` keeps to itself who exists. */
  readonly hidesUsers: boolean;
  /** Left out: the call was made with the ids of the options. */
  readonly named?: NamedIds | undefined;
}

// Kept beside the errors, not in them: they are the SDK's.
const origins = new WeakMap<object, Origin>();
const waits = new WeakMap<object, number>();

/** Remembers where an error came from. */
export function noteOrigin(error: unknown, origin: Origin): void {
  if (typeof error === 'object' && error !== null) origins.set(error, origin);
}

/** Remembers how long whoever answered with an error asks to wait, in seconds. */
export function noteWait(error: object, waitS: number): void {
  waits.set(error, waitS);
}

/** The operation that an error came from; `undefined` when no service threw it. */
export function failedOperation(error: unknown): string | undefined {
  return originOf(error)?.operation;
}

/** Whether an error may tell nobody who exists. An error that no service threw is of no known pool, and may not. */
export function hidesUsers(error: unknown): boolean {
  return originOf(error)?.hidesUsers ?? true;
}

/** Which ids the caller named, and not the options. */
export function namedIds(error: unknown): NamedIds {
  return originOf(error)?.named ?? { pool: false, client: false };
}

/** How long whoever answered with an error asks to wait, in seconds. */
export function askedWait(error: unknown): number | undefined {
  return waits.get(error as object);
}

/** What is no object is in no map, and may be asked for all the same. */
function originOf(error: unknown): Origin | undefined {
  return origins.get(error as object);
}
