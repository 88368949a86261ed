import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { CognitoAuthService } from '../services/auth/cognito-auth.service.js';
import type { CognitoApi } from '../services/cognito-api.js';
import { CognitoDevicesService } from '../services/cognito-devices.service.js';
import { CognitoGroupsService } from '../services/cognito-groups.service.js';
import { CognitoUsersService } from '../services/cognito-users.service.js';
import { CognitoUserPoolsService } from '../services/user-pools/cognito-user-pools.service.js';

/** One configured user pool with everything that calls it. `@InjectCognito('partners')` injects it. */
export interface CognitoPool {
  /** What it is called in the options; `default` for the one at top level. */
  readonly name: string;
  readonly userPoolId: string;
  readonly auth: CognitoAuthService;
  readonly users: CognitoUsersService;
  readonly groups: CognitoGroupsService;
  readonly devices: CognitoDevicesService;
  readonly userPools: CognitoUserPoolsService;
  /** The SDK's client, for what no service does. */
  readonly client: CognitoIdentityProviderClient;
}

type PoolPart = Exclude<keyof CognitoPool, 'name' | 'userPoolId'>;

// biome-ignore lint/suspicious/noExplicitAny: a constructor's parameters are of no interest here
export type PoolPartClass = new (...args: any[]) => CognitoPool[PoolPart];

/** What can be injected of a pool, by class, and where the pool keeps it: one line for each service. */
export const POOL_PARTS: ReadonlyMap<PoolPartClass, PoolPart> = new Map<PoolPartClass, PoolPart>([
  [CognitoAuthService, 'auth'],
  [CognitoUsersService, 'users'],
  [CognitoGroupsService, 'groups'],
  [CognitoDevicesService, 'devices'],
  [CognitoUserPoolsService, 'userPools'],
  [CognitoIdentityProviderClient, 'client'],
]);

export function createPool(api: CognitoApi): CognitoPool {
  return Object.freeze({
    name: api.poolName,
    userPoolId: api.userPoolId,
    auth: new CognitoAuthService(api),
    users: new CognitoUsersService(api),
    groups: new CognitoGroupsService(api),
    devices: new CognitoDevicesService(api),
    userPools: new CognitoUserPoolsService(api),
    client: api.client,
  });
}
