import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Observable } from 'rxjs';
import type { ResolvedCognitoOptions } from '../options/cognito-options.js';
import { RESOLVED_OPTIONS } from '../tokens.js';
import { GraphqlFailure, GraphqlRefusal } from '../transports/graphql.transport.js';
import { failedOverRpc } from '../transports/rpc.transport.js';
import { type Failure, failureBody } from '../transports/transport.js';
import { transportOf } from '../transports/transports.js';
import { BoundedLog } from './bounded-log.js';
import { CognestError } from './cognest-error.js';
import { failedOperation } from './failed-operation.js';
import { type HttpAnswer, httpAnswer, suspectedOption } from './http-answer.js';
import { ProblemException } from './problem.exception.js';
import { PROBLEM_JSON } from './problem.js';
import { wireText } from './wire-text.js';

type Handled = ProblemException | CognitoIdentityProviderServiceException | CognestError;

const HANDLED = [ProblemException, CognitoIdentityProviderServiceException, CognestError] as const;

/** Whether an error is one of those that {@link CognitoExceptionFilter} answers. */
export function isHandled(error: unknown): error is Handled {
  return HANDLED.some((kind) => error instanceof kind);
}

/**
 * Answers the guard's refusals, Cognito's exceptions and this package's errors; nothing else, so that the app's own
 * filters go on working. Over HTTP as problems (RFC 9457); elsewhere with the same status, code and detail, as the
 * transport knows errors. Registered for the whole app by the module, and for gateways, which no global filter reaches.
 */
@Injectable()
@Catch(...HANDLED)
export class CognitoExceptionFilter implements ExceptionFilter<Handled> {
  readonly #errors: ResolvedCognitoOptions['errors'];
  readonly #adapterHost: HttpAdapterHost;
  readonly #log = new BoundedLog(CognitoExceptionFilter.name);

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedCognitoOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#errors = options.errors;
    this.#adapterHost = adapterHost;
  }

  catch(exception: Handled, host: ArgumentsHost): Observable<never> | Promise<void> | undefined {
    const transport = transportOf(host.getType());
    // A transport that is not known has exceptions of its own; this one is not for it to see changed. And what GraphQL
    // is to be told of a refusal, the guard has said.
    if (transport === undefined || exception instanceof GraphqlRefusal) throw exception;
    const answer = this.answer(exception, transport.isAuthenticated(host));
    switch (transport.type) {
      case 'http':
        this.#respond(answer, host);
        return undefined;
      case 'graphql':
        throw new GraphqlFailure(failureOf(answer));
      case 'ws':
        return emitFailure(failureOf(answer), host);
      default:
        // A microservice answers with what its filter's observable throws. One that throws itself answers nothing.
        return failedOverRpc(failureOf(answer), host);
    }
  }

  #respond({ problem, headers }: HttpAnswer, host: ArgumentsHost): void {
    const response: unknown = host.switchToHttp().getResponse();
    const { httpAdapter } = this.#adapterHost;
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_JSON);
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    // As text: Nest 11 takes an object for JSON of another media type, and warns.
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }

  /** @param authenticated - whether the request carries a valid token; without one, no answer tells on users. */
  protected answer(exception: Handled, authenticated: boolean): HttpAnswer {
    if (exception instanceof ProblemException) {
      return { problem: exception.getResponse(), headers: exception.getHeaders() };
    }
    const answer = httpAnswer(exception, this.#errors, authenticated);
    if (answer.problem.status >= 500) this.#report(exception);
    return answer;
  }

  #report(exception: Exclude<Handled, ProblemException>): void {
    if (exception instanceof CognestError) {
      this.#log.error(exception.message, exception.message, exception.stack);
      return;
    }
    // Cognito's message may quote the input, so it stays out of the log.
    const operation = failedOperation(exception) ?? 'an operation';
    const name = wireText(exception.name);
    const requestId = wireText(exception.$metadata?.requestId ?? 'unknown');
    const option = suspectedOption(exception);
    const hint = option === undefined ? '' : `: look at the option ${option}`;
    this.#log.error(`${name} ${operation}`, `${name} from ${operation}, request ${requestId}${hint}`);
  }
}

function failureOf({ problem, headers }: HttpAnswer): Failure {
  const retryAfterS = Number(headers['Retry-After']);
  return { ...problem, ...(Number.isInteger(retryAfterS) && { retryAfterS }) };
}

/** What Nest does with a `WsException`. */
async function emitFailure(failure: Failure, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter, WsException } = await import('@nestjs/websockets');
  new BaseWsExceptionFilter().catch(new WsException(failureBody(failure)), host);
}
