import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerClock } from '../clock.js';
import type { MessageFilter, MessagePage } from '../storage/messages.js';
import { registerClock } from './clock.js';
import { type ImportOptions, registerImportLog } from './imports.js';

export interface InspectionOptions extends ImportOptions {
  readonly messages: (filter: MessageFilter, limit: number, before?: number) => MessagePage;
  readonly isCrossSite: (headers: FastifyRequest['headers']) => boolean;
  readonly clock: ServerClock;
}

interface MessagesRoute {
  Querystring: Readonly<Record<string, unknown>>;
}

/** Messages in one answer, unless the request says how many. */
const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;

/** `/_cognest/*`: what AWS does not have. For tests and people on this machine. */
export function registerInspection(app: FastifyInstance, options: InspectionOptions): void {
  const { messages, isCrossSite } = options;
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.type('application/json').headers({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
      if (!isCrossSite(request.headers)) {
        const { origin } = request.headers;
        if (origin !== undefined) reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
        return;
      }
      return refuse(
        reply,
        403,
        request.url.startsWith('/_cognest/clock')
          ? 'Pages of other sites may not read or move the clock. Allow the origin with allowedOrigins or --allow-origin.'
          : 'Pages of other sites may not read this: it holds codes and passwords. Open it directly, or allow the origin with allowedOrigins or --allow-origin.',
      );
    });

    scope.get('/_cognest/health', (_request, reply) => reply.send('{"status":"ok"}'));

    scope.get<MessagesRoute>('/_cognest/messages', (request, reply) => {
      const query = readQuery(request.query);
      if (typeof query === 'string') return refuse(reply, 400, query);
      const { filter, limit, before } = query;
      const { messages: found, older } = messages(filter, limit, before);
      if (older !== undefined) reply.header('link', `<${pageBefore(filter, limit, older)}>; rel="next"`);
      return reply.send(JSON.stringify(found));
    });

    registerClock(scope, options.clock);
    registerImportLog(scope, options);
  });
}

interface MessagesQuery {
  readonly filter: MessageFilter;
  readonly limit: number;
  readonly before: number | undefined;
}

/** @returns what is wrong with it, when something is. */
function readQuery(given: Readonly<Record<string, unknown>>): MessagesQuery | string {
  const filter: { userPoolId?: string; username?: string } = {};
  const numbers: { limit?: number; before?: number } = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') return `Give "${name}" once.`;
    if (name === 'userPoolId' || name === 'username') filter[name] = value;
    else if (name === 'limit' || name === 'before') {
      if (!/^[1-9]\d{0,14}$/.test(value)) return `"${name}" must be a whole number from 1, got "${value}".`;
      numbers[name] = Number(value);
    } else return `Unknown filter "${name}": use userPoolId, username, limit or before.`;
  }
  const { limit = DEFAULT_LIMIT, before } = numbers;
  if (limit > MAX_LIMIT) return `"limit" must be ${MAX_LIMIT} at most, got "${limit}".`;
  return { filter, limit, before };
}

/** RFC 8288: relative to the address of the page. */
function pageBefore(filter: MessageFilter, limit: number, before: number): string {
  const query = new URLSearchParams({
    ...(filter.userPoolId !== undefined && { userPoolId: filter.userPoolId }),
    ...(filter.username !== undefined && { username: filter.username }),
    limit: String(limit),
    before: String(before),
  });
  return `/_cognest/messages?${query}`;
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send(JSON.stringify({ message }));
}
