import {
  AddUserPoolClientSecretCommand,
  type AddUserPoolClientSecretCommandInput,
  type ClientSecretDescriptorType,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DeleteUserPoolClientCommand,
  type DeleteUserPoolClientCommandInput,
  DeleteUserPoolClientSecretCommand,
  type DeleteUserPoolClientSecretCommandInput,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  type ListUserPoolClientSecretsCommandInput,
  ListUserPoolClientsCommand,
  type ListUserPoolClientsCommandInput,
  UpdateUserPoolClientCommand,
  type UpdateUserPoolClientCommandInput,
  type UserPoolClientDescription,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Camel, Input } from '../casing.js';
import { complete } from '../complete.js';
import { iteratePages, pageOf } from '../paging.js';
import type { ClientChoice, PoolChoice } from './pool-choice.js';
import { UserPoolOperations } from './user-pool-operations.js';

type Filled = 'UserPoolId' | 'ClientId';

export type CreateUserPoolClientInput = Input<CreateUserPoolClientCommandInput, 'UserPoolId'> & PoolChoice;
export type DescribeUserPoolClientInput = ClientChoice;
export type UpdateUserPoolClientInput = Input<UpdateUserPoolClientCommandInput, Filled> & ClientChoice;
export type DeleteUserPoolClientInput = Input<DeleteUserPoolClientCommandInput, 'UserPoolId'> & PoolChoice;
export type ListUserPoolClientsInput = Input<ListUserPoolClientsCommandInput, 'UserPoolId'> & PoolChoice;
export type AddUserPoolClientSecretInput = Input<AddUserPoolClientSecretCommandInput, Filled> & ClientChoice;
export type ListUserPoolClientSecretsInput = Input<ListUserPoolClientSecretsCommandInput, Filled> &
  ClientChoice;
export type DeleteUserPoolClientSecretInput = Input<DeleteUserPoolClientSecretCommandInput, Filled> &
  ClientChoice;

/** `clientSecret` is secret. */
export type UserPoolClient = Camel<Omit<UserPoolClientType, 'ClientId'>> & { clientId: string };
/** An app client as lists have it. */
export type UserPoolClientSummary = Camel<Omit<UserPoolClientDescription, 'ClientId'>> & { clientId: string };
/** `clientSecretValue` is secret, and there only when the secret is made. */
export type ClientSecret = Camel<Omit<ClientSecretDescriptorType, 'ClientSecretId'>> & {
  clientSecretId: string;
};

export interface UserPoolClientPage {
  userPoolClients: UserPoolClientSummary[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

export interface ClientSecretPage {
  clientSecrets: ClientSecret[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

/** What an administrator does with app clients and their secrets. */
export abstract class UserPoolClientOperations extends UserPoolOperations {
  /**
   * Creates an app client (`CreateUserPoolClient`).
   *
   * @example `const { clientId } = await pools.createClient({ clientName: 'web', generateSecret: true })`
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException`, `LimitExceededException`,
   *   `ScopeDoesNotExistException`, `InvalidOAuthFlowException`.
   */
  async createClient(input: CreateUserPoolClientInput): Promise<UserPoolClient> {
    const { userPoolClient } = await this.api.runWithDefaults(
      CreateUserPoolClientCommand,
      'CreateUserPoolClient',
      input,
      this.api.inPool,
    );
    return identified(userPoolClient, 'CreateUserPoolClient');
  }

  /**
   * An app client's settings, its secret among them (`DescribeUserPoolClient`).
   *
   * @example `const { explicitAuthFlows, accessTokenValidity } = await pools.describeClient()`
   * @throws `ResourceNotFoundException`.
   */
  async describeClient(input: DescribeUserPoolClientInput = {}): Promise<UserPoolClient> {
    const { userPoolClient } = await this.api.runWithDefaults(
      DescribeUserPoolClientCommand,
      'DescribeUserPoolClient',
      input,
      this.api.inClient,
    );
    return identified(userPoolClient, 'DescribeUserPoolClient');
  }

  /**
   * Replaces an app client's settings (`UpdateUserPoolClient`). **What is left out goes back to its default**: give all
   * that is to stay, as {@link describeClient} has it.
   *
   * @example `await pools.updateClient({ clientId, clientName: 'web', accessTokenValidity: 2 })`
   * @throws `ResourceNotFoundException`, `InvalidParameterException`, `ConcurrentModificationException`,
   *   `ScopeDoesNotExistException`, `InvalidOAuthFlowException`.
   */
  async updateClient(input: UpdateUserPoolClientInput): Promise<UserPoolClient> {
    const { userPoolClient } = await this.api.runWithDefaults(
      UpdateUserPoolClientCommand,
      'UpdateUserPoolClient',
      input,
      this.api.inClient,
    );
    return identified(userPoolClient, 'UpdateUserPoolClient');
  }

  /**
   * Deletes an app client (`DeleteUserPoolClient`). Its id must be given: this method takes no default for it.
   *
   * @example `await pools.deleteClient({ clientId: '4k04k2henjhmhu5dacfkphli5' })`
   * @throws `ResourceNotFoundException`, `ConcurrentModificationException`.
   */
  async deleteClient(input: DeleteUserPoolClientInput): Promise<void> {
    await this.api.runWithDefaults(
      DeleteUserPoolClientCommand,
      'DeleteUserPoolClient',
      input,
      this.api.inPool,
    );
  }

  /**
   * One page of a pool's app clients, up to 60 of them (`ListUserPoolClients`).
   *
   * @example `const { userPoolClients, nextToken } = await pools.listClients({ maxResults: 10 })`
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException` (bad `nextToken`).
   */
  async listClients(input: ListUserPoolClientsInput = {}): Promise<UserPoolClientPage> {
    const operation = 'ListUserPoolClients';
    const output = await this.api.runWithDefaults(
      ListUserPoolClientsCommand,
      operation,
      input,
      this.api.inPool,
    );
    const clients = (output.userPoolClients ?? []).map((client) => identified(client, operation));
    return { ...output, userPoolClients: clients };
  }

  /**
   * All of a pool's app clients, page by page as they are asked for (`ListUserPoolClients`).
   *
   * @example `for await (const { clientId, clientName } of pools.iterateClients()) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link listClients}.
   */
  iterateClients(
    input: Omit<ListUserPoolClientsInput, 'nextToken'> = {},
  ): AsyncGenerator<UserPoolClientSummary, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listClients(pageOf(input, { nextToken }));
      return { items: page.userPoolClients, nextToken: page.nextToken };
    });
  }

  /**
   * Gives an app client a second secret, so that servers can change over one by one (`AddUserPoolClientSecret`).
   *
   * @example `const { clientSecretId, clientSecretValue } = await pools.addClientSecret()`
   * @param input - `clientSecret` is a secret of your own; left out, Cognito makes one.
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (a client without secret, a bad secret),
   *   `LimitExceededException` (there are two already).
   */
  async addClientSecret(input: AddUserPoolClientSecretInput = {}): Promise<ClientSecret> {
    const operation = 'AddUserPoolClientSecret';
    const { clientSecretDescriptor } = await this.api.runWithDefaults(
      AddUserPoolClientSecretCommand,
      operation,
      input,
      this.api.inClient,
    );
    return secretOf(clientSecretDescriptor, operation);
  }

  /**
   * One page of an app client's secrets: their ids and dates, never their values (`ListUserPoolClientSecrets`).
   *
   * @example `const { clientSecrets } = await pools.listClientSecrets()`
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (bad `nextToken`).
   */
  async listClientSecrets(input: ListUserPoolClientSecretsInput = {}): Promise<ClientSecretPage> {
    const operation = 'ListUserPoolClientSecrets';
    const output = await this.api.runWithDefaults(
      ListUserPoolClientSecretsCommand,
      operation,
      input,
      this.api.inClient,
    );
    return { ...output, clientSecrets: (output.clientSecrets ?? []).map((one) => secretOf(one, operation)) };
  }

  /**
   * All of an app client's secrets, page by page as they are asked for (`ListUserPoolClientSecrets`).
   *
   * @example `for await (const { clientSecretId } of pools.iterateClientSecrets()) { … }`
   * @throws as {@link listClientSecrets}.
   */
  iterateClientSecrets(
    input: Omit<ListUserPoolClientSecretsInput, 'nextToken'> = {},
  ): AsyncGenerator<ClientSecret, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listClientSecrets(pageOf(input, { nextToken }));
      return { items: page.clientSecrets, nextToken: page.nextToken };
    });
  }

  /**
   * Takes a secret from an app client, at once (`DeleteUserPoolClientSecret`).
   *
   * @example `await pools.deleteClientSecret({ clientSecretId })`
   * @throws `ResourceNotFoundException` (no such secret), `InvalidParameterException` (it is the last one).
   */
  async deleteClientSecret(input: DeleteUserPoolClientSecretInput): Promise<void> {
    await this.api.runWithDefaults(
      DeleteUserPoolClientSecretCommand,
      'DeleteUserPoolClientSecret',
      input,
      this.api.inClient,
    );
  }
}

function identified<Client extends { clientId?: string | undefined }>(
  client: Client | undefined,
  operation: string,
): Omit<Client, 'clientId'> & { clientId: string } {
  const { clientId, ...rest } = complete(client, operation);
  return { ...rest, clientId: complete(clientId, operation) };
}

function secretOf(secret: Camel<ClientSecretDescriptorType> | undefined, operation: string): ClientSecret {
  const { clientSecretId, ...rest } = complete(secret, operation);
  return { ...rest, clientSecretId: complete(clientSecretId, operation) };
}
