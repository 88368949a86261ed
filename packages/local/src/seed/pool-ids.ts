import type { Storage } from '../storage/index.js';
import type { UserPoolClientRecord } from '../storage/user-pool-clients.js';
import type { UserPoolRecord } from '../storage/user-pools.js';

/** A pool of the server, for whoever needs its ids. */
export interface PoolIds {
  readonly name: string;
  readonly userPoolId: string;
  /** Oldest first. */
  readonly clients: readonly ClientIds[];
  /** The client of that name; without a name the first. @throws Error when there is none. */
  client(name?: string): ClientIds;
}

export interface ClientIds {
  readonly name: string;
  readonly clientId: string;
  /** Absent for a public client. */
  readonly clientSecret?: string;
}

/** More are not listed: this is for a handful of pools that a person or a seed made. */
const MAX_LISTED = 1000;

/** Oldest first. */
export function pools(storage: Storage): UserPoolRecord[] {
  return storage.userPools.list(MAX_LISTED).sort(byAge);
}

/** Oldest first. */
export function clientsOf(storage: Storage, userPoolId: string): UserPoolClientRecord[] {
  return storage.clients.list(userPoolId, MAX_LISTED).sort(byAge);
}

const byAge = (a: { createdAt: number }, b: { createdAt: number }) => a.createdAt - b.createdAt;

export function poolIds(storage: Storage, { id, name }: UserPoolRecord): PoolIds {
  const clients = clientsOf(storage, id).map(
    ({ id: clientId, name: clientName, secrets: [clientSecret] }) => ({
      name: clientName,
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
    }),
  );
  return {
    name,
    userPoolId: id,
    clients,
    client: (wanted) => find(clients, wanted, `client of the pool "${name}"`),
  };
}

/** The entry of that name; without a name the first. */
export function find<T extends { name: string }>(
  entries: readonly T[],
  name: string | undefined,
  what: string,
): T {
  const entry = name === undefined ? entries[0] : entries.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const known = entries.map((candidate) => `"${candidate.name}"`).join(', ') || 'none';
  throw new Error(`There is no ${what}${name === undefined ? '' : ` named "${name}"`}; there is: ${known}.`);
}
