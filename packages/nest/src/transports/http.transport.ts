import type { Transport } from './transport.js';

/** HTTP, on Express and Fastify. The guard takes it through Passport; its refusals are Nest's own exceptions. */
export const httpTransport: Transport = {
  type: 'http',
  carrierOf: (context, sources) => sources.carrierOf(context.switchToHttp().getRequest()),
  keeperOf: (context) => context.switchToHttp().getRequest(),
  refuse: async (exception) => exception,
};
