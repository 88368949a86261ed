import type { OperationContext } from '../operation.js';
import type { CheckedSeed } from './read-seed.js';

/** A pool that a seed named, as it is now. */
export interface SeededPool {
  readonly name: string;
  readonly userPoolId: string;
  readonly clients: readonly SeededClient[];
  /** The client that the seed named so; without a name the first. @throws Error when there is none. */
  client(name?: string): SeededClient;
}

export interface SeededClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

export async function applySeed(
  seed: CheckedSeed,
  _context: () => Omit<OperationContext, 'requestId'>,
): Promise<SeededPool[]> {
  if (seed.pools.length > 0) throw new Error('seeds come with the next commit');
  return [];
}
