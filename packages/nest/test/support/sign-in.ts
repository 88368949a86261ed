import {
  CognitoIdentityProvider,
  type CreateUserPoolClientRequest,
  type CreateUserPoolRequest,
  type SetUserPoolMfaConfigRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Cognito, ManualClock, startCognito, type Triggers } from '@cognest/local';
import { afterAll, expect } from 'vitest';
import {
  type Challenged,
  CognitoAuthService,
  type CognitoChallenge,
  type CognitoModuleOptions,
  type SignedIn,
  type SignInResult,
} from '../../src/index.js';
import { CognitoApi } from '../../src/services/cognito-api.js';
import { startApp } from './app.js';

/** Every way in that an app client can allow. */
export const ALL_FLOWS = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
] as const;

export const PASSWORD = 'Correct-horse-9';
const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' };

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

/** A call, with what was sent. */
export interface Sent {
  readonly operation: string;
  readonly request: { readonly [member: string]: unknown };
}

/** An embedded Cognito whose pools tests make as they need them; closed after the file. */
export async function startSignIns(triggers: Triggers = {}) {
  const clock = new ManualClock();
  const log = { info: () => {}, warn: () => {}, error: console.error };
  const cognito = await startCognito({ port: 0, memory: true, region: 'eu-central-1', clock, triggers, log });
  const sdk = new CognitoIdentityProvider({
    endpoint: cognito.endpoint,
    region: 'eu-central-1',
    credentials,
    maxAttempts: 1,
  });
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing) await close();
    sdk.destroy();
    await cognito.close();
  });

  /** A pool with a client, and the service of an app of theirs. */
  async function pool(
    settings: Partial<CreateUserPoolRequest> = {},
    client: Partial<CreateUserPoolClientRequest> = {},
    mfa?: Omit<SetUserPoolMfaConfigRequest, 'UserPoolId'>,
  ): Promise<SignInPool> {
    const { UserPool } = await sdk.createUserPool({
      PoolName: 'pool',
      SmsConfiguration: SMS,
      ...settings,
    });
    const userPoolId = UserPool?.Id as string;
    if (mfa !== undefined) await sdk.setUserPoolMfaConfig({ UserPoolId: userPoolId, ...mfa });
    const { UserPoolClient } = await sdk.createUserPoolClient({
      UserPoolId: userPoolId,
      ClientName: 'client',
      ExplicitAuthFlows: [...ALL_FLOWS],
      ...client,
    });
    const clientId = UserPoolClient?.ClientId as string;
    const clientSecret = UserPoolClient?.ClientSecret;
    const sent: Sent[] = [];
    const service = async (options: CognitoModuleOptions = {}) => {
      const app = await startApp(
        {
          userPoolId,
          clientId,
          clientSecret,
          endpoint: cognito.endpoint,
          client: { credentials },
          ...options,
        },
        [],
      );
      closing.push(() => app.close());
      const note = (operation: string, request: object) =>
        void sent.push({ operation, request: { ...request } });
      app.nest.get(CognitoApi).observe(() => {}, note);
      return app.nest.get(CognitoAuthService);
    };
    return new SignInPool(cognito, sdk, userPoolId, clientId, clientSecret, service, await service(), sent);
  }

  return { cognito, clock, sdk, pool };
}

export class SignInPool {
  constructor(
    readonly cognito: Cognito,
    readonly sdk: CognitoIdentityProvider,
    readonly userPoolId: string,
    readonly clientId: string,
    readonly clientSecret: string | undefined,
    readonly service: (options?: CognitoModuleOptions) => Promise<CognitoAuthService>,
    readonly auth: CognitoAuthService,
    /** What the services of this pool have sent, oldest first. */
    readonly sent: Sent[],
  ) {}

  /** A user with a password of their own. */
  async user(Username: string, attributes: Record<string, string> = {}): Promise<void> {
    await this.invited(Username, attributes);
    await this.sdk.adminSetUserPassword({
      UserPoolId: this.userPoolId,
      Username,
      Password: PASSWORD,
      Permanent: true,
    });
  }

  /** A user who must choose a password. */
  async invited(Username: string, attributes: Record<string, string> = {}): Promise<void> {
    await this.sdk.adminCreateUser({
      UserPoolId: this.userPoolId,
      Username,
      TemporaryPassword: PASSWORD,
      MessageAction: 'SUPPRESS',
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    });
  }

  /** The newest code that was sent to a user. */
  code(username: string): string {
    const last = this.cognito.messages({ userPoolId: this.userPoolId, username }).at(-1);
    if (last === undefined) throw new Error(`nothing was sent to ${username}`);
    return last.code;
  }
}

export function signedIn(result: SignInResult): SignedIn {
  if (result.status !== 'signed-in') throw new Error(`challenged: ${result.challenge.name}`);
  return result;
}

/** The challenge, which must be the one of that name. */
export function challenged<Name extends CognitoChallenge['name']>(
  result: SignInResult,
  name: Name,
): Extract<CognitoChallenge, { name: Name }> {
  const { challenge } = result as Challenged;
  if (challenge?.name !== name) throw new Error(`${name} expected, got ${challenge?.name ?? 'tokens'}`);
  return challenge as Extract<CognitoChallenge, { name: Name }>;
}

/** The refusal of a call. */
export const named = (name: string, message?: string) =>
  expect.objectContaining({ name, ...(message !== undefined && { message }) });

export const invalid = (message: string) =>
  expect.objectContaining({ code: 'argument_invalid', message: expect.stringContaining(message) });
