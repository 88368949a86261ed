import {
  type CallHandler,
  Catch,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA, INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { map, type Observable } from 'rxjs';
import { CognitoExceptionFilter, isHandled } from '../errors/cognito-exception.filter.js';
import { isGateway } from '../handlers/handler-kinds.js';
import { type HandlerClass, HandlerWalk } from '../handlers/handler-walk.js';
import { LazyModules } from '../handlers/lazy-modules.js';
import { isSubscription } from './graphql-fields.js';

/** Thrown nowhere: an app without this module that uses the same class has a filter of nothing. */
class Nothing {}

/**
 * What stands in the metadata of a gateway's class: a name for which each app's container holds its own
 * {@link CognitoExceptionFilter}.
 */
@Injectable()
@Catch(Nothing)
class AnsweredByCognito {
  catch(exception: unknown): never {
    throw exception;
  }
}

/** The same for a subscription's method: a name for each app's {@link AnsweredStreams}. */
@Injectable()
class StreamAnsweredByCognito implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

/** Gives to the exception filter what a subscription's stream fails with. Nest is done with the call by then. */
class AnsweredStreams implements NestInterceptor {
  readonly #filter: CognitoExceptionFilter;

  constructor(filter: CognitoExceptionFilter) {
    this.#filter = filter;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const answer = (error: unknown): never => {
      if (isHandled(error)) this.#filter.catch(error, context);
      throw error;
    };
    return next
      .handle()
      .pipe(map((stream: unknown) => (isStream(stream) ? answered(stream, answer) : stream)));
  }
}

/**
 * Puts the exception filter where Nest calls no global one: on every gateway, after its own filters, and on what
 * subscriptions of GraphQL stream. As with the guard, the constructor of a provider is the place.
 */
@Injectable()
export class FilterAttachment {
  readonly #walk: HandlerWalk;
  readonly #filter: CognitoExceptionFilter;
  readonly #streams: AnsweredStreams;

  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(CognitoExceptionFilter) filter: CognitoExceptionFilter,
    @Inject(LazyModules) lazy: LazyModules,
  ) {
    this.#walk = walk;
    this.#filter = filter;
    this.#streams = new AnsweredStreams(filter);
    this.#attach();
    lazy.onLoaded(() => this.#attach());
  }

  #attach(): void {
    for (const { cls, wrapper } of this.#walk.classes()) {
      if (isGateway(cls)) {
        for (const target of new Set([cls, cls.prototype.constructor as object])) {
          put(EXCEPTION_FILTERS_METADATA, AnsweredByCognito, target);
        }
        provide(wrapper, AnsweredByCognito, this.#filter, 'filter');
      }
      for (const { handler } of this.#walk.methodsOf(cls.prototype)) {
        if (!isSubscription(handler)) continue;
        put(INTERCEPTORS_METADATA, StreamAnsweredByCognito, handler);
        provide(wrapper, StreamAnsweredByCognito, this.#streams, 'interceptor');
      }
    }
  }
}

/** Before the others: Nest asks filters from the last one on, and this interceptor is to be the outermost. */
function put(key: string, name: object, target: object): void {
  const others = (Reflect.getMetadata(key, target) ?? []) as unknown[];
  if (!others.includes(name)) Reflect.defineMetadata(key, [name, ...others], target);
}

function provide(
  { host }: HandlerClass['wrapper'],
  name: object,
  useValue: object,
  kind: 'filter' | 'interceptor',
): void {
  host?.addInjectable({ provide: name, useValue } as never, kind);
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function answered(
  stream: AsyncIterable<unknown>,
  answer: (error: unknown) => never,
): AsyncIterableIterator<unknown> {
  const iterator = stream[Symbol.asyncIterator]();
  const step = (result: Promise<IteratorResult<unknown>>) => result.catch(answer);
  return {
    next: () => step(iterator.next()),
    return: (value) => step(iterator.return?.(value) ?? Promise.resolve({ done: true, value })),
    throw: (error) => step(iterator.throw?.(error) ?? Promise.reject(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
