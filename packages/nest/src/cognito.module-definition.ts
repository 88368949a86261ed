import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { CognitoModuleOptions } from './options/cognito-options.js';

/** What is said about the module itself rather than about Cognito. */
export interface CognitoModuleExtras {
  /** Whether the services can be injected everywhere without importing the module again. Default `true`. */
  isGlobal?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<CognitoModuleOptions>()
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createCognitoOptions')
    .setExtras<CognitoModuleExtras>({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal ?? true,
    }))
    .build();
