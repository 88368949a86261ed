import type {
  CompleteWebAuthnRegistrationRequest,
  CompleteWebAuthnRegistrationResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { completeRegistration } from '../domain/passkeys/passkeys.js';
import type { Operation } from '../operation.js';

export const CompleteWebAuthnRegistration: Operation<
  CompleteWebAuthnRegistrationRequest,
  CompleteWebAuthnRegistrationResponse
> = async (input, context) => {
  const holder = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  await completeRegistration(context, holder, input.Credential);
  return {};
};
