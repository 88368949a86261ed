import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** The two things about a user import that go around the API. */
export interface ImportOptions {
  /** Takes a file for the job that the address was signed for. @returns why not, if not. */
  readonly receiveImportFile: (
    address: { readonly jobId: string; readonly expires: string; readonly signature: string },
    body: AsyncIterable<Uint8Array>,
  ) => Promise<{ readonly status: number; readonly message: string } | undefined>;
  /** What became of the lines of a job's file, in bounded pieces; `undefined` when there is no such job. */
  readonly importLog: (jobId: string) => Iterable<string> | undefined;
}

interface JobRoute {
  Params: { jobId: string };
  Querystring: { expires?: unknown; signature?: unknown };
}

/**
 * Where `PreSignedUrl` of an import job leads. The signature in the address is all the permission there is,
 * as on S3; headers such as `x-amz-server-side-encryption` are taken and mean nothing here.
 */
export function registerImportUpload(app: FastifyInstance, { receiveImportFile }: ImportOptions): void {
  app.register(async (scope) => {
    // The body is left to the handler, which takes it piece by piece and counts.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    scope.put<JobRoute>('/_cognest/import-jobs/:jobId/csv', async (request, reply) => {
      const { expires, signature } = request.query;
      const address = {
        jobId: request.params.jobId,
        expires: String(expires),
        signature: String(signature),
      };
      const body = (request.body ?? []) as AsyncIterable<Uint8Array>;
      try {
        const refusal = await receiveImportFile(address, body);
        return refusal === undefined
          ? reply.code(200).send()
          : refuse(reply, refusal.status, refusal.message);
      } catch (error) {
        // Nobody is left to answer, and nothing is wrong here.
        if (!request.raw.complete) return refuse(reply, 400, 'The file did not arrive whole.');
        throw error;
      }
    });
  });
}

/** `GET /_cognest/import-jobs/<id>/log`: what AWS writes to CloudWatch. */
export function registerImportLog(scope: FastifyInstance, { importLog }: ImportOptions): void {
  scope.get<JobRoute>('/_cognest/import-jobs/:jobId/log', (request, reply) => {
    const pieces = importLog(request.params.jobId);
    if (pieces === undefined) {
      return reply.code(404).send(JSON.stringify({ message: 'There is no such import job.' }));
    }
    return reply.type('text/plain; charset=utf-8').send(Readable.from(pieces));
  });
}

/** What is still to come of the body is not read: the connection ends with the answer. */
function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json', connection: 'close' })
    .send(JSON.stringify({ message }));
}
