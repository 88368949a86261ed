import type {
  ListWebAuthnCredentialsRequest,
  ListWebAuthnCredentialsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { tokenHolder, verifyAccessToken } from '../access/access-token.js';
import { page } from '../domain/pages.js';
import { MAX_PASSKEYS_PER_USER, passkeyView } from '../domain/passkeys/passkeys.js';
import type { Operation } from '../operation.js';

/** 0 is as good as no MaxResults: the model lets it pass, and a page of nothing leads nowhere. */
export const ListWebAuthnCredentials: Operation<
  ListWebAuthnCredentialsRequest,
  ListWebAuthnCredentialsResponse
> = async (input, context) => {
  const { pool, user } = tokenHolder(context, await verifyAccessToken(context, input.AccessToken));
  const { items, NextToken } = page(
    {
      list: `ListWebAuthnCredentials ${pool.id} ${user.sub}`,
      limit: input.MaxResults || MAX_PASSKEYS_PER_USER,
      token: input.NextToken,
    },
    (limit, after) => context.storage.passkeys.list(pool.id, user.sub, limit, after),
    ({ credentialId }) => credentialId,
  );
  return { Credentials: items.map(passkeyView), NextToken };
};
