import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** As much of one of the SDK's commands as is needed here. */
interface Command {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; priority: 'high'; name: string }): void;
    add(middleware: Middleware, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's own types of a middleware hang on those of each command
type Middleware = (next: (args: any) => Promise<any>) => (args: any) => Promise<any>;

/** What is known of a command while it runs, and afterwards. */
export interface Exchange {
  /**
   * Whether it has been begun and not been handed to the handler of requests, so that it is not written or not signed.
   * No for a client that is none of the SDK's.
   */
  readonly isUnsent: boolean;
  /** The bytes of the last answer; nothing as long as there is none, or where the client is none of the SDK's. */
  readonly body: Uint8Array | undefined;
}

/** Watches a command from here on, and keeps what it is answered with, before the SDK reads it. */
export function watchExchange(command: Command, { config }: CognitoIdentityProviderClient): Exchange {
  const exchange = { isUnsent: false, body: undefined as Uint8Array | undefined };
  command.middlewareStack.add(
    (next) => (args) => {
      exchange.isUnsent = true;
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'cognestBeginExchange' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      exchange.isUnsent = false;
      const result = await next(args);
      const { response } = result;
      // A handler that was handed in may give none, or one that is still coming.
      if (response.body && !(response.body instanceof Uint8Array)) {
        response.body = await config.streamCollector(response.body);
      }
      exchange.body = response.body || undefined;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'cognestWatchExchange' },
  );
  return exchange;
}
