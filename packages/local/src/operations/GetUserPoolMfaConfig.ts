import type {
  GetUserPoolMfaConfigRequest,
  GetUserPoolMfaConfigResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { poolMfaView } from '../domain/mfa/pool-mfa.js';
import type { Operation } from '../operation.js';

export const GetUserPoolMfaConfig: Operation<GetUserPoolMfaConfigRequest, GetUserPoolMfaConfigResponse> = (
  input,
  context,
) => poolMfaView(userPool(context, input.UserPoolId));
