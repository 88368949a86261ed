import type {
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { describedClient } from '../access/client.js';
import { userPoolClientView } from '../domain/clients/user-pool-client.js';
import type { Operation } from '../operation.js';

export const DescribeUserPoolClient: Operation<
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse
> = (input, context) => {
  const { client } = describedClient(context, input.UserPoolId, input.ClientId);
  return { UserPoolClient: userPoolClientView(client) };
};
