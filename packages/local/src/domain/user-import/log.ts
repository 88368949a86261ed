import type { Storage } from '../../storage/storage.js';

const LINES_AT_A_TIME = 500;

/** The log of an import job, piece by piece; `undefined` when there is no such job. */
export function importLog(storage: Storage, jobId: string): Iterable<string> | undefined {
  const job = storage.importJobs.find(jobId);
  return job && pieces(storage, job.userPoolId, job.id);
}

function* pieces(storage: Storage, userPoolId: string, jobId: string): Generator<string> {
  let after = 0;
  for (;;) {
    const entries = storage.importFiles.log(userPoolId, jobId, LINES_AT_A_TIME, after);
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last.line;
    yield entries.map(({ entry }) => `${entry}\n`).join('');
  }
}
