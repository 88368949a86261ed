import { Inject } from '@nestjs/common';

/** The SDK's client, for operations that no service has yet. {@link InjectCognitoClient} injects it. */
export const COGNITO_CLIENT = Symbol('cognest:client');

/** The options after the environment, the defaults and the checks. */
export const RESOLVED_OPTIONS = Symbol('cognest:resolved-options');

/** Injects the SDK's `CognitoIdentityProviderClient`. */
export function InjectCognitoClient(): PropertyDecorator & ParameterDecorator {
  return Inject(COGNITO_CLIENT);
}
