import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { stateOf } from '../guard/request-state.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { CognestError } from './cognest-error.js';
import type { CognitoErrorMapping } from './cognito-error-table.js';
import { failedOperation } from './failed-operation.js';
import { ProblemException } from './problem.exception.js';
import { PROBLEM_JSON, type Problem, problem } from './problem.js';

type Handled = ProblemException | CognitoIdentityProviderServiceException | CognestError;

/** An error as it goes over HTTP. */
export interface HttpAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers the guard's refusals, Cognito's exceptions and this package's errors as problems (RFC 9457); nothing else,
 * so that the app's own filters go on working. Registered for the whole app by the module.
 */
@Injectable()
@Catch(ProblemException, CognitoIdentityProviderServiceException, CognestError)
export class CognitoExceptionFilter implements ExceptionFilter<Handled> {
  readonly #errors: ResolvedCognitoOptions['errors'];
  readonly #adapterHost: HttpAdapterHost;
  readonly #logger = new Logger(CognitoExceptionFilter.name);

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#errors = options.errors;
    this.#adapterHost = adapterHost;
  }

  catch(exception: Handled, host: ArgumentsHost): void {
    // Other transports come with their own exceptions; this one is not theirs to see changed.
    if (host.getType() !== 'http') throw exception;
    const http = host.switchToHttp();
    const request = http.getRequest<object>();
    const response: unknown = http.getResponse();
    const { httpAdapter } = this.#adapterHost;
    const answer = this.answer(exception, stateOf(request)?.decision?.admitted === true);
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_JSON);
    for (const [name, value] of Object.entries(answer.headers)) httpAdapter.setHeader(response, name, value);
    // As text: Nest 11 takes an object for JSON of another media type, and warns.
    httpAdapter.reply(response, JSON.stringify(answer.problem), answer.problem.status);
  }

  /** @param authenticated - whether the request carries a valid token; without one, no answer tells on users. */
  protected answer(exception: Handled, authenticated: boolean): HttpAnswer {
    if (exception instanceof ProblemException) {
      return { problem: exception.getResponse(), headers: exception.getHeaders() };
    }
    const mapping = this.#mappingFor(exception, authenticated);
    if (mapping.status >= 500) this.#log(exception);
    const detail = mapping.detail ?? exception.message;
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

  #mappingFor(exception: Exclude<Handled, ProblemException>, authenticated: boolean): CognitoErrorMapping {
    const keys = exception instanceof CognestError ? [exception.code] : keysFor(exception);
    const mapping = this.#entry(...keys);
    return authenticated || mapping.unauthenticated === undefined
      ? mapping
      : this.#entry(mapping.unauthenticated);
  }

  #entry(...keys: string[]): CognitoErrorMapping {
    const key = keys.find((candidate) => Object.hasOwn(this.#errors, candidate)) ?? 'UnknownException';
    return this.#errors[key] as CognitoErrorMapping;
  }

  #log(exception: Exclude<Handled, ProblemException>): void {
    if (exception instanceof CognestError) {
      this.#logger.error(exception.message, exception.stack);
      return;
    }
    // Cognito's message may quote the input, so it stays out of the log.
    const operation = failedOperation(exception) ?? 'an operation';
    const requestId = exception.$metadata.requestId ?? 'unknown';
    this.#logger.error(`${exception.name} from ${operation}, request ${requestId}`);
  }
}

/** The keys under which an exception may stand in the table, the most telling first. */
function keysFor(exception: CognitoIdentityProviderServiceException): string[] {
  const { name, message } = exception;
  // Cognito tells these apart by nothing but their text.
  if (name === 'NotAuthorizedException' && /access token/i.test(message)) return ['InvalidAccessToken'];
  if (name === 'ResourceNotFoundException' && /^User pool /i.test(message)) return ['Misconfigured'];
  if (
    name === 'InvalidParameterException' &&
    /enabled for th(is|e) client|method not supported/i.test(message)
  ) {
    return ['Misconfigured'];
  }
  const operation = failedOperation(exception);
  return operation === undefined ? [name] : [`${operation}:${name}`, name];
}
