import type { DeleteResourceServerRequest } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findResourceServer } from '../domain/pools/resource-servers.js';
import type { Operation } from '../operation.js';

/** Clients keep the scopes that they were given. */
export const DeleteResourceServer: Operation<DeleteResourceServerRequest, undefined> = (input, context) => {
  const { userPoolId, identifier } = findResourceServer(
    context,
    userPool(context, input.UserPoolId),
    input.Identifier,
  );
  context.storage.transaction(() => context.storage.resourceServers.delete(userPoolId, identifier));
  return undefined;
};
