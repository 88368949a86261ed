import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { CognestError } from './cognest-error.js';
import { type CognitoErrorMapping, cognitoErrorTable } from './cognito-error-table.js';
import { askedWait, failedOperation, hidesUsers, namedIds } from './failed-operation.js';
import { type Problem, problem } from './problem.js';

/** An error as it goes over HTTP. */
export interface HttpAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What an error of Cognito's or of this package becomes over HTTP. It throws nothing: whatever else was thrown, be it no
 * error at all, is answered by the entry `UnknownException`, which is a 500.
 *
 * @param table - the module's, with what the app has replaced. One without `UnknownException` has that of
 *   {@link cognitoErrorTable}.
 * @param authenticated - whether the request carries a valid token. Without one, no answer tells who exists, unless the
 *   pool's `preventUserExistenceErrors` is `'LEGACY'`.
 */
export function httpAnswer(
  exception: unknown,
  table: Readonly<Record<string, CognitoErrorMapping>>,
  authenticated: boolean,
): HttpAnswer {
  try {
    const mapping = mappingFor(exception, table, authenticated);
    return answer(mapping, mapping.detail ?? String((exception as Error).message));
  } catch {
    // What was thrown cannot even be looked at: nothing, a revoked proxy, a getter that throws.
    const { UnknownException } = cognitoErrorTable;
    return answer(UnknownException, UnknownException.detail);
  }
}

function answer(mapping: CognitoErrorMapping, detail: string): HttpAnswer {
  return {
    problem: problem(mapping.status, mapping.code, detail),
    headers: {
      // RFC 9110 section 15.5.2: every 401 carries a challenge.
      ...(mapping.status === 401 && {
        'WWW-Authenticate': mapping.code === 'token_invalid' ? 'Bearer error="invalid_token"' : 'Bearer',
      }),
      ...(mapping.retryAfterS !== undefined && { 'Retry-After': String(mapping.retryAfterS) }),
    },
  };
}

/**
 * The `code` that an error has for a stranger to whom nothing is told of who exists, by the table as this package has it,
 * whatever the pool and the app say.
 */
export function codeForStrangers(exception: CognitoIdentityProviderServiceException): string {
  return mappingFor(exception, cognitoErrorTable, false, true).code;
}

function mappingFor(
  exception: unknown,
  table: Readonly<Record<string, CognitoErrorMapping>>,
  authenticated: boolean,
  hides = hidesUsers(exception),
): CognitoErrorMapping {
  const entry = (keys: readonly string[]): CognitoErrorMapping => {
    const key = [...keys, 'UnknownException'].find((known) => Object.hasOwn(table, known));
    return (key === undefined ? undefined : table[key]) ?? cognitoErrorTable.UnknownException;
  };
  const mapping = entry(exception instanceof CognestError ? [exception.code] : keysFor(exception));
  const told =
    authenticated || mapping.unauthenticated === undefined || !hides
      ? mapping
      : entry([mapping.unauthenticated]);
  const waitS = askedWait(exception);
  return waitS === undefined || told.retryAfterS === undefined ? told : { ...told, retryAfterS: waitS };
}

/** The keys under which an exception may stand in the table, the most telling first. */
function keysFor(given: unknown): string[] {
  // Only errors have names that the table can mean.
  if (!(given instanceof Error)) return [];
  const exception = given as Error & Partial<CognitoIdentityProviderServiceException>;
  const { name, message } = exception;
  // Cognito tells these apart by nothing but their text.
  if (name === 'NotAuthorizedException' && /access token/i.test(message)) return ['InvalidAccessToken'];
  if (suspectedOption(exception) !== undefined) return ['Misconfigured'];
  const operation = failedOperation(exception);
  const keys = operation === undefined ? [name] : [`${operation}:${name}`, name];
  // What AWS's front says has names of its own.
  if (THROTTLED.has(name)) return [...keys, 'TooManyRequestsException'];
  // Whoever calls this may hand in another error.
  if (exception.$metadata?.httpStatusCode === 413) return [...keys, 'RequestEntityTooLargeException'];
  if (exception.$metadata?.httpStatusCode === 429) return [...keys, 'TooManyRequestsException'];
  if (exception.$metadata?.httpStatusCode === 503) return [...keys, 'cognito_unreachable'];
  if (exception.$fault === 'server') return [...keys, 'InternalErrorException'];
  return keys;
}

/**
 * Which option of the module an exception makes one look at, in words of ours: Cognito's text may quote the input.
 * `undefined` where none is to blame.
 */
export function suspectedOption(exception: Error): string | undefined {
  const { name, message } = exception;
  // What a caller has named, no option is to blame for.
  const named = namedIds(exception);
  if (name === 'NotAuthorizedException' && /secret/i.test(message) && !/access token/i.test(message)) {
    return '"clientSecret", which is not that of the app client';
  }
  if (name === 'ResourceNotFoundException' && /^User pool client /i.test(message)) {
    if (named.client || named.pool) return undefined;
    return '"clientId", which the user pool does not have';
  }
  if (name === 'ResourceNotFoundException' && /^User pool /i.test(message)) {
    if (named.pool) return undefined;
    return '"userPoolId", which does not exist here; then at "region" and "endpoint"';
  }
  if (
    name === 'InvalidParameterException' &&
    /enabled for th(is|e) client|method not supported/i.test(message)
  ) {
    return '"authFlow", and at the flows that the app client allows (ExplicitAuthFlows)';
  }
  return undefined;
}

const THROTTLED: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
]);
