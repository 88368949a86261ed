import type {
  AdminSetUserSettingsRequest,
  AdminSetUserSettingsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { poolUser } from '../access/user.js';
import { setMfaOptions } from '../domain/mfa/user-mfa.js';
import type { Operation } from '../operation.js';

export const AdminSetUserSettings: Operation<AdminSetUserSettingsRequest, AdminSetUserSettingsResponse> = (
  input,
  context,
) => {
  const { user } = poolUser(context, input);
  setMfaOptions(context, user, input.MFAOptions ?? []);
  return {};
};
