import type {
  SetUserMFAPreferenceRequest,
  SetUserMFAPreferenceResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { setMfaPreference } from '../domain/mfa/user-mfa.js';
import type { Operation } from '../operation.js';

export const SetUserMFAPreference: Operation<
  SetUserMFAPreferenceRequest,
  SetUserMFAPreferenceResponse
> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  setMfaPreference(context, pool, user, input);
  return {};
};
