import type {
  ForgotPasswordRequest,
  ForgotPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { forgotPassword } from '../domain/password-recovery.js';
import { checkSecretHash } from '../domain/secret-hash.js';
import type { Operation } from '../operation.js';

/** `ClientMetadata`, `AnalyticsMetadata` and `UserContextData`: as for SignUp. */
export const ForgotPassword: Operation<ForgotPasswordRequest, ForgotPasswordResponse> = (input, context) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  return { CodeDeliveryDetails: forgotPassword(context, access, input.Username as string) };
};
