import type {
  StartUserImportJobRequest,
  StartUserImportJobResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findImportJob, startImportJob } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

export const StartUserImportJob: Operation<StartUserImportJobRequest, StartUserImportJobResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  return { UserImportJob: startImportJob(context, pool, findImportJob(context, pool, input.JobId)) };
};
