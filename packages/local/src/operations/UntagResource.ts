import type { UntagResourceRequest, UntagResourceResponse } from '@aws-sdk/client-cognito-identity-provider';
import { removeTags, taggedPool } from '../domain/pools/tags.js';
import type { Operation } from '../operation.js';

export const UntagResource: Operation<UntagResourceRequest, UntagResourceResponse> = (input, context) => {
  removeTags(context, taggedPool(context, input.ResourceArn as string), input.TagKeys ?? []);
  return {};
};
