import type {
  DescribeUserPoolRequest,
  DescribeUserPoolResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { IDENTITIES_ATTRIBUTE } from '../domain/pools/schema.js';
import { userPoolView } from '../domain/pools/user-pool.js';
import type { Operation } from '../operation.js';

/** Shows what CreateUserPool answered, and the `identities` attribute and the tags besides. */
export const DescribeUserPool: Operation<DescribeUserPoolRequest, DescribeUserPoolResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  return {
    UserPool: {
      ...userPoolView(context, pool),
      SchemaAttributes: [...(pool.settings.SchemaAttributes ?? []), IDENTITIES_ATTRIBUTE],
      UserPoolTags: pool.settings.UserPoolTags ?? {},
    },
  };
};
