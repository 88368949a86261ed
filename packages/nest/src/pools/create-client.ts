import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { ResolvedPool } from '../options/cognito-options.js';
import { isClient } from '../options/resolve-pool.js';
import { boundAnswers } from './bound-answers.js';

/** The client that a pool's options describe, or the one that they hold. */
export function createClient(pool: ResolvedPool): CognitoIdentityProviderClient {
  if (isClient(pool.client)) return pool.client;
  const { region, endpoint, requestTimeoutMs } = pool;
  const { requestHandler = {} } = pool.client;
  // One that is ready-made is its maker's, with its time-outs.
  const isReady =
    typeof requestHandler === 'function' || ('handle' in requestHandler && isFunction(requestHandler.handle));
  const client = new CognitoIdentityProviderClient({
    ...pool.client,
    requestHandler: isReady
      ? requestHandler
      : {
          connectionTimeout: Math.min(3_000, requestTimeoutMs),
          requestTimeout: requestTimeoutMs,
          throwOnRequestTimeout: true,
          ...requestHandler,
        },
    region,
    ...(endpoint !== undefined && { endpoint }),
  });
  if (!isReady) {
    const { requestTimeout } = requestHandler as { requestTimeout?: unknown };
    boundAnswers(
      client.config.requestHandler,
      typeof requestTimeout === 'number' && requestTimeout > 0 ? requestTimeout : requestTimeoutMs,
    );
  }
  if (pool.client.retryStrategy === undefined) heedLimits(client);
  return client;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
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
