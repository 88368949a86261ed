import { check, refuseUnknown } from '../check.js';
import { refuseProduction } from '../refuse-production.js';
import type { TestModuleOptions } from '../test-module-options.js';
import { accessClaims, type Issue, idClaims, machineClaims } from './claims.js';
import { noCognito } from './no-cognito.js';
import { createSigningKey, type PublicJwk } from './signing-key.js';
import {
  type AccessTokenOptions,
  checkTokenOptions,
  type IdTokenOptions,
  type MachineTokenOptions,
} from './token-options.js';

export interface TestIssuerOptions {
  /** `<region>_<id>`. Default `us-east-1_Testing01`. */
  readonly userPoolId?: string;
  /** The app client that tokens are issued to unless a call says otherwise. Default `testclient`. */
  readonly clientId?: string;
  /** Where the time comes from, in milliseconds since the epoch. Default `Date.now`, which fake timers move. */
  readonly now?: () => number;
}

/**
 * Issues tokens that a user pool on AWS could have issued, signed with keys of its own. There is no server: whoever
 * verifies them is given the keys, as `jwks`.
 */
export interface TestIssuer {
  readonly userPoolId: string;
  readonly clientId: string;
  /** The `iss` of its tokens: that of the pool on AWS. */
  readonly issuer: string;
  /** Its two public keys, for `verifier: { jwks }` of `@cognest/nest` and for `createVerifier`. */
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /** A user's access token. @throws TypeError when an option is wrong. */
  accessToken(options?: AccessTokenOptions): string;
  /** A user's ID token. @throws TypeError when an option is wrong. */
  idToken(options?: IdTokenOptions): string;
  /** A machine's access token. @throws TypeError when an option is wrong. */
  machineToken(options: MachineTokenOptions): string;
  /** What `CognitoModule.forRoot` needs to take its tokens. Calls of Cognito's API fail, and say so. */
  moduleOptions(): TestModuleOptions;
}

const POOL_ID = /^([a-z]+(?:-[a-z]+)+-\d{1,2})_[0-9A-Za-z]+$/;

/**
 * Makes an issuer, and its keys, which takes a moment: once a test file, not once a test.
 *
 * @throws TypeError when an option is wrong.
 */
export function createTestIssuer(options: TestIssuerOptions = {}): TestIssuer {
  refuseProduction();
  refuseUnknown('createTestIssuer', options, ['userPoolId', 'clientId', 'now']);
  const { userPoolId = 'us-east-1_Testing01', clientId = 'testclient', now } = options;
  const region = POOL_ID.exec(userPoolId)?.[1];
  if (region === undefined || userPoolId.length > 55) {
    throw new TypeError(
      `"userPoolId" must be like <region>_<id>, as eu-central-1_8LxAFhQ8D, got ${JSON.stringify(userPoolId)}.`,
    );
  }
  check(/^[\w+]{1,128}$/.test(clientId), '"clientId"', 'the id of an app client', clientId);
  check(now === undefined || typeof now === 'function', '"now"', 'a function', now);

  const iss = `https://cognito-idp.${region}.${dnsSuffix(region)}/${userPoolId}`;
  // As a pool has them: one for access tokens, one for ID tokens.
  const keys = { access: createSigningKey(), id: createSigningKey() };
  const jwks = Object.freeze({ keys: Object.freeze([keys.access.jwk, keys.id.jwk]) });
  // Looked up at each call: fake timers replace `Date.now`.
  const issue = (): Issue => ({
    iss,
    userPoolId,
    clientId,
    nowS: Math.floor((now ?? Date.now)() / 1000),
  });
  return {
    userPoolId,
    clientId,
    issuer: iss,
    jwks,
    accessToken: (token = {}) => {
      checkTokenOptions('accessToken', token);
      return keys.access.sign(accessClaims(issue(), token));
    },
    idToken: (token = {}) => {
      checkTokenOptions('idToken', token);
      return keys.id.sign(idClaims(issue(), token));
    },
    machineToken: (token) => {
      checkTokenOptions('machineToken', token);
      check(token.scopes?.length > 0, '"scopes" of machineToken', 'a list of names', token.scopes);
      return keys.access.sign(machineClaims(issue(), token));
    },
    moduleOptions: () => ({
      userPoolId,
      clientId,
      client: noCognito,
      verifier: { jwks, ...(now !== undefined && { now }) },
    }),
  };
}

/** The partitions that are open to the public. */
function dnsSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  check(!/^[a-z]+-iso/.test(region), '"userPoolId"', 'of a region that is open to the public', region);
  return 'amazonaws.com';
}
