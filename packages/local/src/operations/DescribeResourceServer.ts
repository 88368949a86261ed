import type {
  DescribeResourceServerRequest,
  DescribeResourceServerResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findResourceServer, resourceServerView } from '../domain/pools/resource-servers.js';
import type { Operation } from '../operation.js';

export const DescribeResourceServer: Operation<
  DescribeResourceServerRequest,
  DescribeResourceServerResponse
> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  return { ResourceServer: resourceServerView(findResourceServer(context, pool, input.Identifier)) };
};
