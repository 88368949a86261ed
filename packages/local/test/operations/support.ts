import {
  type AttributeType,
  CognitoIdentityProvider,
  CognitoIdentityProviderServiceException,
  type CreateUserPoolClientRequest,
  type CreateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, expect } from 'vitest';
import { ManualClock } from '../../src/clock.js';
import type { OutgoingMessage } from '../../src/outbox/outbox.js';
import { type Cognito, type CognitoOptions, startCognito } from '../../src/start-cognito.js';

export const PASSWORD = 'Passw0rd!';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Server {
  readonly cognito: Cognito;
  readonly sdk: CognitoIdentityProvider;
  readonly clock: ManualClock;
}

/** A server in memory with a clock that stands still, and the SDK pointed at it; closed after the file. */
export async function serve(options: CognitoOptions = {}): Promise<Server> {
  const clock = new ManualClock();
  const cognito = await startCognito({ port: 0, memory: true, clock, ...options });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: cognito.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  afterAll(async () => {
    sdk.destroy();
    await cognito.close();
  });
  return { cognito, sdk, clock };
}

const ALL_FLOWS = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
] as const satisfies CreateUserPoolClientRequest['ExplicitAuthFlows'];

/** A pool with one client, and the short forms that its tests share. */
export class TestPool {
  private constructor(
    readonly server: Server,
    readonly id: string,
    readonly clientId: string,
    readonly clientSecret: string | undefined,
  ) {}

  static async create(
    server: Server,
    pool: Partial<CreateUserPoolRequest> = {},
    client: Partial<CreateUserPoolClientRequest> = {},
  ): Promise<TestPool> {
    const { UserPool } = await server.sdk.createUserPool({ PoolName: 'pool', ...pool });
    const id = UserPool?.Id as string;
    const { ClientId, ClientSecret } = await addClient(server, id, client);
    return new TestPool(server, id, ClientId, ClientSecret);
  }

  get sdk(): CognitoIdentityProvider {
    return this.server.sdk;
  }

  async client(settings: Partial<CreateUserPoolClientRequest> = {}): Promise<TestPool> {
    const { ClientId, ClientSecret } = await addClient(this.server, this.id, settings);
    return new TestPool(this.server, this.id, ClientId, ClientSecret);
  }

  /** A confirmed user with `PASSWORD`. */
  async user(username: string, attributes: Record<string, string> = {}): Promise<void> {
    await this.invited(username, attributes);
    await this.sdk.adminSetUserPassword({
      UserPoolId: this.id,
      Username: username,
      Password: PASSWORD,
      Permanent: true,
    });
  }

  /** A user who has to change `PASSWORD`, and got no message. */
  async invited(username: string, attributes: Record<string, string> = {}): Promise<void> {
    await this.sdk.adminCreateUser({
      UserPoolId: this.id,
      Username: username,
      UserAttributes: list(attributes),
      TemporaryPassword: PASSWORD,
      MessageAction: 'SUPPRESS',
    });
  }

  signIn(username: string, password = PASSWORD, more: Record<string, string> = {}) {
    return this.sdk.initiateAuth({
      ClientId: this.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password, ...more },
    });
  }

  async tokens(username: string, password = PASSWORD) {
    const { AuthenticationResult } = await this.signIn(username, password);
    return AuthenticationResult as { AccessToken: string; IdToken: string; RefreshToken: string };
  }

  refresh(refreshToken: string, more: Record<string, string> = {}) {
    return this.sdk.initiateAuth({
      ClientId: this.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: refreshToken, ...more },
    });
  }

  get(username: string) {
    return this.sdk.adminGetUser({ UserPoolId: this.id, Username: username });
  }

  messages(): OutgoingMessage[] {
    return this.server.cognito.messages({ userPoolId: this.id });
  }

  lastMessage(): OutgoingMessage {
    return this.messages().at(-1) as OutgoingMessage;
  }
}

async function addClient(
  { sdk }: Server,
  userPoolId: string,
  settings: Partial<CreateUserPoolClientRequest>,
) {
  const { UserPoolClient } = await sdk.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: 'client',
    ExplicitAuthFlows: [...ALL_FLOWS],
    ...settings,
  });
  return { ClientId: UserPoolClient?.ClientId as string, ClientSecret: UserPoolClient?.ClientSecret };
}

export function list(attributes: Record<string, string>): AttributeType[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

export function record(attributes: readonly AttributeType[] | undefined): Record<string, string> {
  return Object.fromEntries((attributes ?? []).map(({ Name, Value }) => [Name as string, Value as string]));
}

/** Expects the error to come as AWS says it: this type, this text, status 400. */
export async function expectError(call: Promise<unknown>, type: string, message: string): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CognitoIdentityProviderServiceException);
  const { name, message: text, $metadata } = error as CognitoIdentityProviderServiceException;
  expect({ name, text, status: $metadata.httpStatusCode }).toEqual({
    name: type,
    text: message,
    status: 400,
  });
}

/** The header and claims of a token, unverified. */
export function decode(token: string | undefined): {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
} {
  const [header, claims] = (token as string)
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
  return { header: header as Record<string, unknown>, claims: claims as Record<string, unknown> };
}
