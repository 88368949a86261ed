import type {
  ListUserImportJobsRequest,
  ListUserImportJobsResponse,
} from '@aws-sdk/client-cognito-identity-provider';
import { userPool } from '../access/user-pool.js';
import { page } from '../domain/pages.js';
import { importJobView } from '../domain/user-import/jobs.js';
import type { Operation } from '../operation.js';

/** Newest first. */
export const ListUserImportJobs: Operation<ListUserImportJobsRequest, ListUserImportJobsResponse> = (
  input,
  context,
) => {
  const { id } = userPool(context, input.UserPoolId);
  const { items, NextToken } = page(
    { list: `ListUserImportJobs ${id}`, limit: input.MaxResults, token: input.PaginationToken },
    (limit, after) =>
      context.storage.importJobs.list(id, limit, after === undefined ? undefined : place(after)),
    (job) => `${job.createdAt} ${job.id}`,
  );
  return { UserImportJobs: items.map((job) => importJobView(context, job)), PaginationToken: NextToken };
};

function place(position: string): { createdAt: number; id: string } {
  const [createdAt, id] = position.split(' ') as [string, string];
  return { createdAt: Number(createdAt), id };
}
