import {
  CreateResourceServerCommand,
  type CreateResourceServerCommandInput,
  DeleteResourceServerCommand,
  type DeleteResourceServerCommandInput,
  DescribeResourceServerCommand,
  type DescribeResourceServerCommandInput,
  ListResourceServersCommand,
  type ListResourceServersCommandInput,
  type ResourceServerType,
  UpdateResourceServerCommand,
  type UpdateResourceServerCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Camel, Input } from '../casing.js';
import { complete } from '../complete.js';
import { iteratePages, pageOf } from '../paging.js';
import type { PoolChoice } from './pool-choice.js';
import { UserPoolClientOperations } from './user-pool-client-operations.js';

type Filled = 'UserPoolId';

export type CreateResourceServerInput = Input<CreateResourceServerCommandInput, Filled> & PoolChoice;
export type DescribeResourceServerInput = Input<DescribeResourceServerCommandInput, Filled> & PoolChoice;
export type UpdateResourceServerInput = Input<UpdateResourceServerCommandInput, Filled> & PoolChoice;
export type DeleteResourceServerInput = Input<DeleteResourceServerCommandInput, Filled> & PoolChoice;
export type ListResourceServersInput = Input<ListResourceServersCommandInput, Filled> & PoolChoice;

export type ResourceServer = Camel<Omit<ResourceServerType, 'Identifier'>> & { identifier: string };

export interface ResourceServerPage {
  resourceServers: ResourceServer[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

/** What an administrator does with resource servers: the APIs whose scopes access tokens carry. */
export abstract class ResourceServerOperations extends UserPoolClientOperations {
  /**
   * Makes an API's scopes known to a pool (`CreateResourceServer`). Tokens carry them as `<identifier>/<scopeName>`.
   *
   * @example
   * await pools.createResourceServer({
   *   identifier: 'reports', name: 'Reports', scopes: [{ scopeName: 'write', scopeDescription: 'Write reports' }],
   * });
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException` (the identifier is taken),
   *   `LimitExceededException`.
   */
  async createResourceServer(input: CreateResourceServerInput): Promise<ResourceServer> {
    const { resourceServer } = await this.api.runWithDefaults(
      CreateResourceServerCommand,
      'CreateResourceServer',
      input,
      this.api.inPool,
    );
    return identified(resourceServer, 'CreateResourceServer');
  }

  /**
   * An API's name and scopes (`DescribeResourceServer`).
   *
   * @example `const { scopes } = await pools.describeResourceServer({ identifier: 'reports' })`
   * @throws `ResourceNotFoundException`.
   */
  async describeResourceServer(input: DescribeResourceServerInput): Promise<ResourceServer> {
    const { resourceServer } = await this.api.runWithDefaults(
      DescribeResourceServerCommand,
      'DescribeResourceServer',
      input,
      this.api.inPool,
    );
    return identified(resourceServer, 'DescribeResourceServer');
  }

  /**
   * Replaces an API's name and scopes (`UpdateResourceServer`). Scopes that are left out are gone.
   *
   * @example `await pools.updateResourceServer({ identifier: 'reports', name: 'Reports', scopes: [] })`
   * @throws `ResourceNotFoundException`, `InvalidParameterException`.
   */
  async updateResourceServer(input: UpdateResourceServerInput): Promise<ResourceServer> {
    const { resourceServer } = await this.api.runWithDefaults(
      UpdateResourceServerCommand,
      'UpdateResourceServer',
      input,
      this.api.inPool,
    );
    return identified(resourceServer, 'UpdateResourceServer');
  }

  /**
   * Makes a pool forget an API (`DeleteResourceServer`).
   *
   * @example `await pools.deleteResourceServer({ identifier: 'reports' })`
   * @throws `ResourceNotFoundException`.
   */
  async deleteResourceServer(input: DeleteResourceServerInput): Promise<void> {
    await this.api.runWithDefaults(
      DeleteResourceServerCommand,
      'DeleteResourceServer',
      input,
      this.api.inPool,
    );
  }

  /**
   * One page of a pool's APIs, up to 50 of them (`ListResourceServers`).
   *
   * @example `const { resourceServers, nextToken } = await pools.listResourceServers({ maxResults: 10 })`
   * @throws `ResourceNotFoundException` (no such pool), `InvalidParameterException` (bad `nextToken`).
   */
  async listResourceServers(input: ListResourceServersInput = {}): Promise<ResourceServerPage> {
    const operation = 'ListResourceServers';
    const output = await this.api.runWithDefaults(
      ListResourceServersCommand,
      operation,
      input,
      this.api.inPool,
    );
    const resourceServers = (output.resourceServers ?? []).map((server) => identified(server, operation));
    return { ...output, resourceServers };
  }

  /**
   * All of a pool's APIs, page by page as they are asked for (`ListResourceServers`).
   *
   * @example `for await (const { identifier, scopes } of pools.iterateResourceServers()) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link listResourceServers}.
   */
  iterateResourceServers(
    input: Omit<ListResourceServersInput, 'nextToken'> = {},
  ): AsyncGenerator<ResourceServer, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listResourceServers(pageOf(input, { nextToken }));
      return { items: page.resourceServers, nextToken: page.nextToken };
    });
  }
}

function identified(server: Camel<ResourceServerType> | undefined, operation: string): ResourceServer {
  const { identifier, ...rest } = complete(server, operation);
  return { ...rest, identifier: complete(identifier, operation) };
}
