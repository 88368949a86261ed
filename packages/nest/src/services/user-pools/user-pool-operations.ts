import {
  AddCustomAttributesCommand,
  type AddCustomAttributesCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DeleteUserPoolCommand,
  type DeleteUserPoolCommandInput,
  DescribeUserPoolCommand,
  GetSigningCertificateCommand,
  GetUserPoolMfaConfigCommand,
  type GetUserPoolMfaConfigCommandOutput,
  GetUserPoolSessionConfigurationCommand,
  type GetUserPoolSessionConfigurationCommandOutput,
  ListTagsForResourceCommand,
  type ListTagsForResourceCommandInput,
  ListUserPoolsCommand,
  type ListUserPoolsCommandInput,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  SetUserPoolSessionConfigurationCommand,
  type SetUserPoolSessionConfigurationCommandInput,
  TagResourceCommand,
  type TagResourceCommandInput,
  UntagResourceCommand,
  type UntagResourceCommandInput,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
  type UserPoolDescriptionType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Camel, Input, Output } from '../casing.js';
import type { CognitoApi } from '../cognito-api.js';
import { complete } from '../complete.js';
import { iteratePages, pageOf } from '../paging.js';
import { MAX_RESULTS, type PoolChoice } from './pool-choice.js';

type Filled = 'UserPoolId';

export type CreateUserPoolInput = Input<CreateUserPoolCommandInput>;
export type DescribeUserPoolInput = PoolChoice;
export type UpdateUserPoolInput = Input<UpdateUserPoolCommandInput, Filled> & PoolChoice;
export type DeleteUserPoolInput = Input<DeleteUserPoolCommandInput>;
export type ListUserPoolsInput = Input<ListUserPoolsCommandInput, 'MaxResults'> & {
  /** The size of a page, from 1 to 60. Default 60. */
  maxResults?: number | undefined;
};
export type AddCustomAttributesInput = Input<AddCustomAttributesCommandInput, Filled> & PoolChoice;
export type GetUserPoolMfaConfigInput = PoolChoice;
export type SetUserPoolMfaConfigInput = Input<SetUserPoolMfaConfigCommandInput, Filled> & PoolChoice;
export type GetUserPoolSessionConfigurationInput = PoolChoice;
export type SetUserPoolSessionConfigurationInput = Input<
  SetUserPoolSessionConfigurationCommandInput,
  Filled
> &
  PoolChoice;
export type GetSigningCertificateInput = PoolChoice;
export type TagResourceInput = Input<TagResourceCommandInput>;
export type UntagResourceInput = Input<UntagResourceCommandInput>;
export type ListTagsForResourceInput = Input<ListTagsForResourceCommandInput>;

export type UserPool = Camel<Omit<UserPoolType, 'Id'>> & { id: string };
/** A pool as lists have it. */
export type UserPoolSummary = Camel<Omit<UserPoolDescriptionType, 'Id'>> & { id: string };
export type UserPoolMfaConfig = Output<GetUserPoolMfaConfigCommandOutput>;
export type UserPoolSessionConfiguration = Output<GetUserPoolSessionConfigurationCommandOutput>;

export interface UserPoolPage {
  userPools: UserPoolSummary[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

/** What an administrator does with pools as such. */
export abstract class UserPoolOperations {
  protected readonly api: CognitoApi;

  constructor(api: CognitoApi) {
    this.api = api;
  }

  /**
   * Creates a pool (`CreateUserPool`). The module goes on using the one it is configured for.
   *
   * @example `const { id } = await pools.create({ poolName: 'customers', usernameAttributes: ['email'] })`
   * @throws `InvalidParameterException`, `LimitExceededException`, `FeatureUnavailableInTierException`.
   */
  async create(input: CreateUserPoolInput): Promise<UserPool> {
    const { userPool } = await this.api.run(CreateUserPoolCommand, 'CreateUserPool', input, {});
    return identified(userPool, 'CreateUserPool');
  }

  /**
   * A pool's settings (`DescribeUserPool`).
   *
   * @example `const { estimatedNumberOfUsers, mfaConfiguration } = await pools.describe()`
   * @throws `ResourceNotFoundException`.
   */
  async describe(input: DescribeUserPoolInput = {}): Promise<UserPool> {
    const { userPool } = await this.api.runWithDefaults(
      DescribeUserPoolCommand,
      'DescribeUserPool',
      input,
      this.api.inPool,
    );
    return identified(userPool, 'DescribeUserPool');
  }

  /**
   * Replaces a pool's settings (`UpdateUserPool`). **What is left out goes back to its default**: give all that is to
   * stay, as {@link describe} has it. Schema, aliases and what stands for a user name never change.
   *
   * @example `await pools.update({ autoVerifiedAttributes: ['email'], mfaConfiguration: 'OPTIONAL' })`
   * @throws `ResourceNotFoundException`, `InvalidParameterException`, `UserImportInProgressException`,
   *   `ConcurrentModificationException`, `FeatureUnavailableInTierException`.
   */
  async update(input: UpdateUserPoolInput): Promise<void> {
    await this.api.runWithDefaults(UpdateUserPoolCommand, 'UpdateUserPool', input, this.api.inPool);
  }

  /**
   * Deletes a pool with all its users (`DeleteUserPool`). The id must be given: this method takes no default.
   *
   * @example `await pools.delete({ userPoolId: 'eu-central-1_8LxAFhQ8D' })`
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (deletion protection is on),
   *   `UserImportInProgressException`.
   */
  async delete(input: DeleteUserPoolInput): Promise<void> {
    await this.api.run(DeleteUserPoolCommand, 'DeleteUserPool', input, {});
  }

  /**
   * One page of the account's pools in this region (`ListUserPools`).
   *
   * @example `const { userPools, nextToken } = await pools.list({ maxResults: 10 })`
   * @throws `InvalidParameterException` (bad `nextToken` or `maxResults`).
   */
  async list(input: ListUserPoolsInput = {}): Promise<UserPoolPage> {
    const output = await this.api.runWithDefaults(ListUserPoolsCommand, 'ListUserPools', input, {
      MaxResults: MAX_RESULTS,
    });
    return {
      ...output,
      userPools: (output.userPools ?? []).map((pool) => identified(pool, 'ListUserPools')),
    };
  }

  /**
   * All of the account's pools in this region, page by page as they are asked for (`ListUserPools`).
   *
   * @example `for await (const { id, name } of pools.iterate()) { … }`
   * @param input - `maxResults` is the size of a page.
   * @throws as {@link list}.
   */
  iterate(
    input: Omit<ListUserPoolsInput, 'nextToken'> = {},
  ): AsyncGenerator<UserPoolSummary, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.list(pageOf(input, { nextToken }));
      return { items: page.userPools, nextToken: page.nextToken };
    });
  }

  /**
   * Adds attributes to a pool's schema for good (`AddCustomAttributes`). Cognito puts `custom:` before their names. App
   * clients that list what they write do not write them yet.
   *
   * @example `await pools.addCustomAttributes({ customAttributes: [{ name: 'plan', attributeDataType: 'String' }] })`
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (a name that is taken, more than 50 in all),
   *   `UserImportInProgressException`.
   */
  async addCustomAttributes(input: AddCustomAttributesInput): Promise<void> {
    await this.api.runWithDefaults(AddCustomAttributesCommand, 'AddCustomAttributes', input, this.api.inPool);
  }

  /**
   * Which second factors a pool has, and whether it asks for one (`GetUserPoolMfaConfig`).
   *
   * @example `const { mfaConfiguration, webAuthnConfiguration } = await pools.getMfaConfig()`
   * @throws `ResourceNotFoundException`.
   */
  async getMfaConfig(input: GetUserPoolMfaConfigInput = {}): Promise<UserPoolMfaConfig> {
    return this.api.runWithDefaults(
      GetUserPoolMfaConfigCommand,
      'GetUserPoolMfaConfig',
      input,
      this.api.inPool,
    );
  }

  /**
   * Sets which second factors a pool has, whether it asks for one, and for which site its passkeys are
   * (`SetUserPoolMfaConfig`).
   *
   * @example
   * await pools.setMfaConfig({ mfaConfiguration: 'OPTIONAL', softwareTokenMfaConfiguration: { enabled: true } });
   * @throws `ResourceNotFoundException`, `InvalidParameterException`, `ConcurrentModificationException`,
   *   `FeatureUnavailableInTierException`, `InvalidSmsRoleAccessPolicyException`.
   */
  async setMfaConfig(input: SetUserPoolMfaConfigInput): Promise<UserPoolMfaConfig> {
    return this.api.runWithDefaults(
      SetUserPoolMfaConfigCommand,
      'SetUserPoolMfaConfig',
      input,
      this.api.inPool,
    );
  }

  /**
   * Whether a pool keeps track of sessions, and of how many a user (`GetUserPoolSessionConfiguration`).
   *
   * @example `const { userSessionTracking } = await pools.getSessionConfiguration()`
   * @throws `ResourceNotFoundException`.
   */
  async getSessionConfiguration(
    input: GetUserPoolSessionConfigurationInput = {},
  ): Promise<UserPoolSessionConfiguration> {
    return this.api.runWithDefaults(
      GetUserPoolSessionConfigurationCommand,
      'GetUserPoolSessionConfiguration',
      input,
      this.api.inPool,
    );
  }

  /**
   * Sets whether a pool keeps track of sessions, and of how many a user (`SetUserPoolSessionConfiguration`).
   *
   * @example
   * await pools.setSessionConfiguration({ userSessionTracking: 'ENABLED', tokenSession: { maxPerUser: 5 } });
   * @throws `ResourceNotFoundException`, `InvalidParameterException`, `FeatureUnavailableInTierException`,
   *   `ConcurrentModificationException`.
   */
  async setSessionConfiguration(
    input: SetUserPoolSessionConfigurationInput,
  ): Promise<UserPoolSessionConfiguration> {
    return this.api.runWithDefaults(
      SetUserPoolSessionConfigurationCommand,
      'SetUserPoolSessionConfiguration',
      input,
      this.api.inPool,
    );
  }

  /**
   * The certificate with which a pool signs what it asks of SAML providers, in PEM without its first and last line
   * (`GetSigningCertificate`).
   *
   * @example `const certificate = await pools.getSigningCertificate()`
   * @throws `ResourceNotFoundException`.
   */
  async getSigningCertificate(input: GetSigningCertificateInput = {}): Promise<string> {
    const operation = 'GetSigningCertificate';
    const { certificate } = await this.api.runWithDefaults(
      GetSigningCertificateCommand,
      operation,
      input,
      this.api.inPool,
    );
    return complete(certificate, operation);
  }

  /**
   * Adds tags to a pool, replacing those of the same name (`TagResource`).
   *
   * @example `await pools.tag({ resourceArn: arn, tags: { Team: 'identity' } })`
   * @param input - `resourceArn` is `arn` of {@link describe}.
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (no ARN of a pool, more than 50 tags).
   */
  async tag(input: TagResourceInput): Promise<void> {
    await this.api.run(TagResourceCommand, 'TagResource', input, {});
  }

  /**
   * Removes tags of a pool (`UntagResource`). One that is not there is no mistake.
   *
   * @example `await pools.untag({ resourceArn: arn, tagKeys: ['Team'] })`
   * @param input - `resourceArn` is `arn` of {@link describe}.
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (no ARN of a pool).
   */
  async untag(input: UntagResourceInput): Promise<void> {
    await this.api.run(UntagResourceCommand, 'UntagResource', input, {});
  }

  /**
   * A pool's tags by name (`ListTagsForResource`).
   *
   * @example `const { Team } = await pools.listTags({ resourceArn: arn })`
   * @param input - `resourceArn` is `arn` of {@link describe}.
   * @throws `ResourceNotFoundException`, `InvalidParameterException` (no ARN of a pool).
   */
  async listTags(input: ListTagsForResourceInput): Promise<Record<string, string>> {
    const { tags = {} } = await this.api.run(ListTagsForResourceCommand, 'ListTagsForResource', input, {});
    return tags;
  }
}

function identified<Pool extends { id?: string | undefined }>(
  pool: Pool | undefined,
  operation: string,
): Omit<Pool, 'id'> & { id: string } {
  const { id, ...rest } = complete(pool, operation);
  return { ...rest, id: complete(id, operation) };
}
