import type { FastifyInstance } from 'fastify';
import type { ServerClock } from '../clock.js';

/** The most that one call moves the clock, and the longest text for it. */
const MAX_BODY_LENGTH = 200;

/**
 * `GET /_cognest/clock` tells the server's time, and `POST` moves it: `{"advance":"1h"}`. The body has to be
 * called JSON, which no page of another site can send unasked.
 */
export function registerClock(scope: FastifyInstance, clock: ServerClock): void {
  const now = () => JSON.stringify({ now: new Date(clock.now()).toISOString() });

  scope.get('/_cognest/clock', (_request, reply) => reply.send(now()));

  scope.post('/_cognest/clock', (request, reply) => {
    const refuse = (status: number, message: string) => reply.code(status).send(JSON.stringify({ message }));
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') return refuse(415, 'Send JSON, with content-type: application/json.');
    const advance = readAdvance(request.body);
    if (advance === undefined) return refuse(400, 'Send {"advance":"1h"}, and nothing else.');
    try {
      clock.advance(advance);
    } catch (error) {
      return refuse(400, (error as Error).message);
    }
    return reply.send(now());
  });

  // A page of an allowed origin asks first, because of the content type.
  scope.options('/_cognest/clock', (_request, reply) =>
    reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type',
      })
      .send(),
  );
}

function readAdvance(body: unknown): string | number | undefined {
  if (typeof body !== 'string' || body.length > MAX_BODY_LENGTH) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || Object.keys(json).join() !== 'advance') return undefined;
  const { advance } = json as { advance: unknown };
  return typeof advance === 'string' || typeof advance === 'number' ? advance : undefined;
}
