import type {
  DescribeUserImportJobRequest,
  DescribeUserImportJobResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findImportJob, importJobView } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

export const DescribeUserImportJob: Operation<DescribeUserImportJobRequest, DescribeUserImportJobResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  return { UserImportJob: importJobView(context, findImportJob(context, pool, input.JobId)) };
};
