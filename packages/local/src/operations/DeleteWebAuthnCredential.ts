import type {
  DeleteWebAuthnCredentialRequest,
  DeleteWebAuthnCredentialResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { passkeyNotFound } from '../domain/passkeys/faults.js';
import type { Operation } from '../operation.js';

export const DeleteWebAuthnCredential: Operation<
  DeleteWebAuthnCredentialRequest,
  DeleteWebAuthnCredentialResponse
> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  const { storage } = context;
  storage.transaction(() => {
    if (!storage.passkeys.delete(pool.id, user.sub, input.CredentialId as string)) throw passkeyNotFound();
  });
  return {};
};
