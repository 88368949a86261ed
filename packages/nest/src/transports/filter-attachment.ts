import { Catch, Inject, Injectable } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import { CognitoExceptionFilter } from '../errors/cognito-exception.filter.js';
import { isGateway } from '../handlers/handler-kinds.js';
import { HandlerWalk } from '../handlers/handler-walk.js';

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

/**
 * Puts the exception filter on every gateway: Nest leaves global filters out there. It comes after the gateway's own
 * filters. As with the guard, the constructor of a provider is the place.
 */
@Injectable()
export class FilterAttachment {
  constructor(
    @Inject(HandlerWalk) walk: HandlerWalk,
    @Inject(CognitoExceptionFilter) filter: CognitoExceptionFilter,
  ) {
    for (const { cls, wrapper } of walk.classes()) {
      if (!isGateway(cls) || wrapper.host === undefined) continue;
      for (const target of new Set([cls, cls.prototype.constructor as object])) {
        const filters = (Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, target) ?? []) as unknown[];
        // Nest asks the last one first.
        if (!filters.includes(AnsweredByCognito)) {
          Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, [AnsweredByCognito, ...filters], target);
        }
      }
      wrapper.host.addInjectable({ provide: AnsweredByCognito, useValue: filter } as never, 'filter');
    }
  }
}
