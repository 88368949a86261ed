import type {
  AdminSetUserMFAPreferenceRequest,
  AdminSetUserMFAPreferenceResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { setMfaPreference } from '../domain/mfa/user-mfa.js';
import type { Operation } from '../operation.js';

export const AdminSetUserMFAPreference: Operation<
  AdminSetUserMFAPreferenceRequest,
  AdminSetUserMFAPreferenceResponse
> = (input, context) => {
  const { pool, user } = poolUser(context, input);
  setMfaPreference(context, pool, user, input);
  return {};
};
