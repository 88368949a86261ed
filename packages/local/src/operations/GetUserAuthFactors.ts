import type {
  GetUserAuthFactorsRequest,
  GetUserAuthFactorsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { mfaView } from '../domain/mfa/user-mfa.js';
import { configuredAuthFactors } from '../domain/sign-in/auth-factors.js';
import type { Operation } from '../operation.js';

export const GetUserAuthFactors: Operation<GetUserAuthFactorsRequest, GetUserAuthFactorsResponse> = async (
  input,
  context,
) => {
  const holder = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  const { PreferredMfaSetting, UserMFASettingList } = mfaView(context, holder.user);
  return {
    Username: holder.user.username,
    PreferredMfaSetting,
    UserMFASettingList,
    ConfiguredUserAuthFactors: configuredAuthFactors(context, holder),
  };
};
