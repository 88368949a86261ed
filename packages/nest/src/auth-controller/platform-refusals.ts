import { HttpException, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, MetadataScanner, ModuleRef, ModulesContainer } from '@nestjs/core';
import { pathsOf, routingConfig } from '../audit/http-paths.js';
import { ProblemException } from '../errors/problem.exception.js';
import { AUTH_CONTROLLER_OPTIONS, type ResolvedAuthOptions } from './auth-options.js';

type ErrorHandler = (error: unknown, request: PlatformRequest, response: unknown, next: unknown) => unknown;

interface PlatformRequest {
  /** The path and the query, before a router has taken from it: Express. */
  readonly originalUrl?: string | undefined;
  readonly url?: string | undefined;
}

/** What Express's body-parser, Fastify and the routers of both throw, as far as it tells them apart. */
interface PlatformError extends Error {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  /** Fastify's. */
  readonly code?: unknown;
  /** body-parser's: `entity.too.large`. */
  readonly type?: unknown;
}

/** The decorator that says so of the endpoints' own answers is heard only once a handler is reached. */
const NOT_STORED = { 'Cache-Control': 'no-store' };

/**
 * What the platform refuses at the endpoints before any handler is reached (no JSON, too large, another media type), as
 * the same problems that every other refusal is. It is put before Nest's own handler of such errors, so that the filters
 * of the app, and then this package's, have their say as ever.
 */
@Injectable()
export class PlatformRefusals implements OnModuleInit {
  readonly #adapterHost: HttpAdapterHost;
  readonly #modules: ModulesContainer;
  readonly #moduleRef: ModuleRef;
  readonly #options: ResolvedAuthOptions;

  constructor(
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(AUTH_CONTROLLER_OPTIONS) options: ResolvedAuthOptions,
  ) {
    this.#adapterHost = adapterHost;
    this.#modules = modules;
    this.#moduleRef = moduleRef;
    this.#options = options;
  }

  // Nest hands its handler to the adapter right after these hooks.
  onModuleInit(): void {
    const adapter = this.#adapterHost.httpAdapter as
      | { setErrorHandler?: (handler: ErrorHandler, prefix?: string) => unknown }
      | undefined;
    const set = adapter?.setErrorHandler?.bind(adapter);
    if (adapter === undefined || set === undefined) return;
    const endpoints = this.#endpoints();
    adapter.setErrorHandler = (handler, prefix) =>
      // Express tells a handler of errors by its four parameters.
      set((error, request, response, next) => {
        const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
        const known = endpoints.some((endpoint) => endpoint.test(path));
        return handler(known ? (refusalOf(error) ?? error) : error, request, response, next);
      }, prefix);
  }

  /** The paths of the controller, whatever prefixes the app puts before them. */
  #endpoints(): RegExp[] {
    const config = routingConfig(this.#moduleRef, this.#modules);
    const here = [...this.#modules.values()].find(
      ({ providers }) => providers.get(AUTH_CONTROLLER_OPTIONS)?.instance === this.#options,
    );
    const classes = [...(here?.controllers.values() ?? [])].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? [metatype] : [],
    );
    return classes.flatMap((cls) =>
      new MetadataScanner().getAllMethodNames(cls.prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(cls.prototype, name);
        const method: unknown =
          typeof handler === 'function' ? Reflect.getMetadata('method', handler) : undefined;
        if (typeof handler !== 'function' || typeof method !== 'number') return [];
        return pathsOf(handler, cls, here?.metatype, method, config).map(pattern);
      }),
    );
  }
}

/** A path with its parameters, as Express matches it: small letters are capital ones, and a slash may follow. */
function pattern(path: string): RegExp {
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${literal}/?$`, 'i');
}

/** The refusal of a body that is not JSON, or is not encoded as it may be. */
export function mediaTypeUnsupported(cause?: unknown): ProblemException {
  return new ProblemException(
    415,
    'media_type_unsupported',
    'The body must be JSON in UTF-8, and not compressed otherwise than by gzip: "Content-Type: application/json".',
    { cause, headers: NOT_STORED },
  );
}

/** The problem that an error of the platform's is; `undefined` for what is none, as an error of the app's middleware. */
function refusalOf(error: unknown): ProblemException | undefined {
  if (!(error instanceof Error) || error instanceof HttpException) return undefined;
  const { status, statusCode = status, code, type } = error as PlatformError;
  const ofPlatform =
    error instanceof SyntaxError ||
    error instanceof URIError ||
    typeof type === 'string' ||
    (typeof code === 'string' && code.startsWith('FST_ERR_CTP_'));
  if (!ofPlatform) return undefined;
  const problem = (to: number, literal: string, detail: string) =>
    new ProblemException(to, literal, detail, { cause: error, headers: NOT_STORED });
  // None of the messages is passed on: they quote the request.
  if (statusCode === 413) return problem(413, 'request_too_large', 'The body is larger than this app takes.');
  if (statusCode === 415) return mediaTypeUnsupported(error);
  if (statusCode !== 400) return undefined;
  if (error instanceof URIError) return problem(400, 'request_invalid', 'The path cannot be decoded.');
  return problem(
    400,
    'request_invalid',
    'The body is not the JSON that it is said to be. An endpoint without a body takes {}, or no Content-Type.',
  );
}
