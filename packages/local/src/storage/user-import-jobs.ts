import type { UserImportJobStatusType } from '@aws-sdk/client-cognito-identity-provider';
import type { Connection, Row } from './sqlite.js';

export interface UserImportJobRecord {
  readonly id: string;
  readonly userPoolId: string;
  readonly name: string;
  readonly roleArn: string;
  readonly status: UserImportJobStatusType;
  /** What the address for the upload is signed with. */
  readonly uploadKey: string;
  /** The file that arrived last and whole. */
  readonly uploadId: string | undefined;
  /** Rows of the file that are dealt with, the header aside: where a restart goes on. */
  readonly recordsDone: number;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
  readonly message: string | undefined;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
}

export interface UserImportJobStore {
  insert(job: UserImportJobRecord): void;
  /** Replaces status, file, progress, message and dates. */
  update(job: UserImportJobRecord): void;
  find(id: string): UserImportJobRecord | undefined;
  count(userPoolId: string): number;
  /** Newest first, from after the job that was created then under that id. */
  list(
    userPoolId: string,
    limit: number,
    after?: { readonly createdAt: number; readonly id: string },
  ): UserImportJobRecord[];
  /** Jobs that are at work, or will be. */
  active(): UserImportJobRecord[];
  /** Marks at most `limit` jobs that were created then or before, and not started, as expired. */
  expire(createdUntil: number, limit: number): void;
  /** A job that has ended and whose file is still kept. */
  endedWithFile(): UserImportJobRecord | undefined;
}

export function userImportJobStore(connection: Connection): UserImportJobStore {
  const insert = connection.prepare(
    `INSERT INTO user_import_jobs (id, user_pool_id, name, role_arn, status, upload_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = connection.prepare(
    `UPDATE user_import_jobs SET status = ?, upload_id = ?, records_done = ?, imported = ?, skipped = ?,
       failed = ?, message = ?, started_at = ?, completed_at = ? WHERE id = ?`,
  );
  const find = connection.prepare('SELECT * FROM user_import_jobs WHERE id = ?');
  const count = connection.prepare('SELECT COUNT(*) AS count FROM user_import_jobs WHERE user_pool_id = ?');
  const list = connection.prepare(
    `SELECT * FROM user_import_jobs WHERE user_pool_id = ? AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  const active = connection.prepare(
    "SELECT * FROM user_import_jobs WHERE status IN ('Pending', 'InProgress', 'Stopping') ORDER BY started_at",
  );
  const expire = connection.prepare(
    `UPDATE user_import_jobs SET status = 'Expired' WHERE id IN
       (SELECT id FROM user_import_jobs WHERE status = 'Created' AND created_at <= ? LIMIT ?)`,
  );
  const endedWithFile = connection.prepare(
    `SELECT * FROM user_import_jobs
     WHERE upload_id IS NOT NULL AND status IN ('Succeeded', 'Failed', 'Stopped', 'Expired') LIMIT 1`,
  );
  return {
    insert: (job) => {
      insert.run(job.id, job.userPoolId, job.name, job.roleArn, job.status, job.uploadKey, job.createdAt);
    },
    update: (job) => {
      update.run(
        job.status,
        job.uploadId ?? null,
        job.recordsDone,
        job.imported,
        job.skipped,
        job.failed,
        job.message ?? null,
        job.startedAt ?? null,
        job.completedAt ?? null,
        job.id,
      );
    },
    find: (id) => {
      const row = find.get(id);
      return row && toRecord(row);
    },
    count: (userPoolId) => Number(count.get(userPoolId)?.['count']),
    list: (userPoolId, limit, after = { createdAt: Number.MAX_SAFE_INTEGER, id: '' }) =>
      list.all(userPoolId, after.createdAt, after.id, limit).map(toRecord),
    active: () => active.all().map(toRecord),
    expire: (createdUntil, limit) => {
      expire.run(createdUntil, limit);
    },
    endedWithFile: () => {
      const row = endedWithFile.get();
      return row && toRecord(row);
    },
  };
}

function toRecord(row: Row): UserImportJobRecord {
  return {
    id: row['id'] as string,
    userPoolId: row['user_pool_id'] as string,
    name: row['name'] as string,
    roleArn: row['role_arn'] as string,
    status: row['status'] as UserImportJobStatusType,
    uploadKey: row['upload_key'] as string,
    uploadId: (row['upload_id'] as string | null) ?? undefined,
    recordsDone: row['records_done'] as number,
    imported: row['imported'] as number,
    skipped: row['skipped'] as number,
    failed: row['failed'] as number,
    message: (row['message'] as string | null) ?? undefined,
    createdAt: row['created_at'] as number,
    startedAt: (row['started_at'] as number | null) ?? undefined,
    completedAt: (row['completed_at'] as number | null) ?? undefined,
  };
}
