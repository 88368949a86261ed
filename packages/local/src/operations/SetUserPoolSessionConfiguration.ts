import type {
  SetUserPoolSessionConfigurationRequest,
  SetUserPoolSessionConfigurationResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { constraintViolated } from '../domain/faults.js';
import { featureNotInTier } from '../domain/pools/faults.js';
import type { Operation } from '../operation.js';

const MIN_PER_USER = 1;
const MAX_PER_USER = 100;

/**
 * Sign-ins from before sessions were tracked are none. A lower maximum ends no session by itself; the next
 * sign-in of the user does.
 */
export const SetUserPoolSessionConfiguration: Operation<
  SetUserPoolSessionConfigurationRequest,
  SetUserPoolSessionConfigurationResponse
> = (input, context) => {
  const { UserSessionTracking } = input;
  const maxPerUser = input.TokenSession?.MaxPerUser as number;
  // Bounds that the documentation has and the model has not.
  if (maxPerUser < MIN_PER_USER || maxPerUser > MAX_PER_USER) {
    const bound =
      maxPerUser < MIN_PER_USER
        ? `greater than or equal to ${MIN_PER_USER}`
        : `less than or equal to ${MAX_PER_USER}`;
    throw constraintViolated(maxPerUser, 'tokenSession.maxPerUser', `Member must have value ${bound}`);
  }
  const pool = userPool(context, input.UserPoolId);
  if (pool.settings.UserPoolTier === 'LITE') throw featureNotInTier('LITE', 'User Session Tracking');
  context.storage.transaction(() =>
    context.storage.userSessions.configure(pool.id, {
      tracking: UserSessionTracking === 'ENABLED',
      maxPerUser,
    }),
  );
  return { UserPoolId: pool.id, UserSessionTracking, TokenSession: { MaxPerUser: maxPerUser } };
};
