import type {
  GetSigningCertificateRequest,
  GetSigningCertificateResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { signingCertificate } from '../domain/tokens/signing-certificate.js';
import type { Operation } from '../operation.js';

export const GetSigningCertificate: Operation<
  GetSigningCertificateRequest,
  GetSigningCertificateResponse
> = async (input, context) => ({
  Certificate: await signingCertificate(context, userPool(context, input.UserPoolId)),
});
