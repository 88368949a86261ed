import { setImmediate } from 'node:timers/promises';
import type { OperationContext } from '../../operation.js';
import type { UserImportJobRecord } from '../../storage/user-import-jobs.js';
import { type CsvLine, csvFields, csvLines, headerFault } from './csv.js';
import { importRow } from './row.js';
import { drop } from './upload.js';

/** Rows of one transaction; other requests are answered between one and the next. */
const BATCH = 100;
const MAX_USERS = 500_000;
/** Logs of earlier jobs of the pool are dropped. */
const KEEP_LOGS = 10;
const DELETE_BATCH = 1000;
const POOL_DELETED = 'The user pool was deleted.';

/** Works through the import jobs that have been started, in the background. */
export interface ImportRunner {
  /** To be called when a job was started. */
  wake(): void;
  /** Stops after the rows that it is at; the next start goes on from there. */
  close(): Promise<void>;
}

type RunnerContext = () => Omit<OperationContext, 'requestId'>;

/** @param onError Called with what was not foreseen; the job has failed then. */
export function createImportRunner(context: RunnerContext, onError: (error: unknown) => void): ImportRunner {
  let running: Promise<void> | undefined;
  let closed = false;

  const work = async () => {
    for (;;) {
      const [job] = closed ? [] : context().storage.importJobs.active();
      if (job === undefined) break;
      await new ImportRun(context, job.id, () => closed).run().catch((error: unknown) => {
        if (closed) return;
        onError(error);
        finish(context(), job.id, 'Failed', 'The import failed because of an internal error.');
      });
      if (!closed) await dropOldLogs(context(), job.userPoolId);
    }
    if (!closed) await dropFiles(context().storage);
  };

  return {
    wake: () => {
      running ??= setImmediate()
        .then(work)
        .catch(onError)
        .finally(() => {
          running = undefined;
        });
    },
    close: async () => {
      closed = true;
      await running;
    },
  };
}

/** What a process that ended left behind: files that never arrived whole, or that nobody needs. */
export async function dropLeftovers({ storage }: Pick<OperationContext, 'storage'>): Promise<void> {
  for (const { userPoolId, uploadId } of storage.importFiles.orphans()) {
    await drop(storage, userPoolId, uploadId);
  }
}

/** The files of jobs that have ended. */
async function dropFiles(storage: OperationContext['storage']): Promise<void> {
  for (;;) {
    const job = storage.importJobs.endedWithFile();
    if (job?.uploadId === undefined) return;
    await drop(storage, job.userPoolId, job.uploadId);
    storage.importJobs.update({ ...job, uploadId: undefined });
  }
}

async function dropOldLogs({ storage }: ReturnType<RunnerContext>, userPoolId: string): Promise<void> {
  for (const job of storage.importJobs.list(userPoolId, 1000).slice(KEEP_LOGS)) {
    while (storage.importFiles.deleteSomeLog(userPoolId, job.id, DELETE_BATCH) > 0) await setImmediate();
  }
}

function finish(
  { storage, clock }: ReturnType<RunnerContext>,
  jobId: string,
  status: 'Succeeded' | 'Failed' | 'Stopped',
  message: string,
): void {
  storage.transaction(() => {
    const job = storage.importJobs.find(jobId);
    if (job === undefined) return;
    storage.importJobs.update({ ...job, status, message, completedAt: clock.now() });
  });
}

class ImportRun {
  readonly #context: OperationContext;
  readonly #jobId: string;
  readonly #isClosed: () => boolean;

  constructor(context: RunnerContext, jobId: string, isClosed: () => boolean) {
    this.#context = { ...context(), requestId: jobId };
    this.#jobId = jobId;
    this.#isClosed = isClosed;
  }

  async run(): Promise<void> {
    const { storage } = this.#context;
    const job = storage.importJobs.find(this.#jobId) as UserImportJobRecord;
    if (job.status === 'Pending') storage.importJobs.update({ ...job, status: 'InProgress' });
    const lines = csvLines(this.#pieces(job));
    try {
      await this.#lines(lines, job.recordsDone);
    } catch (error) {
      if (
        !(error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      ) {
        throw error;
      }
      this.#end('Failed', 'The CSV file is not encoded in UTF-8.');
    }
  }

  *#pieces({ userPoolId, uploadId }: UserImportJobRecord): Generator<Uint8Array> {
    for (let seq = 0; ; seq++) {
      const piece = this.#context.storage.importFiles.read(userPoolId, uploadId as string, seq);
      if (piece === undefined) return;
      yield piece;
    }
  }

  async #lines(lines: Iterator<CsvLine>, done: number): Promise<void> {
    const { storage } = this.#context;
    const pool = storage.userPools.find(
      (storage.importJobs.find(this.#jobId) as UserImportJobRecord).userPoolId,
    );
    const first = lines.next();
    const row = first.done ? '' : (first.value.text ?? '');
    const fault = pool === undefined ? POOL_DELETED : headerFault(pool, row);
    if (fault !== undefined) return this.#end('Failed', fault);
    const header = csvFields(row);
    let skip = done;
    for (;;) {
      const batch: CsvLine[] = [];
      let ended = false;
      // An empty line is no row.
      for (let read = 0; read < BATCH; ) {
        const next = lines.next();
        if (next.done) {
          ended = true;
          break;
        }
        read++;
        if (next.value.text?.trim() === '') continue;
        if (skip > 0) skip--;
        else batch.push(next.value);
      }
      if (this.#isClosed() || !this.#batch(header, batch)) return;
      if (ended) return this.#complete();
      await setImmediate();
    }
  }

  /** @returns whether to go on. */
  #batch(header: readonly string[], batch: readonly CsvLine[]): boolean {
    const { storage } = this.#context;
    return storage.transaction(() => {
      const job = storage.importJobs.find(this.#jobId);
      const pool = job && storage.userPools.find(job.userPoolId);
      if (job === undefined || pool === undefined) {
        this.#end('Failed', POOL_DELETED);
        return false;
      }
      if (job.status === 'Stopping') {
        this.#end('Stopped', 'The Import Job was stopped by the developer.');
        return false;
      }
      if (job.recordsDone + batch.length > MAX_USERS) {
        this.#end('Failed', `The CSV file has more than ${MAX_USERS} users.`);
        return false;
      }
      const counts = { SUCCEEDED: 0, SKIPPED: 0, FAILED: 0 };
      const log = batch.map(({ line, text }) => {
        const { outcome, reason } =
          text === undefined
            ? ({ outcome: 'FAILED', reason: 'The row is longer than 16,000 characters.' } as const)
            : importRow(this.#context, pool, header, csvFields(text));
        counts[outcome]++;
        return { line, entry: `[${outcome}] Line Number ${line} - ${reason}` };
      });
      storage.importFiles.appendLog(job.userPoolId, job.id, log);
      storage.importJobs.update({
        ...job,
        recordsDone: job.recordsDone + batch.length,
        imported: job.imported + counts.SUCCEEDED,
        skipped: job.skipped + counts.SKIPPED,
        failed: job.failed + counts.FAILED,
      });
      return true;
    });
  }

  #complete(): void {
    const { imported, skipped, failed } = this.#context.storage.importJobs.find(
      this.#jobId,
    ) as UserImportJobRecord;
    if (imported === 0 && skipped + failed > 0) {
      this.#end('Failed', 'Too many users have failed or been skipped during the import.');
    } else {
      this.#end('Succeeded', 'Import Job Completed Successfully.');
    }
  }

  #end(status: 'Succeeded' | 'Failed' | 'Stopped', message: string): void {
    finish(this.#context, this.#jobId, status, message);
  }
}
