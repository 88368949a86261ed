import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';
import { vi } from 'vitest';
import type { TestPool } from '../operations/support.js';

// The library's big integers are slow.
vi.setConfig({ testTimeout: 60_000 });

/** What an app keeps of tokens and devices. */
export function memory(): ICognitoStorage {
  const items = new Map<string, string>();
  return {
    setItem: (key, value) => items.set(key, value),
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => items.delete(key),
    clear: () => items.clear(),
  };
}

/** The library as an app has it: a pool, a user, a place to keep tokens and devices. */
export function app(pool: TestPool, Storage = memory()) {
  const userPool = new CognitoUserPool({
    UserPoolId: pool.id,
    ClientId: pool.clientId,
    endpoint: pool.server.cognito.endpoint,
    Storage,
  });
  const user = (Username: string) => new CognitoUser({ Username, Pool: userPool, Storage });
  return { userPool, user };
}

export function credentials(user: CognitoUser, Password: string): AuthenticationDetails {
  return new AuthenticationDetails({ Username: user.getUsername(), Password });
}

/** A callback of the library, as a promise. */
export function promised<T>(call: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}
