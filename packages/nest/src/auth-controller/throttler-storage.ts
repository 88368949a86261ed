import type { ModulesContainer } from '@nestjs/core';

/** As much of the storage of `@nestjs/throttler` as is used. */
export interface ThrottlerStorage {
  increment(
    key: string,
    ttlMs: number,
    limit: number,
    blockDurationMs: number,
    throttlerName: string,
  ): Promise<{ totalHits: number; timeToExpire: number; isBlocked: boolean; timeToBlockExpire: number }>;
}

/** The storage stops nobody by itself: what it counts is looked at here. */
export const NO_LIMIT = 2 ** 31 - 1;

/** The app's provider `ThrottlerStorage`, found by its token's name: nothing of `@nestjs/throttler` is loaded here. */
export function findThrottlerStorage(modules: ModulesContainer): ThrottlerStorage | undefined {
  for (const module of modules.values()) {
    for (const [token, { instance }] of module.providers) {
      if (typeof token === 'symbol' && token.description === 'ThrottlerStorage' && isStorage(instance)) {
        return instance;
      }
    }
  }
  return undefined;
}

function isStorage(value: unknown): value is ThrottlerStorage {
  return typeof (value as Partial<ThrottlerStorage> | null)?.increment === 'function';
}
