import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerClock } from '../clock.js';
import type { OutgoingMessage } from '../outbox/outbox.js';
import type { MessageFilter } from '../storage/messages.js';
import { registerClock } from './clock.js';
import { type ImportOptions, registerImportLog } from './imports.js';

export interface InspectionOptions extends ImportOptions {
  /** Oldest first. */
  readonly messages: (filter: MessageFilter) => readonly OutgoingMessage[];
  readonly isCrossSite: (headers: FastifyRequest['headers']) => boolean;
  readonly clock: ServerClock;
}

interface MessagesRoute {
  Querystring: { userPoolId?: unknown; username?: unknown };
}

const FILTERS = new Set(['userPoolId', 'username']);

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
        'Pages of other sites may not read this: it holds codes and passwords. Open it directly, or allow the origin with allowedOrigins or --allow-origin.',
      );
    });

    scope.get('/_cognest/health', (_request, reply) => reply.send('{"status":"ok"}'));

    scope.get<MessagesRoute>('/_cognest/messages', (request, reply) => {
      const filter: { userPoolId?: string; username?: string } = {};
      for (const [name, value] of Object.entries(request.query)) {
        if (!FILTERS.has(name))
          return refuse(reply, 400, `Unknown filter "${name}": use userPoolId or username.`);
        if (typeof value !== 'string') return refuse(reply, 400, `Give the filter "${name}" once.`);
        filter[name as 'userPoolId' | 'username'] = value;
      }
      return reply.send(JSON.stringify(messages(filter)));
    });

    registerClock(scope, options.clock);
    registerImportLog(scope, options);
  });
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send(JSON.stringify({ message }));
}
