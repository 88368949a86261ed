// First, so that nothing else has been loaded when it refuses.
import './refuse-production.js';

export {
  createTestingCognito,
  type TestingCognito,
  type TestingCognitoOptions,
  type TestUser,
  type TestUserInput,
} from './cognito/testing-cognito.js';
export { createTestIssuer, type TestIssuer, type TestIssuerOptions } from './issuer/test-issuer.js';
export type {
  AccessTokenOptions,
  IdTokenOptions,
  MachineTokenOptions,
  TokenOptions,
  UserTokenOptions,
} from './issuer/token-options.js';
export type { TestModuleOptions } from './test-module-options.js';
