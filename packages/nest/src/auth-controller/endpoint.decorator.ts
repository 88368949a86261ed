import {
  Body,
  createParamDecorator,
  Delete,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  type PipeTransform,
  Post,
  Put,
  Query,
  SetMetadata,
} from '@nestjs/common';
import type { SessionRequest } from '../cookie-session/csrf.js';
import { Authorize, Public } from '../decorators/authorize.decorator.js';
import { ProblemException } from '../errors/problem.exception.js';
import { PROBLEM_JSON } from '../errors/problem.js';
import { type JsonSchema, PROBLEM_SCHEMA, SWAGGER } from '../openapi/swagger-metadata.js';
import { type BodySchema, type Issue, optional, type Schema } from './schema.js';

/** What can be left out of the controller, each with the routes that belong to it. */
export const AUTH_PARTS = [
  'sign-up',
  'sign-in',
  'session',
  'forgot-password',
  'password',
  'profile',
  'mfa',
  'devices',
  'passkeys',
] as const;

/** A part of the controller: routes that are there together or not at all. */
export type AuthPart = (typeof AUTH_PARTS)[number];

const PART = 'cognest:auth-part';
const NO_BODY_IN_SESSION = 'cognest:no-body-in-session';
const METHODS = { get: Get, post: Post, put: Put, patch: Patch, delete: Delete };

interface EndpointOptions {
  readonly part: AuthPart;
  readonly route: `${keyof typeof METHODS} ${string}`;
  /** `'signed-in'`: the guard asks for an access token. */
  readonly access: 'public' | 'signed-in';
  readonly status: 200 | 202 | 204;
  /** For people, in the OpenAPI document. */
  readonly summary: string;
  readonly body?: BodySchema<unknown>;
  /** With a cookie session there is no body: what it has without one is in the cookies. */
  readonly bodyInSession?: false;
  readonly answer?: JsonSchema;
  /** Members of the query that may be there. */
  readonly query?: Readonly<Record<string, Schema<unknown>>>;
  /** Refusals, by status, that come from what the endpoint does. */
  readonly refusals: Readonly<Record<number, string>>;
}

/** A route of the controller: its path, its policy, and its documentation for `@nestjs/swagger`, in one place. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { part, route, access, status, summary, body, answer, query = {}, refusals } = options;
  const [method, path] = route.split(' ') as [keyof typeof METHODS, string];
  const problems = Object.entries(refusals).map(([code, description]) => [
    code,
    problemResponse(description),
  ]);
  const responses = {
    [status]: { description: summary, ...(answer !== undefined && { schema: answer }) },
    ...Object.fromEntries(problems),
  };
  const parameters = [
    ...(body === undefined ? [] : [{ in: 'body', type: String, required: true, schema: body.json }]),
    ...Object.entries(query).map(([name, { json }]) => ({
      in: 'query',
      name,
      required: false,
      schema: json,
    })),
  ];
  return every(
    METHODS[method](path),
    HttpCode(status),
    // RFC 6749 section 5.1, for whatever holds tokens, and no less for what is said of a person.
    Header('Cache-Control', 'no-store'),
    access === 'public' ? Public() : Authorize(),
    SetMetadata(PART, part),
    SetMetadata(NO_BODY_IN_SESSION, options.bodyInSession === false),
    SetMetadata(SWAGGER.operation, { summary }),
    SetMetadata(SWAGGER.responses, responses),
    ...(parameters.length > 0 ? [SetMetadata(SWAGGER.parameters, parameters)] : []),
  );
}

/** A refusal, in an OpenAPI document. */
export function problemResponse(description: string): object {
  return { description, content: { [PROBLEM_JSON]: { schema: PROBLEM_SCHEMA } } };
}

function every(...decorators: MethodDecorator[]): MethodDecorator {
  return (target, key, descriptor) => {
    for (const decorate of decorators) decorate(target, key, descriptor);
  };
}

/** The part that a handler belongs to; `undefined` for a handler of a subclass's own. */
export function partOf(handler: object): AuthPart | undefined {
  return Reflect.getMetadata(PART, handler) as AuthPart | undefined;
}

/** Whether the body of a handler is only for those who have no cookie session. */
export function hasNoBodyInSession(handler: object): boolean {
  return Reflect.getMetadata(NO_BODY_IN_SESSION, handler) === true;
}

/** The checked body of a request; whatever does not fit is a 400 `request_invalid`. */
export function CheckedBody(schema: BodySchema<unknown>): ParameterDecorator {
  return Body(new BodyPipe(schema));
}

/** A checked part of the path. */
export function CheckedParam(name: string, schema: Schema<unknown>): ParameterDecorator {
  return Param(name, new ValuePipe(name, schema));
}

/** A checked member of the query, or `undefined`. */
export function CheckedQuery(name: string, schema: Schema<unknown>): ParameterDecorator {
  return Query(name, new ValuePipe(name, optional(schema)));
}

/** What a handler may need of the exchange beside the body. */
export interface Exchange {
  readonly request: SessionRequest & { readonly ip?: string | undefined };
  readonly response: unknown;
}

/** The platform's request and response. */
export const HttpExchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest(), response: http.getResponse() };
});

class BodyPipe implements PipeTransform {
  readonly #schema: BodySchema<unknown>;

  constructor(schema: BodySchema<unknown>) {
    this.#schema = schema;
  }

  transform(value: unknown): unknown {
    // A request without a body is one with an empty one: each platform has its own idea of it.
    const result = this.#schema['~standard'].validate(value ?? {});
    if (result.issues === undefined) return result.value;
    throw requestInvalid(result.issues);
  }
}

class ValuePipe implements PipeTransform {
  readonly #name: string;
  readonly #schema: Schema<unknown>;

  constructor(name: string, schema: Schema<unknown>) {
    this.#name = name;
    this.#schema = schema;
  }

  transform(value: unknown): unknown {
    const result = this.#schema.check(value, [this.#name]);
    if ('value' in result) return result.value;
    throw requestInvalid(result.issues);
  }
}

/** @param issues - at least one. */
export function requestInvalid(issues: readonly Issue[]): ProblemException {
  const detail = issues
    .map(
      ({ path, message }) => `${path.length === 0 ? 'The body' : JSON.stringify(path.join('.'))} ${message}`,
    )
    .join('; ');
  return new ProblemException(400, 'request_invalid', `${detail}.`);
}
