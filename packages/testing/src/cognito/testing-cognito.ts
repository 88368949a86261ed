import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import type {
  Checkpoint,
  Cognito,
  MessageFilter,
  OutgoingMessage,
  Seed,
  SeedClient,
  SeedPool,
  ServerClock,
  Triggers,
} from '@cognest/local';
import { check, isNames, refuseUnknown } from '../check.js';
import { refuseProduction } from '../refuse-production.js';
import type { TestModuleOptions } from '../test-module-options.js';
import { signIn } from './sign-in.js';

export interface TestingCognitoOptions {
  /**
   * Pools, clients, groups and users to have, or the path of a JSON or YAML file with them. Default: one pool with one
   * client, which signs in with a password, and verifies e-mail addresses.
   */
  readonly seed?: Seed | string;
  /** Members of CreateUserPool for the pool that there is without a `seed`. */
  readonly poolSettings?: SeedPool['settings'];
  /** Members of CreateUserPoolClient for its client. */
  readonly clientSettings?: SeedClient['settings'];
  /** Functions in place of the Lambda functions of pools. Default none. */
  readonly triggers?: Triggers;
  /** Makes ids and codes the same in each run, for snapshots. Default: they are random. */
  readonly seededIds?: string;
}

export interface TestUserInput {
  readonly username: string;
  /** Default: one that every policy of a pool accepts. */
  readonly password?: string;
  readonly attributes?: Readonly<Record<string, string | boolean>>;
  /** Groups to be in; one that is not there is made. Default none. */
  readonly groups?: readonly string[];
}

/** A user who is signed in. */
export interface TestUser {
  readonly username: string;
  readonly password: string;
  readonly sub: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

/** The embedded Cognito, for the tests of one file. */
export interface TestingCognito {
  /** Its address without a trailing slash, e.g. `http://127.0.0.1:49152`. */
  readonly endpoint: string;
  readonly region: string;
  /** The first pool, and its first client: those that the methods here are about. */
  readonly userPoolId: string;
  readonly clientId: string;
  /** Absent when the client has none. */
  readonly clientSecret: string | undefined;
  /** The AWS SDK, led here; destroyed by `close`. For whatever has no method of its own. */
  readonly sdk: CognitoIdentityProvider;
  /** The server itself, for its other pools and clients. */
  readonly server: Cognito;
  /** Its time: `cognito.clock.advance('1h')`. `reset` puts it back. */
  readonly clock: ServerClock;
  /**
   * Makes a user who is confirmed, and signs in.
   *
   * @throws Error when there is one of that name already, or when Cognito refuses; the message says why.
   */
  createUser(user: TestUserInput): Promise<TestUser>;
  /** Signs a user in again: other tokens, with the groups of now. @throws as `createUser`. */
  signIn(user: { readonly username: string; readonly password: string }): Promise<TestUser>;
  /**
   * The newest code or temporary password that was sent to a user, by name, e-mail address or phone number.
   *
   * @throws Error when nothing was sent.
   */
  code(usernameOrDestination: string): string;
  /** All messages, the oldest first. */
  messages(filter?: MessageFilter): OutgoingMessage[];
  /** What there is now, for `reset`. At most 29 are kept. */
  checkpoint(): Promise<Checkpoint>;
  /** Back to how it was at the start, or at a checkpoint, in a few milliseconds: for `beforeEach`. */
  reset(to?: Checkpoint): Promise<void>;
  /** What `CognitoModule.forRoot` needs to work with it. */
  moduleOptions(): TestModuleOptions;
  close(): Promise<void>;
}

const OPTIONS: readonly (keyof TestingCognitoOptions)[] = [
  'seed',
  'poolSettings',
  'clientSettings',
  'triggers',
  'seededIds',
];
const PASSWORD = 'Test-Password-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * Starts an embedded Cognito on a free port of this machine. It keeps nothing on disk.
 *
 * @throws TypeError when an option is wrong, SeedError when the seed does not fit.
 */
export async function createTestingCognito(options: TestingCognitoOptions = {}): Promise<TestingCognito> {
  refuseProduction();
  refuseUnknown('createTestingCognito', options, OPTIONS);
  const { triggers, seededIds } = options;
  // Loaded when it is needed: a test that has an issuer alone does without.
  const { startCognito } = await import('@cognest/local');
  const server = await startCognito({
    port: 0,
    memory: true,
    seed: seedOf(options),
    ...(triggers !== undefined && { triggers }),
    ...(seededIds !== undefined && { seededIds }),
  });
  try {
    return await around(server);
  } catch (error) {
    await server.close();
    throw error;
  }
}

function seedOf({ seed, poolSettings, clientSettings }: TestingCognitoOptions): Seed | string {
  if (seed !== undefined) {
    check(poolSettings === undefined && clientSettings === undefined, '"seed"', 'without other settings', {
      poolSettings,
      clientSettings,
    });
    return seed;
  }
  return {
    pools: [
      {
        name: 'test',
        id: 'us-east-1_Testing01',
        settings: { AutoVerifiedAttributes: ['email'], ...poolSettings },
        clients: [
          {
            name: 'test',
            id: 'testclient',
            settings: {
              ExplicitAuthFlows: [
                'ALLOW_USER_PASSWORD_AUTH',
                'ALLOW_ADMIN_USER_PASSWORD_AUTH',
                'ALLOW_USER_SRP_AUTH',
                'ALLOW_REFRESH_TOKEN_AUTH',
              ],
              PreventUserExistenceErrors: 'ENABLED',
              ...clientSettings,
            },
          },
        ],
      },
    ],
  };
}

async function around(server: Cognito): Promise<TestingCognito> {
  const { name, userPoolId, client } = server.pool();
  const { clientId, clientSecret } = client();
  const sdk = new CognitoIdentityProvider({
    endpoint: server.endpoint,
    region: server.region,
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const start = await server.checkpoint();
  const ids = { userPoolId, clientId, clientSecret };

  return {
    endpoint: server.endpoint,
    region: server.region,
    ...ids,
    sdk,
    server,
    clock: server.clock,
    createUser: async (user) => {
      checkUser(user);
      const { username, password = PASSWORD, attributes = {}, groups = [] } = user;
      const existing = await sdk.adminGetUser({ UserPoolId: userPoolId, Username: username }).catch(() => {});
      if (existing !== undefined) {
        throw new Error(
          `There is a user "${username}" already: reset() between tests, or choose another name.`,
        );
      }
      await server.seed({
        pools: [
          {
            name,
            id: userPoolId,
            groups: groups.map((group) => ({ name: group })),
            users: [{ username, password, attributes, groups: [...groups] }],
          },
        ],
      });
      return signIn(sdk, ids, { username, password });
    },
    signIn: (user) => signIn(sdk, ids, user),
    code: (to) => {
      const sent = server.messages({ userPoolId });
      const message = sent.findLast(({ username, destination }) => username === to || destination === to);
      if (message !== undefined) return message.code;
      const others = new Set(sent.map(({ username, destination }) => `"${username}" (${destination})`));
      throw new Error(`Nothing was sent to "${to}"; messages went to ${[...others].join(', ') || 'nobody'}.`);
    },
    messages: (filter) => server.messages(filter),
    checkpoint: () => server.checkpoint(),
    reset: (to = start) => server.reset(to),
    moduleOptions: () => ({
      userPoolId,
      clientId,
      ...(clientSecret !== undefined && { clientSecret }),
      endpoint: server.endpoint,
      region: server.region,
      client: { credentials: CREDENTIALS },
      verifier: { now: () => server.clock.now() },
    }),
    close: async () => {
      sdk.destroy();
      await server.close();
    },
  };
}

function checkUser(user: TestUserInput): void {
  refuseUnknown('createUser', user, ['username', 'password', 'attributes', 'groups']);
  const { username, groups } = user;
  check(typeof username === 'string' && username !== '', '"username" of createUser', 'a text', username);
  check(groups === undefined || isNames(groups), '"groups" of createUser', 'a list of names', groups);
}
