import { Amplify } from 'aws-amplify';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger, type KeyValueStorageInterface } from 'aws-amplify/utils';
import { vi } from 'vitest';
import type { TestPool } from '../operations/support.js';

// It warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR';

// What it names the device by; Node has it from version 21 on.
vi.stubGlobal('navigator', { userAgent: 'test' });

/** What an app keeps of tokens and devices. */
class Memory implements KeyValueStorageInterface {
  readonly #items = new Map<string, string>();
  async setItem(key: string, value: string) {
    this.#items.set(key, value);
  }
  async getItem(key: string) {
    return this.#items.get(key) ?? null;
  }
  async removeItem(key: string) {
    this.#items.delete(key);
  }
  async clear() {
    this.#items.clear();
  }
}

/** Amplify as an app configures it, pointed at the pool. It knows one pool at a time. */
export function useAmplify(pool: TestPool): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pool.id,
        userPoolClientId: pool.clientId,
        userPoolEndpoint: pool.server.cognito.endpoint,
      },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(new Memory());
}
