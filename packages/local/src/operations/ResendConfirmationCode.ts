import type {
  ResendConfirmationCodeRequest,
  ResendConfirmationCodeResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { publicClient } from '../access/client.js';
import { checkSecretHash } from '../domain/clients/secret-hash.js';
import { resendConfirmationCode } from '../domain/registration/sign-up.js';
import { ipAddressOf, recorded } from '../domain/sign-in/auth-events.js';
import type { Operation } from '../operation.js';

/** `AnalyticsMetadata` and `UserContextData`: as for SignUp. */
export const ResendConfirmationCode: Operation<
  ResendConfirmationCodeRequest,
  ResendConfirmationCodeResponse
> = async (input, context) => {
  const access = publicClient(context, input.ClientId);
  checkSecretHash(access.client, input.Username, input.SecretHash);
  const attempt = {
    type: 'ResendCode',
    username: input.Username,
    ipAddress: ipAddressOf(access.client, input),
  } as const;
  return recorded(context, access.pool, attempt, async () => ({
    CodeDeliveryDetails: await resendConfirmationCode(context, access, input),
  }));
};
