import type { GetCSVHeaderRequest, GetCSVHeaderResponse } from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { csvHeader } from '../domain/user-import/csv.js';
import type { Operation } from '../operation.js';

export const GetCSVHeader: Operation<GetCSVHeaderRequest, GetCSVHeaderResponse> = (input, context) => {
  const pool = userPool(context, input.UserPoolId);
  return { UserPoolId: pool.id, CSVHeader: csvHeader(pool) };
};
