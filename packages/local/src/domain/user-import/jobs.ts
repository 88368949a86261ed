import { randomBytes } from 'node:crypto';
import type {
  CreateUserImportJobRequest,
  UserImportJobStatusType,
  UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { OperationContext } from '../../operation.js';
import type { UserImportJobRecord } from '../../storage/user-import-jobs.js';
import type { UserPoolRecord } from '../../storage/user-pools.js';
import { notSupportedYet } from '../faults.js';
import { newImportJobId } from '../ids.js';
import { importInProgress, importJobNotFound, preconditionNotMet, tooManyImportJobs } from './faults.js';
import { uploadUrl } from './upload.js';

const MAX_JOBS_PER_POOL = 1000;
/** How long a job waits to be started. */
const START_WITHIN_MS = 24 * 60 * 60 * 1000;

/** @throws LimitExceededException; InvalidParameterException for passwords, which are not imported here. */
export function createImportJob(
  context: OperationContext,
  pool: UserPoolRecord,
  request: CreateUserImportJobRequest,
): UserImportJobType {
  if (request.PasswordHashingAlgorithm !== undefined) {
    throw notSupportedYet(
      'CreateUserImportJob',
      'PasswordHashingAlgorithm',
      request.PasswordHashingAlgorithm,
    );
  }
  const { storage, clock, imports } = context;
  if (storage.importJobs.count(pool.id) >= MAX_JOBS_PER_POOL) throw tooManyImportJobs(MAX_JOBS_PER_POOL);
  const job: UserImportJobRecord = {
    id: newImportJobId(),
    userPoolId: pool.id,
    name: request.JobName as string,
    roleArn: request.CloudWatchLogsRoleArn as string,
    status: 'Created',
    uploadKey: randomBytes(32).toString('base64url'),
    uploadId: undefined,
    recordsDone: 0,
    imported: 0,
    skipped: 0,
    failed: 0,
    message: undefined,
    createdAt: clock.now(),
    startedAt: undefined,
    completedAt: undefined,
  };
  storage.transaction(() => {
    expireImportJobs(context);
    storage.importJobs.insert(job);
  });
  // Files of the jobs that expired are dropped in the background.
  imports.wake();
  return importJobView(context, job);
}

/** Notes which jobs can be started no more, so that their files can be dropped. */
function expireImportJobs({ storage, clock }: Pick<OperationContext, 'storage' | 'clock'>): void {
  storage.importJobs.expire(clock.now() - START_WITHIN_MS, MAX_JOBS_PER_POOL);
}

/** @throws ResourceNotFoundException */
export function findImportJob(
  { storage }: OperationContext,
  pool: UserPoolRecord,
  id: string | undefined,
): UserImportJobRecord {
  const job = storage.importJobs.find(id as string);
  if (job?.userPoolId !== pool.id) throw importJobNotFound(id as string);
  return job;
}

/**
 * Lets the import begin; it goes on after the answer.
 *
 * @throws PreconditionNotMetException, UserImportInProgressException
 */
export function startImportJob(
  context: OperationContext,
  pool: UserPoolRecord,
  job: UserImportJobRecord,
): UserImportJobType {
  const { storage, clock, imports } = context;
  const status = statusOf(context, job);
  if (status !== 'Created')
    throw preconditionNotMet(`The import job ${job.id} cannot be started. Its status is ${status}.`);
  if (storage.importJobs.active().length > 0) throw importInProgress();
  if (job.uploadId === undefined) throw preconditionNotMet(`No csv file was uploaded for ${job.id}`);
  if (!pool.settings.AutoVerifiedAttributes?.length) {
    throw preconditionNotMet('Users can be imported only into a user pool that has AutoVerifiedAttributes.');
  }
  const started: UserImportJobRecord = { ...job, status: 'Pending', startedAt: clock.now() };
  storage.transaction(() => storage.importJobs.update(started));
  imports.wake();
  return importJobView(context, started);
}

/** Stops the import after the rows that it is at. @throws PreconditionNotMetException */
export function stopImportJob(context: OperationContext, job: UserImportJobRecord): UserImportJobType {
  if (job.status !== 'Pending' && job.status !== 'InProgress') {
    throw preconditionNotMet(
      `The import job ${job.id} cannot be stopped. Its status is ${statusOf(context, job)}.`,
    );
  }
  const stopping: UserImportJobRecord = { ...job, status: 'Stopping' };
  context.storage.transaction(() => context.storage.importJobs.update(stopping));
  return importJobView(context, stopping);
}

/** @throws UserImportInProgressException */
export function checkNoImport({ storage }: OperationContext, pool: UserPoolRecord): void {
  if (storage.importJobs.active().some(({ userPoolId }) => userPoolId === pool.id)) throw importInProgress();
}

export function importJobView(context: OperationContext, job: UserImportJobRecord): UserImportJobType {
  return {
    CloudWatchLogsRoleArn: job.roleArn,
    CompletionDate: date(job.completedAt),
    CompletionMessage: job.message,
    CreationDate: date(job.createdAt),
    FailedUsers: job.failed,
    ImportedUsers: job.imported,
    JobId: job.id,
    JobName: job.name,
    PreSignedUrl: uploadUrl(context, job),
    SkippedUsers: job.skipped,
    StartDate: date(job.startedAt),
    Status: statusOf(context, job),
    UserPoolId: job.userPoolId,
  };
}

function statusOf(
  { clock }: Pick<OperationContext, 'clock'>,
  { status, createdAt }: UserImportJobRecord,
): UserImportJobStatusType {
  return status === 'Created' && createdAt + START_WITHIN_MS <= clock.now() ? 'Expired' : status;
}

function date(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
