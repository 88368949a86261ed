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
import type { Camel, Input } from './casing.js';
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
    const { userPool } = await this.#api.run(CreateUserPoolCommand, 'CreateUserPool', input, {});
    return identified(userPool, 'CreateUserPool');
  }

  /**
   * A pool's settings (`DescribeUserPool`).
   *
   * @throws `ResourceNotFoundException`.
   */
  async describe(input: DescribeUserPoolInput = {}): Promise<UserPool> {
    const { userPool } = await this.#api.run(
      DescribeUserPoolCommand,
      'DescribeUserPool',
      {},
      this.#chosenPool(input),
    );
    return identified(userPool, 'DescribeUserPool');
  }

  /**
   * Creates an app client (`CreateUserPoolClient`).
   *
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException`, `LimitExceededException`.
   */
  async createClient(input: CreateUserPoolClientInput): Promise<UserPoolClient> {
    const { userPoolClient } = await this.#api.run(
      CreateUserPoolClientCommand,
      'CreateUserPoolClient',
      input,
      this.#chosenPool(input),
    );
    if (userPoolClient?.clientId === undefined) throw incomplete('CreateUserPoolClient');
    return { ...userPoolClient, clientId: userPoolClient.clientId };
  }

  #chosenPool({ userPoolId = this.#api.userPoolId }: PoolChoice): { UserPoolId: string } {
    return { UserPoolId: userPoolId };
  }
}

function identified(pool: Camel<UserPoolType> | undefined, operation: string): UserPool {
  if (pool?.id === undefined) throw incomplete(operation);
  return { ...pool, id: pool.id };
}

function incomplete(operation: string): CognestError {
  return new CognestError('cognito_response_invalid', `Cognito's answer to ${operation} is not complete`);
}
