import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** As much of one of the SDK's commands as is needed here. */
interface Command {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's own types of a middleware hang on those of each command
type Middleware = (next: (args: any) => Promise<any>) => (args: any) => Promise<any>;

/**
 * Keeps what a command is answered with, before the SDK reads it.
 *
 * @returns a function that gives the bytes of the last answer; nothing as long as there is none, or where the client is
 *   none of the SDK's.
 */
export function keepBody(
  command: Command,
  { config }: CognitoIdentityProviderClient,
): () => Uint8Array | undefined {
  let body: Uint8Array | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      // A handler that was handed in may give none, or one that is still coming.
      if (response.body && !(response.body instanceof Uint8Array)) {
        response.body = await config.streamCollector(response.body);
      }
      body = response.body || undefined;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'cognestKeepBody' },
  );
  return () => body;
}
