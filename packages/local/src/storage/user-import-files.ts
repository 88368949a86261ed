import { blob, type Connection } from './sqlite.js';

interface ImportLogEntry {
  /** Of the file, the header being line 1. */
  readonly line: number;
  readonly entry: string;
}

/** The files of import jobs in pieces, and what became of their lines. */
export interface UserImportFileStore {
  append(userPoolId: string, uploadId: string, seq: number, data: Uint8Array): void;
  /** Pieces are numbered from 0 without a gap. */
  read(userPoolId: string, uploadId: string, seq: number): Buffer | undefined;
  /** @returns how many pieces it deleted, `limit` at most. */
  deleteSome(userPoolId: string, uploadId: string, limit: number): number;
  /** Files that belong to no job: what uploads that were cut off left behind. */
  orphans(): { readonly userPoolId: string; readonly uploadId: string }[];

  appendLog(userPoolId: string, jobId: string, entries: readonly ImportLogEntry[]): void;
  /** In the order of lines, from after `afterLine`. */
  log(userPoolId: string, jobId: string, limit: number, afterLine: number): ImportLogEntry[];
  /** @returns how many entries it deleted, `limit` at most. */
  deleteSomeLog(userPoolId: string, jobId: string, limit: number): number;
}

export function userImportFileStore(connection: Connection): UserImportFileStore {
  const append = connection.prepare(
    'INSERT INTO user_import_chunks (user_pool_id, upload_id, seq, data) VALUES (?, ?, ?, ?)',
  );
  const read = connection.prepare(
    'SELECT data FROM user_import_chunks WHERE user_pool_id = ? AND upload_id = ? AND seq = ?',
  );
  const deleteSome = connection.prepare(
    `DELETE FROM user_import_chunks WHERE (user_pool_id, upload_id, seq) IN
       (SELECT user_pool_id, upload_id, seq FROM user_import_chunks WHERE user_pool_id = ? AND upload_id = ? LIMIT ?)`,
  );
  const orphans = connection.prepare(
    `SELECT DISTINCT user_pool_id, upload_id FROM user_import_chunks WHERE upload_id NOT IN
       (SELECT upload_id FROM user_import_jobs WHERE upload_id IS NOT NULL)`,
  );
  const appendLog = connection.prepare(
    'INSERT OR REPLACE INTO user_import_log (user_pool_id, job_id, line, entry) VALUES (?, ?, ?, ?)',
  );
  const log = connection.prepare(
    `SELECT line, entry FROM user_import_log WHERE user_pool_id = ? AND job_id = ? AND line > ?
     ORDER BY line LIMIT ?`,
  );
  const deleteSomeLog = connection.prepare(
    `DELETE FROM user_import_log WHERE (user_pool_id, job_id, line) IN
       (SELECT user_pool_id, job_id, line FROM user_import_log WHERE user_pool_id = ? AND job_id = ? LIMIT ?)`,
  );
  return {
    append: (userPoolId, uploadId, seq, data) => {
      append.run(userPoolId, uploadId, seq, data);
    },
    read: (userPoolId, uploadId, seq) => {
      const row = read.get(userPoolId, uploadId, seq);
      return row && blob(row['data']);
    },
    deleteSome: (userPoolId, uploadId, limit) => deleteSome.run(userPoolId, uploadId, limit),
    orphans: () =>
      orphans.all().map((row) => ({
        userPoolId: row['user_pool_id'] as string,
        uploadId: row['upload_id'] as string,
      })),
    appendLog: (userPoolId, jobId, entries) => {
      for (const { line, entry } of entries) appendLog.run(userPoolId, jobId, line, entry);
    },
    log: (userPoolId, jobId, limit, afterLine) =>
      log.all(userPoolId, jobId, afterLine, limit).map((row) => ({
        line: row['line'] as number,
        entry: row['entry'] as string,
      })),
    deleteSomeLog: (userPoolId, jobId, limit) => deleteSomeLog.run(userPoolId, jobId, limit),
  };
}
