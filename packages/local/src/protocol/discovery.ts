import type { FastifyInstance, FastifyReply } from 'fastify';

export interface DiscoveryOptions {
  /** The server's own address without a trailing slash. */
  readonly endpoint: () => string;
  /** The public keys of a pool; `undefined` when there is no such pool. */
  readonly keySet: (userPoolId: string) => object | undefined;
}

interface PoolRoute {
  Params: { userPoolId: string };
}

/** What a verifier of tokens reads: the pool's public keys and its OpenID configuration. */
export function registerDiscovery(app: FastifyInstance, { endpoint, keySet }: DiscoveryOptions): void {
  app.get<PoolRoute>('/:userPoolId/.well-known/jwks.json', (request, reply) => {
    const { userPoolId } = request.params;
    return publish(reply, userPoolId, keySet(userPoolId));
  });

  app.get<PoolRoute>('/:userPoolId/.well-known/openid-configuration', (request, reply) => {
    const { userPoolId } = request.params;
    const issuer = `${endpoint()}/${userPoolId}`;
    // No authorization or token endpoint: there is no hosted domain.
    const configuration = {
      id_token_signing_alg_values_supported: ['RS256'],
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      subject_types_supported: ['public'],
    };
    return publish(reply, userPoolId, keySet(userPoolId) && configuration);
  });
}

function publish(reply: FastifyReply, userPoolId: string, document: object | undefined): FastifyReply {
  reply.type('application/json').header('access-control-allow-origin', '*');
  if (!document) {
    return reply.code(404).send(JSON.stringify({ message: `User pool ${userPoolId} does not exist.` }));
  }
  // Short: a pool with the same id and other keys may come after a data directory is deleted.
  return reply.header('cache-control', 'public, max-age=60').send(JSON.stringify(document));
}
