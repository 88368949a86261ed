import type {
  SetUserSettingsRequest,
  SetUserSettingsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { setMfaOptions } from '../domain/mfa/user-mfa.js';
import type { Operation } from '../operation.js';

export const SetUserSettings: Operation<SetUserSettingsRequest, SetUserSettingsResponse> = async (
  input,
  context,
) => {
  const { user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  setMfaOptions(context, user, input.MFAOptions ?? []);
  return {};
};
