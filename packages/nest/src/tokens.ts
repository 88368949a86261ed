import { Inject } from '@nestjs/common';

/** The options as they were given to `forRoot`, or came from `forRootAsync`. They hold the client secrets. */
export const COGNITO_OPTIONS = Symbol('cognest:options');

/** The SDK's client of the default pool, for what no service does. {@link InjectCognitoClient} injects it. */
export const COGNITO_CLIENT = Symbol('cognest:client');

/** How each pool is called, the default one's first: what observes all calls goes through these. */
export const COGNITO_APIS = Symbol('cognest:apis');

/** The options after the environment, the defaults and the checks. */
export const RESOLVED_OPTIONS = Symbol('cognest:resolved-options');

/** Injects the SDK's `CognitoIdentityProviderClient` of the default pool. */
export function InjectCognitoClient(): PropertyDecorator & ParameterDecorator {
  return Inject(COGNITO_CLIENT);
}
