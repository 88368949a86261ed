import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { whereThrown } from '../errors/bounded-log.js';
import { CognestError, type CognestErrorCode } from '../errors/cognest-error.js';
import { noteWait } from '../errors/failed-operation.js';
import { wireText } from '../errors/wire-text.js';
import { OversizedAnswerError } from '../pools/bound-answers.js';

/** What is known of a call that failed. */
interface Call {
  readonly operation: string;
  /** Whether it did not come as far as being sent: the SDK signs a call, and looks for credentials, before. */
  readonly isUnsent: boolean;
}

/** Of a connection, though some of them have the name of a time-out: the SDK gives it to a connection that was reset. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'UND_ERR_SOCKET',
]);

/**
 * What a failed call is to the caller: an exception of Cognito's as it came, and a {@link CognestError} for whatever else
 * the SDK rejects with, known or not.
 */
export function translateFault(
  error: unknown,
  call: Call,
): CognestError | CognitoIdentityProviderServiceException {
  if (error instanceof CognestError) return error;
  const answer = answerBehind(error);
  const translated =
    error instanceof CognitoIdentityProviderServiceException && !isRedirect(answer)
      ? withWireNames(error)
      : faultOf(error, call, answer);
  const waitS = waitIn(answer);
  if (waitS !== undefined) noteWait(translated, waitS);
  return translated;
}

function faultOf(
  error: unknown,
  { operation, isUnsent }: Call,
  answer: Answer | undefined,
): CognestError | CognitoIdentityProviderServiceException {
  const fault = (code: CognestErrorCode, message: string) =>
    new CognestError(code, message, { cause: bare(error, answer) });
  const notCognitos = `The answer to ${operation} is not Cognito's`;
  if (error instanceof OversizedAnswerError)
    return fault('cognito_response_invalid', `${notCognitos}: ${error.message}`);
  if (isUnsent) return unsigned(error, operation);
  if (answer !== undefined) return faultOfAnswer(answer, operation, fault);
  const { name, code } = namesOf(error);
  if (NETWORK_CODES.has(code)) return fault('cognito_unreachable', noConnection(operation, code));
  if (name === 'TimeoutError' || name === 'AbortError' || /TIME(D?OUT)|ABORT/.test(code)) {
    return fault('cognito_timeout', `Cognito did not answer ${operation} in time`);
  }
  if (name === 'CredentialsProviderError') return unsigned(error, operation);
  // Node's parser of HTTP, and a text that is no JSON.
  if (code.startsWith('HPE_')) return fault('cognito_response_invalid', `${notCognitos}: no HTTP (${code})`);
  if (error instanceof SyntaxError) return fault('cognito_response_invalid', notCognitos);
  return fault('cognito_unreachable', noConnection(operation, code || name));
}

function noConnection(operation: string, why: string): string {
  return `No connection to Cognito for ${operation}: ${why}`;
}

/** The cause is the app's own, or that of the SDK's provider chain. */
function unsigned(cause: unknown, operation: string): CognestError {
  const { name } = namesOf(cause);
  const message =
    name === 'CredentialsProviderError'
      ? `No AWS credentials for ${operation}: the SDK's provider chain (environment, profile, role) has none`
      : `${operation} was not sent: the AWS SDK got no credentials to sign it with, or could not write it (${name}); ` +
        'look at the option "client.credentials"';
  return new CognestError('credentials_unavailable', message, { cause });
}

/** As much of an answer as is needed here. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The SDK attaches the response to an error that it made of one. */
function answerBehind(error: unknown): Answer | undefined {
  if (typeof error !== 'object' || error === null || !('$response' in error)) return undefined;
  const { statusCode, headers } = (error.$response ?? {}) as Partial<Answer>;
  return { statusCode: statusCode ?? 0, headers: headers ?? {} };
}

function isRedirect(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.statusCode >= 300 && answer.statusCode < 400;
}

/** What cannot be read as Cognito's: a page of a proxy's, or of AWS's own front, whose status says what it is about. */
function faultOfAnswer(
  answer: Answer,
  operation: string,
  fault: (code: CognestErrorCode, message: string) => CognestError,
): CognestError | CognitoIdentityProviderServiceException {
  const { statusCode } = answer;
  if (isRedirect(answer)) {
    return fault(
      'cognito_response_invalid',
      `The answer to ${operation} is not Cognito's: the endpoint redirects (HTTP status ${statusCode}), which the SDK ` +
        'does not follow; look at the option "endpoint"',
    );
  }
  if (statusCode === 413 || statusCode === 429) {
    // As the SDK has it where such an answer has no body.
    return new CognitoIdentityProviderServiceException({
      name: 'Unknown',
      message: 'UnknownError',
      $fault: 'client',
      $metadata: { httpStatusCode: statusCode },
    });
  }
  if (statusCode === 503) {
    return fault('cognito_unreachable', noConnection(operation, 'what stands before it answers 503'));
  }
  return fault(
    'cognito_response_invalid',
    `The answer to ${operation} is not Cognito's (HTTP status ${statusCode})`,
  );
}

/** The longest wait that is handed on, in seconds. */
const LONGEST_WAIT_S = 3_600;

/** How long the answer asks to wait, in seconds (RFC 9110 section 10.2.3, in the form that is a number). */
function waitIn(answer: Answer | undefined): number | undefined {
  const given = answer?.headers['retry-after'];
  return given !== undefined && /^\d{1,9}$/.test(given) ? Math.min(Number(given), LONGEST_WAIT_S) : undefined;
}

/** An exception as it came; one whose names are none of Cognito's could write a line of the app's own logs. */
function withWireNames(
  exception: CognitoIdentityProviderServiceException,
): CognitoIdentityProviderServiceException {
  for (const member of ['name', '__type'] as const) {
    const given: unknown = Reflect.get(exception, member);
    if (given !== undefined && wireText(given) !== given) Reflect.set(exception, member, wireText(given));
  }
  return exception;
}

function namesOf(error: unknown): { readonly name: string; readonly code: string } {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return {
    name: error instanceof Error ? wireText(name) : `a ${typeof error}`,
    code: typeof code === 'string' ? wireText(code) : '',
  };
}

/**
 * The cause, for people, and nothing that is attached to it: an error of Node's or of the SDK's may carry what came over
 * the wire, and with it tokens, into the app's log.
 */
function bare(error: unknown, answer: Answer | undefined): Error {
  const { name, code } = namesOf(error);
  const isQuoting = answer !== undefined || error instanceof SyntaxError || !(error instanceof Error);
  const cause = new Error(isQuoting ? 'The answer cannot be read' : wireText(error.message, 300));
  cause.name = name;
  cause.stack = [`${name}: ${cause.message}`, whereThrown(error).stack ?? ''].join('\n').trimEnd();
  return code === '' ? cause : Object.assign(cause, { code });
}
