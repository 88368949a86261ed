import type { ListUserPoolsRequest, ListUserPoolsResponse } from '@aws-sdk/client-cognito-identity-provider';
import { page } from '../domain/pages.js';
import type { Operation } from '../operation.js';

export const ListUserPools: Operation<ListUserPoolsRequest, ListUserPoolsResponse> = (input, context) => {
  const { items, NextToken } = page(
    { list: 'ListUserPools', limit: input.MaxResults, token: input.NextToken },
    (limit, after) => context.storage.userPools.list(limit, after),
    (pool) => pool.id,
  );
  return {
    UserPools: items.map((pool) => ({
      Id: pool.id,
      Name: pool.name,
      LambdaConfig: pool.settings.LambdaConfig,
      CreationDate: new Date(pool.createdAt),
      LastModifiedDate: new Date(pool.modifiedAt),
    })),
    NextToken,
  };
};
