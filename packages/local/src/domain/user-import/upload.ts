import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { OperationContext } from '../../operation.js';
import type { UserImportJobRecord } from '../../storage/user-import-jobs.js';

const URL_VALID_MS = 15 * 60 * 1000;
/** What AWS takes. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const DELETE_BATCH = 50;

export type UploadContext = Pick<OperationContext, 'storage' | 'clock'>;

/** Where the file goes with a PUT: for this job alone, until it expires. */
export function uploadUrl({ endpoint }: OperationContext, job: UserImportJobRecord): string {
  const expires = job.createdAt + URL_VALID_MS;
  return `${endpoint}/_cognest/import-jobs/${job.id}/csv?expires=${expires}&signature=${signatureOf(job, expires)}`;
}

function signatureOf({ id, uploadKey }: UserImportJobRecord, expires: number): string {
  return createHmac('sha256', uploadKey).update(`${id}\n${expires}`).digest('base64url');
}

export interface UploadRefusal {
  readonly status: 403 | 409 | 413;
  readonly message: string;
}

/** Jobs of this process that a file is arriving for. */
const uploading = new WeakMap<object, Set<string>>();

/**
 * Takes a file piece by piece, holding no more than one. The job has it when it is there whole; one that is
 * cut off or too large leaves the job as it was.
 *
 * @returns why not, or `undefined` when it was taken.
 */
export async function receiveUpload(
  { storage, clock }: UploadContext,
  request: { readonly jobId: string; readonly expires: string; readonly signature: string },
  body: AsyncIterable<Uint8Array>,
): Promise<UploadRefusal | undefined> {
  const job = storage.importJobs.find(request.jobId);
  // One answer for a wrong signature and for no such job: neither may be guessed at.
  if (job === undefined || !isSigned(job, request)) {
    return { status: 403, message: 'The signature of this address is wrong.' };
  }
  if (Number(request.expires) <= clock.now()) {
    return {
      status: 403,
      message: 'This address has expired: it is good for 15 minutes. Create another import job.',
    };
  }
  if (job.status !== 'Created') {
    return { status: 409, message: `The import job takes no file any more. Its status is ${job.status}.` };
  }
  const busy = uploading.get(storage) ?? new Set();
  uploading.set(storage, busy);
  if (busy.has(job.id)) return { status: 409, message: 'Another file is arriving for this import job.' };
  busy.add(job.id);
  const uploadId = randomUUID();
  try {
    const complete = await store(storage, job.userPoolId, uploadId, body);
    if (!complete) {
      await drop(storage, job.userPoolId, uploadId);
      return { status: 413, message: `The file may have ${MAX_FILE_BYTES} bytes at most.` };
    }
    const taken = storage.transaction(() => {
      const current = storage.importJobs.find(job.id);
      if (current?.status !== 'Created') return false;
      storage.importJobs.update({ ...current, uploadId });
      return true;
    });
    // Nothing but an upload changes the file of a job that is not started, and this is the only one.
    const unused = taken ? job.uploadId : uploadId;
    if (unused !== undefined) await drop(storage, job.userPoolId, unused);
    return taken ? undefined : { status: 409, message: 'The import job takes no file any more.' };
  } catch (error) {
    await drop(storage, job.userPoolId, uploadId);
    throw error;
  } finally {
    busy.delete(job.id);
  }
}

function isSigned(
  job: UserImportJobRecord,
  { expires, signature }: { readonly expires: string; readonly signature: string },
): boolean {
  const expected = Buffer.from(signatureOf(job, Number(expires)));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** @returns whether the file was small enough. */
async function store(
  storage: UploadContext['storage'],
  userPoolId: string,
  uploadId: string,
  body: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  let bytes = 0;
  let seq = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const write = () => {
    if (heldBytes > 0) storage.importFiles.append(userPoolId, uploadId, seq++, Buffer.concat(held));
    held = [];
    heldBytes = 0;
  };
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > MAX_FILE_BYTES) return false;
    held.push(piece);
    heldBytes += piece.byteLength;
    if (heldBytes >= PIECE_BYTES) write();
  }
  write();
  return true;
}

/** Deletes a file in batches, between which other requests are answered. */
export async function drop(
  storage: UploadContext['storage'],
  userPoolId: string,
  uploadId: string,
): Promise<void> {
  while (storage.importFiles.deleteSome(userPoolId, uploadId, DELETE_BATCH) > 0) await setImmediate();
}
