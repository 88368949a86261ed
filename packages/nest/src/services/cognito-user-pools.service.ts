import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  type UserPoolClientType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import { CognestError } from '../errors/cognest-error.js';
import { type Camel, fromApi, type Input, toApi } from './casing.js';
import { CognitoApi } from './cognito-api.js';

/** Which pool. Default: the module's. */
interface PoolChoice {
  userPoolId?: string | undefined;
}

export type CreateUserPoolInput = Input<CreateUserPoolCommandInput>;
export type CreateUserPoolClientInput = Input<CreateUserPoolClientCommandInput, 'UserPoolId'> & PoolChoice;
export type DescribeUserPoolInput = PoolChoice;

export type UserPool = Camel<Omit<UserPoolType, 'Id'>> & { id: string };
/** `clientSecret` is secret. */
export type UserPoolClient = Camel<Omit<UserPoolClientType, 'ClientId'>> & { clientId: string };

/**
 * What an administrator does with pools and app clients. Every call is signed with AWS credentials, from the SDK's own
 * provider chain.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoUserPoolsService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * Creates a pool (`CreateUserPool`). The module goes on using the one it is configured for.
   *
   * @throws `InvalidParameterException`, `LimitExceededException`.
   */
  async create(input: CreateUserPoolInput): Promise<UserPool> {
    const command = new CreateUserPoolCommand(toApi(input) as unknown as CreateUserPoolCommandInput);
    const output = await this.#api.call('CreateUserPool', (client) => client.send(command));
    return toUserPool(output.UserPool);
  }

  /**
   * A pool's settings (`DescribeUserPool`).
   *
   * @throws `ResourceNotFoundException`.
   */
  async describe(input: DescribeUserPoolInput = {}): Promise<UserPool> {
    const command = new DescribeUserPoolCommand({ UserPoolId: input.userPoolId ?? this.#api.userPoolId });
    const output = await this.#api.call('DescribeUserPool', (client) => client.send(command));
    return toUserPool(output.UserPool);
  }

  /**
   * Creates an app client (`CreateUserPoolClient`).
   *
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException`, `LimitExceededException`.
   */
  async createClient(input: CreateUserPoolClientInput): Promise<UserPoolClient> {
    const command = new CreateUserPoolClientCommand({
      UserPoolId: this.#api.userPoolId,
      ...toApi(input),
    } as CreateUserPoolClientCommandInput);
    const { UserPoolClient } = await this.#api.call('CreateUserPoolClient', (client) => client.send(command));
    if (UserPoolClient?.ClientId === undefined) throw incomplete('CreateUserPoolClient');
    return { ...fromApi(UserPoolClient), clientId: UserPoolClient.ClientId };
  }
}

function toUserPool(pool: UserPoolType | undefined): UserPool {
  if (pool?.Id === undefined) throw incomplete('the pool');
  return { ...fromApi(pool), id: pool.Id };
}

function incomplete(what: string): CognestError {
  return new CognestError('cognito_response_invalid', `Cognito's answer about ${what} is not complete`);
}
