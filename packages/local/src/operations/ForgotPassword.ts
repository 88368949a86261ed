import type {
  ForgotPasswordRequest,
  ForgotPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/clients/secret-hash.js';
import { forgotPassword } from '../domain/passwords/password-recovery.js';
import { ipAddressOf, recorded } from '../domain/sign-in/auth-events.js';
import type { Operation } from '../operation.js';

/** `AnalyticsMetadata` and `UserContextData`: as for SignUp. */
export const ForgotPassword: Operation<ForgotPasswordRequest, ForgotPasswordResponse> = async (
  input,
  context,
) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  const attempt = {
    type: 'ForgotPassword',
    username: input.Username,
    ipAddress: ipAddressOf(access.client, input),
  } as const;
  return recorded(context, access.pool, attempt, async () => ({
    CodeDeliveryDetails: await forgotPassword(context, access, input),
  }));
};
