import type { TagResourceRequest, TagResourceResponse } from '@aws-sdk/client-cognito-identity-provider';
import { addTags, taggedPool } from '../domain/pools/tags.js';
import type { Operation } from '../operation.js';

export const TagResource: Operation<TagResourceRequest, TagResourceResponse> = (input, context) => {
  addTags(context, taggedPool(context, input.ResourceArn as string), input.Tags ?? {});
  return {};
};
