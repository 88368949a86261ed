import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { taggedPool } from '../domain/pools/tags.js';
import type { Operation } from '../operation.js';

export const ListTagsForResource: Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  input,
  context,
) => ({ Tags: taggedPool(context, input.ResourceArn as string).settings.UserPoolTags ?? {} });
