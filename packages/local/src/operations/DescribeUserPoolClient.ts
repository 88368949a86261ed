import type {
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { describedClientNotFound } from '../domain/faults.js';
import { userPoolClientView } from '../domain/user-pool-client.js';
import type { Operation } from '../operation.js';

export const DescribeUserPoolClient: Operation<
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse
> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  const client = context.storage.clients.find(input.ClientId as string);
  if (client?.userPoolId !== pool.id) throw describedClientNotFound();
  return { UserPoolClient: userPoolClientView(client) };
};
