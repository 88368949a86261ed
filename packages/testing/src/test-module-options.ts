import type { CognitoIdentityProviderClientConfig } from '@aws-sdk/client-cognito-identity-provider';
import type { PublicJwk } from './issuer/signing-key.js';

/** Options of `CognitoModule.forRoot` of `@cognest/nest`, with which an app takes the tokens of a test. */
export interface TestModuleOptions {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly client: Omit<CognitoIdentityProviderClientConfig, 'region' | 'endpoint'>;
  readonly verifier?: {
    readonly jwks?: { readonly keys: readonly PublicJwk[] };
    readonly now?: () => number;
  };
}
