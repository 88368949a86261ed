import type {
  StartWebAuthnRegistrationRequest,
  StartWebAuthnRegistrationResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { startRegistration } from '../domain/passkeys/passkeys.js';
import type { Operation } from '../operation.js';

export const StartWebAuthnRegistration: Operation<
  StartWebAuthnRegistrationRequest,
  StartWebAuthnRegistrationResponse
> = async (input, context) => {
  const holder = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  return { CredentialCreationOptions: startRegistration(context, holder) };
};
