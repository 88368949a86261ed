import { ConfigurableModuleBuilder } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CognitoExceptionFilter } from './errors/cognito-exception.filter.js';
import type { CognitoModuleOptions } from './options/cognito-options.js';
import { COGNITO_OPTIONS } from './tokens.js';
import { FilterAttachment } from './transports/filter-attachment.js';

/** What is said about the module itself rather than about Cognito. */
export interface CognitoModuleExtras {
  /** Whether the services can be injected everywhere without importing the module again. Default `true`. */
  isGlobal?: boolean;
  /**
   * Whether {@link CognitoExceptionFilter} is registered for the whole app, and for every gateway. Default `true`. With
   * `false`, register it, or a class of yours that extends it, where you want it.
   */
  exceptionFilter?: boolean;
}

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<CognitoModuleOptions>({ optionsInjectionToken: COGNITO_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createCognitoOptions')
    .setExtras<CognitoModuleExtras>(
      { isGlobal: true, exceptionFilter: true },
      (definition, { isGlobal = true, exceptionFilter = true }) => ({
        ...definition,
        global: isGlobal,
        providers: [
          ...(definition.providers ?? []),
          ...(exceptionFilter
            ? [
                CognitoExceptionFilter,
                { provide: APP_FILTER, useExisting: CognitoExceptionFilter },
                FilterAttachment,
              ]
            : []),
        ],
      }),
    )
    .build();
