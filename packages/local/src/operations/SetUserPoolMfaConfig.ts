import type {
  SetUserPoolMfaConfigRequest,
  SetUserPoolMfaConfigResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { setPoolMfa } from '../domain/mfa/pool-mfa.js';
import type { Operation } from '../operation.js';

export const SetUserPoolMfaConfig: Operation<SetUserPoolMfaConfigRequest, SetUserPoolMfaConfigResponse> = (
  input,
  context,
) => setPoolMfa(context, userPool(context, input.UserPoolId), input);
