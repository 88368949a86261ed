import type {
  StopUserImportJobRequest,
  StopUserImportJobResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { findImportJob, stopImportJob } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

export const StopUserImportJob: Operation<StopUserImportJobRequest, StopUserImportJobResponse> = (
  input,
  context,
) => {
  const pool = userPool(context, input.UserPoolId);
  return { UserImportJob: stopImportJob(context, findImportJob(context, pool, input.JobId)) };
};
