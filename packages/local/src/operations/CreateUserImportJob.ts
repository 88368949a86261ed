import type {
  CreateUserImportJobRequest,
  CreateUserImportJobResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { createImportJob } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

export const CreateUserImportJob: Operation<CreateUserImportJobRequest, CreateUserImportJobResponse> = (
  input,
  context,
) => ({ UserImportJob: createImportJob(context, userPool(context, input.UserPoolId), input) });
