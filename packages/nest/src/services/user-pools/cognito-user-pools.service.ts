import {
  CreateUserImportJobCommand,
  type CreateUserImportJobCommandInput,
  DescribeUserImportJobCommand,
  type DescribeUserImportJobCommandInput,
  GetCSVHeaderCommand,
  ListUserImportJobsCommand,
  type ListUserImportJobsCommandInput,
  StartUserImportJobCommand,
  type StartUserImportJobCommandInput,
  StopUserImportJobCommand,
  type StopUserImportJobCommandInput,
  type UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Camel, Input } from '../casing.js';
import { CognitoApi } from '../cognito-api.js';
import { complete } from '../complete.js';
import { iteratePages, pageOf } from '../paging.js';
import { MAX_RESULTS, type PoolChoice } from './pool-choice.js';
import { ResourceServerOperations } from './resource-server-operations.js';

type Filled = 'UserPoolId';

export type GetCsvHeaderInput = PoolChoice;
export type CreateUserImportJobInput = Input<CreateUserImportJobCommandInput, Filled> & PoolChoice;
export type DescribeUserImportJobInput = Input<DescribeUserImportJobCommandInput, Filled> & PoolChoice;
export type StartUserImportJobInput = Input<StartUserImportJobCommandInput, Filled> & PoolChoice;
export type StopUserImportJobInput = Input<StopUserImportJobCommandInput, Filled> & PoolChoice;
export type ListUserImportJobsInput = Input<ListUserImportJobsCommandInput, Filled | 'MaxResults'> &
  PoolChoice & {
    /** The size of a page, from 1 to 60. Default 60. */
    maxResults?: number | undefined;
  };

/** Whoever has `preSignedUrl` can upload: keep it to yourself. */
export type UserImportJob = Camel<Omit<UserImportJobType, 'JobId'>> & { jobId: string };

export interface UserImportJobPage {
  userImportJobs: UserImportJob[];
  /** Where the next page starts; absent on the last one. */
  paginationToken?: string | undefined;
}

/**
 * What an administrator does with pools, app clients, resource servers and imports. Every call is signed with AWS
 * credentials, from the SDK's own provider chain.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoUserPoolsService extends ResourceServerOperations {
  constructor(@Inject(CognitoApi) api: CognitoApi) {
    super(api);
  }

  /**
   * The columns that a file of users to import must have, in their order (`GetCSVHeader`).
   *
   * @example `const firstLine = (await pools.getCsvHeader()).join(',')`
   * @throws `ResourceNotFoundException` (no such pool).
   */
  async getCsvHeader(input: GetCsvHeaderInput = {}): Promise<string[]> {
    const operation = 'GetCSVHeader';
    const { csvHeader } = await this.api.runWithDefaults(
      GetCSVHeaderCommand,
      operation,
      input,
      this.api.inPool,
    );
    return complete(csvHeader, operation);
  }

  /**
   * Prepares an import of users (`CreateUserImportJob`): the file goes to `preSignedUrl` within 15 minutes, then
   * {@link startImportJob}.
   *
   * @example
   * const { jobId, preSignedUrl = '' } = await pools.createImportJob({ jobName: 'june', cloudWatchLogsRoleArn });
   * await fetch(preSignedUrl, { method: 'PUT', headers: { 'x-amz-server-side-encryption': 'aws:kms' }, body: csv });
   * await pools.startImportJob({ jobId });
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException`, `LimitExceededException`,
   *   `PreconditionNotMetException`.
   */
  async createImportJob(input: CreateUserImportJobInput): Promise<UserImportJob> {
    const { userImportJob } = await this.api.runWithDefaults(
      CreateUserImportJobCommand,
      'CreateUserImportJob',
      input,
      this.api.inPool,
    );
    return identified(userImportJob, 'CreateUserImportJob');
  }

  /**
   * How far an import has come: its status, and how many users were imported, skipped and refused
   * (`DescribeUserImportJob`).
   *
   * @example `const { status, importedUsers, failedUsers } = await pools.describeImportJob({ jobId })`
   * @throws `ResourceNotFoundException` (no such job).
   */
  async describeImportJob(input: DescribeUserImportJobInput): Promise<UserImportJob> {
    const { userImportJob } = await this.api.runWithDefaults(
      DescribeUserImportJobCommand,
      'DescribeUserImportJob',
      input,
      this.api.inPool,
    );
    return identified(userImportJob, 'DescribeUserImportJob');
  }

  /**
   * Starts an import whose file was uploaded (`StartUserImportJob`).
   *
   * @example `await pools.startImportJob({ jobId })`
   * @throws `ResourceNotFoundException` (no such job), `PreconditionNotMetException` (no file, started before, a pool
   *   without `autoVerifiedAttributes`), `UserImportInProgressException` (another one runs).
   */
  async startImportJob(input: StartUserImportJobInput): Promise<UserImportJob> {
    const { userImportJob } = await this.api.runWithDefaults(
      StartUserImportJobCommand,
      'StartUserImportJob',
      input,
      this.api.inPool,
    );
    return identified(userImportJob, 'StartUserImportJob');
  }

  /**
   * Stops a running import; who was imported stays (`StopUserImportJob`).
   *
   * @example `const { importedUsers } = await pools.stopImportJob({ jobId })`
   * @throws `ResourceNotFoundException` (no such job), `PreconditionNotMetException` (it does not run).
   */
  async stopImportJob(input: StopUserImportJobInput): Promise<UserImportJob> {
    const { userImportJob } = await this.api.runWithDefaults(
      StopUserImportJobCommand,
      'StopUserImportJob',
      input,
      this.api.inPool,
    );
    return identified(userImportJob, 'StopUserImportJob');
  }

  /**
   * One page of a pool's imports (`ListUserImportJobs`).
   *
   * @example `const { userImportJobs, paginationToken } = await pools.listImportJobs({ maxResults: 10 })`
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException` (bad `paginationToken`).
   */
  async listImportJobs(input: ListUserImportJobsInput = {}): Promise<UserImportJobPage> {
    const operation = 'ListUserImportJobs';
    const output = await this.api.runWithDefaults(ListUserImportJobsCommand, operation, input, {
      ...this.api.inPool,
      MaxResults: MAX_RESULTS,
    });
    return {
      ...output,
      userImportJobs: (output.userImportJobs ?? []).map((job) => identified(job, operation)),
    };
  }

  /**
   * All of a pool's imports, page by page as they are asked for (`ListUserImportJobs`).
   *
   * @example `for await (const { jobName, status } of pools.iterateImportJobs()) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link listImportJobs}.
   */
  iterateImportJobs(
    input: Omit<ListUserImportJobsInput, 'paginationToken'> = {},
  ): AsyncGenerator<UserImportJob, void, undefined> {
    return iteratePages(async (paginationToken) => {
      const page = await this.listImportJobs(pageOf(input, { paginationToken }));
      return { items: page.userImportJobs, nextToken: page.paginationToken };
    });
  }
}

function identified(job: Camel<UserImportJobType> | undefined, operation: string): UserImportJob {
  const { jobId, ...rest } = complete(job, operation);
  return { ...rest, jobId: complete(jobId, operation) };
}
