import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { ResolvedPool } from '../options/cognito-options.js';
import { isClient } from '../options/resolve-pool.js';

/** The client that a pool's options describe, or the one that they hold. */
export function createClient(pool: ResolvedPool): CognitoIdentityProviderClient {
  if (isClient(pool.client)) return pool.client;
  const { region, endpoint, requestTimeoutMs } = pool;
  const client = new CognitoIdentityProviderClient({
    requestHandler: {
      connectionTimeout: Math.min(3_000, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...pool.client,
    region,
    ...(endpoint !== undefined && { endpoint }),
  });
  if (pool.client.retryStrategy === undefined) heedLimits(client);
  return client;
}

/**
 * Keeps the SDK from trying again when an attempt limit is reached, which it takes for throttling: minutes must pass,
 * not milliseconds; each try is one more attempt; and the wait would tell who exists, since only their attempts are
 * counted.
 */
function heedLimits({ config }: CognitoIdentityProviderClient): void {
  const standard = config.retryStrategy;
  let heeding: ReturnType<typeof standard> | undefined;
  config.retryStrategy = () => {
    heeding ??= standard().then((strategy) => {
      // What a strategy of the SDK's older kind decides, it decides without being asked.
      if (!('refreshRetryTokenForRetry' in strategy)) return strategy;
      return {
        acquireInitialRetryToken: (scope: string) => strategy.acquireInitialRetryToken(scope),
        refreshRetryTokenForRetry: (
          ...[token, info]: Parameters<typeof strategy.refreshRetryTokenForRetry>
        ) => {
          const { error } = info;
          if (error instanceof Error && error.name === 'LimitExceededException') throw error;
          return strategy.refreshRetryTokenForRetry(token, info);
        },
        recordSuccess: (token: Parameters<typeof strategy.recordSuccess>[0]) => strategy.recordSuccess(token),
      };
    });
    return heeding;
  };
}
