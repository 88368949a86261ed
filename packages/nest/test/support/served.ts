import * as sdkModule from '@aws-sdk/client-cognito-identity-provider';
import {
  CognitoIdentityProvider,
  type CognitoIdentityProviderClient,
  type CreateUserPoolClientRequest,
  type CreateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Cognito, ManualClock, type OutgoingMessage, startCognito, type Triggers } from '@cognest/local';
import { afterAll, expect, it } from 'vitest';
import {
  CognitoAuthService,
  CognitoDevicesService,
  CognitoGroupsService,
  CognitoUserPoolsService,
  CognitoUsersService,
} from '../../src/index.js';
import { startApp } from './app.js';
import { PASSWORD } from './cognito.js';

/**
 * `npm run test:conformance`: another server to run against, as `http://127.0.0.1:9229`. What it does not have is
 * skipped: operations, and what only the embedded Cognito shows (the codes that it sends, its clock).
 */
const elsewhere = process.env['COGNEST_CONFORMANCE_ENDPOINT'];

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
const region = 'eu-central-1';

export interface Served {
  readonly endpoint: string;
  readonly sdk: CognitoIdentityProvider;
  /** A test that needs operations, by their names; `embedded` for what only ours shows, and answers like AWS. */
  readonly test: (needs: string, title: string, body: () => Promise<void>) => void;
  /** The newest code that was sent to a user. */
  code(username: string): string;
  /** What was sent to a user, oldest first. */
  messages(userPoolId: string, username?: string): readonly OutgoingMessage[];
  /** Remembers all that is on the embedded Cognito, and gives what goes back to it. */
  checkpoint(): Promise<() => Promise<void>>;
  /** The time that the server takes it to be. */
  nowMs(): number;
  advance(ms: number): void;
}

/** The embedded Cognito in memory, or the server that the environment names; closed after the file. */
export async function serve(triggers: Triggers = {}): Promise<Served> {
  const clock = new ManualClock();
  const cognito: Cognito | undefined =
    elsewhere === undefined
      ? await startCognito({ port: 0, memory: true, region, clock, triggers })
      : undefined;
  const endpoint = cognito?.endpoint ?? (elsewhere as string);
  const sdk = new CognitoIdentityProvider({ endpoint, region, credentials, maxAttempts: 1 });
  afterAll(async () => {
    sdk.destroy();
    await cognito?.close();
  });

  const lacking = cognito === undefined ? await lackingIn(sdk) : new Set<string>();
  return {
    endpoint,
    sdk,
    test: (needs, title, body) =>
      it.skipIf(needs.split(' ').some((need) => lacking.has(need)))(`${title} (${needs})`, body),
    code: (username) => {
      const code = cognito?.messages({ username }).at(-1)?.code;
      if (code === undefined) throw new Error(`nothing was sent to ${username}`);
      return code;
    },
    messages: (userPoolId, username) => cognito?.messages({ userPoolId, username }) ?? [],
    checkpoint: async () => {
      const point = await cognito?.checkpoint();
      return async () => {
        if (point !== undefined) await cognito?.reset(point);
      };
    },
    nowMs: () => clock.now(),
    advance: (ms) => clock.advance(ms),
  };
}

/** What a server answers with an error that says so, asked with an empty request, which every operation refuses. */
async function lackingIn(client: CognitoIdentityProviderClient): Promise<Set<string>> {
  const lacking = new Set(['embedded']);
  for (const [name, Command] of Object.entries(sdkModule)) {
    if (!name.endsWith('Command')) continue;
    try {
      await client.send(new (Command as new (input: object) => never)({}));
    } catch (error) {
      const { name: type, message } = error as Error;
      if (/unsupported|unknownoperation|not ?implemented/i.test(`${type} ${message}`)) {
        lacking.add(name.slice(0, -'Command'.length));
      }
    }
  }
  return lacking;
}

/** A pool and an app client on the server, with the services of a Nest app that is configured for them. */
export async function pool(
  served: Served,
  settings: Partial<CreateUserPoolRequest> = {},
  client: Partial<CreateUserPoolClientRequest> = {},
) {
  const { sdk } = served;
  const { UserPool } = await sdk.createUserPool({
    PoolName: 'pool',
    AutoVerifiedAttributes: ['email'],
    Schema: [{ Name: 'plan', AttributeDataType: 'String', Mutable: true }],
    ...settings,
  });
  const userPoolId = UserPool?.Id as string;
  const { UserPoolClient } = await sdk.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'client',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    ...client,
  });
  const clientId = UserPoolClient?.ClientId as string;
  const clientSecret = UserPoolClient?.ClientSecret;
  const services = await servicesOf(served, { userPoolId, clientId, clientSecret });
  return { ...services, arn: UserPool?.Arn as string };
}

/** The services of a Nest app that is configured for a pool and an app client. */
export async function servicesOf(
  { sdk, endpoint }: Served,
  {
    userPoolId,
    clientId,
    clientSecret,
  }: { userPoolId: string; clientId: string; clientSecret?: string | undefined },
) {
  // The pools of other servers are not called as AWS calls them, and say nothing of a region.
  const app = await startApp(
    { userPoolId, clientId, clientSecret, endpoint, region, client: { credentials } },
    [],
  );
  afterAll(() => app.close());
  const users = app.nest.get(CognitoUsersService);
  return {
    userPoolId,
    clientId,
    auth: app.nest.get(CognitoAuthService),
    users,
    groups: app.nest.get(CognitoGroupsService),
    devices: app.nest.get(CognitoDevicesService),
    pools: app.nest.get(CognitoUserPoolsService),
    /** A confirmed user with `PASSWORD`. */
    user: async (
      username: string,
      userAttributes: Parameters<typeof users.create>[0]['userAttributes'] = {},
    ) => {
      await users.create({
        username,
        userAttributes,
        messageAction: 'SUPPRESS',
        temporaryPassword: PASSWORD,
      });
      await users.setPassword({ username, password: PASSWORD, permanent: true });
      return username;
    },
    /** What a sign-in of the user answers, in the API's words. */
    signIn: (username: string) =>
      sdk.initiateAuth({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD },
      }),
    token: async (username: string) => {
      const { AuthenticationResult } = await sdk.initiateAuth({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD },
      });
      return AuthenticationResult?.AccessToken as string;
    },
  };
}

export type Pool = Awaited<ReturnType<typeof pool>>;

/** Expects Cognito's exception, and the SDK's own class for it where it has one. */
async function refused(call: Promise<unknown>, type: string): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, `expected ${type}`).toMatchObject({ name: type });
  const Exception = (sdkModule as Record<string, unknown>)[type];
  if (typeof Exception === 'function') expect(error).toBeInstanceOf(Exception);
}

/** Refusals of a method, one a line: the exception, and the call that meets it. */
export async function allRefused(
  calls: readonly (readonly [type: string, call: () => Promise<unknown>])[],
): Promise<void> {
  for (const [type, call] of calls) await refused(call(), type);
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
