import type {
  AddCustomAttributesRequest,
  AddCustomAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { withCustomAttributes } from '../domain/pools/schema.js';
import { checkNoImport } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

/** All of them, or none. */
export const AddCustomAttributes: Operation<AddCustomAttributesRequest, AddCustomAttributesResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  checkNoImport(context, pool);
  const { storage, clock } = context;
  const SchemaAttributes = withCustomAttributes(
    pool.settings.SchemaAttributes ?? [],
    input.CustomAttributes ?? [],
  );
  storage.transaction(() =>
    storage.userPools.update({
      ...pool,
      settings: { ...pool.settings, SchemaAttributes },
      modifiedAt: clock.now(),
    }),
  );
  return {};
};
