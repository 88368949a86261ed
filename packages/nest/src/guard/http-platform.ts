import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AccessRules } from './access-rules.js';
import { CognitoAuthenticator } from './cognito-authenticator.js';
import { addHome } from './homes.js';
import { defineUser } from './request-state.js';

/** What the guard and the strategy need of Express or Fastify beforehand. */
@Injectable()
export class HttpPlatform implements OnModuleInit, OnModuleDestroy {
  readonly #adapterHost: HttpAdapterHost;
  readonly #authenticator: CognitoAuthenticator;
  readonly #rules: AccessRules;
  #leave = () => {};

  constructor(
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(CognitoAuthenticator) authenticator: CognitoAuthenticator,
    @Inject(AccessRules) rules: AccessRules,
  ) {
    this.#adapterHost = adapterHost;
    this.#authenticator = authenticator;
    this.#rules = rules;
  }

  onModuleInit(): void {
    const { httpAdapter } = this.#adapterHost;
    const platform: unknown = httpAdapter?.getInstance();
    // An app without HTTP has something that stands for it, or nothing.
    if (platform === undefined || platform === null) return;
    this.#leave = addHome(platform, { authenticator: this.#authenticator, policy: this.#rules.anyUser });
    if (httpAdapter.getType() === 'express') defineUser((platform as { request: object }).request);
  }

  onModuleDestroy(): void {
    this.#leave();
  }
}
