import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';

import { stateOf } from '../guard/request-state.js';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { keeperOfMessage } from '../transports/rpc.transport.js';
import { CognestError } from './cognest-error.js';
import { failedOperation } from './failed-operation.js';
import { type HttpAnswer, httpAnswer, suspectedOption } from './http-answer.js';
import { ProblemException } from './problem.exception.js';
import { PROBLEM_JSON } from './problem.js';

type Handled = ProblemException | CognitoIdentityProviderServiceException | CognestError;

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

  catch(exception: Handled, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() === 'rpc') return this.#answerMessage(exception, host);
    // Other transports come with their own exceptions; this one is not theirs to see changed.
    if (host.getType() !== 'http') throw exception;
    const http = host.switchToHttp();
    const request = http.getRequest<object>();
    const response: unknown = http.getResponse();
    const { httpAdapter } = this.#adapterHost;
    const answer = this.answer(exception, stateOf(request)?.decision?.admitted === true);
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return undefined;
    }
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_JSON);
    for (const [name, value] of Object.entries(answer.headers)) httpAdapter.setHeader(response, name, value);
    // As text: Nest 11 takes an object for JSON of another media type, and warns.
    httpAdapter.reply(response, JSON.stringify(answer.problem), answer.problem.status);
    return undefined;
  }

  /** A microservice answers with what its filter's observable throws. One that throws itself answers nothing. */
  #answerMessage(exception: Handled, host: ArgumentsHost): Observable<never> {
    const authenticated = stateOf(keeperOfMessage(host))?.decision?.admitted === true;
    const { status: statusCode, code, detail } = this.answer(exception, authenticated).problem;
    return throwError(() => ({ status: 'error', statusCode, code, message: detail }));
  }

  /** @param authenticated - whether the request carries a valid token; without one, no answer tells on users. */
  protected answer(exception: Handled, authenticated: boolean): HttpAnswer {
    if (exception instanceof ProblemException) {
      return { problem: exception.getResponse(), headers: exception.getHeaders() };
    }
    const answer = httpAnswer(exception, this.#errors, authenticated);
    if (answer.problem.status >= 500) this.#log(exception);
    return answer;
  }

  #log(exception: Exclude<Handled, ProblemException>): void {
    if (exception instanceof CognestError) {
      this.#logger.error(exception.message, exception.stack);
      return;
    }
    // Cognito's message may quote the input, so it stays out of the log.
    const operation = failedOperation(exception) ?? 'an operation';
    const requestId = exception.$metadata.requestId ?? 'unknown';
    const option = suspectedOption(exception);
    const hint = option === undefined ? '' : `: look at the option ${option}`;
    this.#logger.error(`${exception.name} from ${operation}, request ${requestId}${hint}`);
  }
}
