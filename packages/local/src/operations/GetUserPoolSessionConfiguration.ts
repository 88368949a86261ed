import type {
  GetUserPoolSessionConfigurationRequest,
  GetUserPoolSessionConfigurationResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { sessionConfiguration } from '../domain/tokens/user-sessions.js';
import type { Operation } from '../operation.js';

export const GetUserPoolSessionConfiguration: Operation<
  GetUserPoolSessionConfigurationRequest,
  GetUserPoolSessionConfigurationResponse
> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  const { tracking, maxPerUser } = sessionConfiguration(context, pool.id);
  return {
    UserPoolId: pool.id,
    UserSessionTracking: tracking ? 'ENABLED' : 'DISABLED',
    TokenSession: { MaxPerUser: maxPerUser },
  };
};
