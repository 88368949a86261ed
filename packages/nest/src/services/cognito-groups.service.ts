import {
  AdminAddUserToGroupCommand,
  type AdminAddUserToGroupCommandInput,
  AdminListGroupsForUserCommand,
  type AdminListGroupsForUserCommandInput,
  AdminRemoveUserFromGroupCommand,
  type AdminRemoveUserFromGroupCommandInput,
  CreateGroupCommand,
  type CreateGroupCommandInput,
  type GroupType,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Camel, Input } from './casing.js';
import { CognitoApi } from './cognito-api.js';
import { iteratePages } from './paging.js';

type Filled = 'UserPoolId';

export type CreateGroupInput = Input<CreateGroupCommandInput, Filled>;
export type AddUserToGroupInput = Input<AdminAddUserToGroupCommandInput, Filled>;
export type RemoveUserFromGroupInput = Input<AdminRemoveUserFromGroupCommandInput, Filled>;
export type ListGroupsForUserInput = Input<AdminListGroupsForUserCommandInput, Filled>;

export type Group = Camel<Omit<GroupType, 'GroupName'>> & { groupName: string };

export interface GroupPage {
  groups: Group[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string | undefined;
}

/**
 * What an administrator does with groups. The pool's id is filled in. Every call is signed with AWS credentials, from
 * the SDK's own provider chain.
 *
 * Tokens carry the groups of the time they were issued: a change shows after the next refresh.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoGroupsService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * Creates a group (`CreateGroup`).
   *
   * @throws `GroupExistsException`, `InvalidParameterException`.
   */
  async create(input: CreateGroupInput): Promise<Group> {
    const { group } = await this.#api.run(CreateGroupCommand, 'CreateGroup', input, this.#api.inPool);
    return { ...group, groupName: group?.groupName ?? input.groupName };
  }

  /**
   * Puts a user into a group; a member stays one (`AdminAddUserToGroup`).
   *
   * @throws `UserNotFoundException`, `ResourceNotFoundException` (no such group).
   */
  async addUser(input: AddUserToGroupInput): Promise<void> {
    await this.#api.run(AdminAddUserToGroupCommand, 'AdminAddUserToGroup', input, this.#api.inPool);
  }

  /**
   * Takes a user out of a group, whether they are in it or not (`AdminRemoveUserFromGroup`).
   *
   * @throws `UserNotFoundException`.
   */
  async removeUser(input: RemoveUserFromGroupInput): Promise<void> {
    await this.#api.run(AdminRemoveUserFromGroupCommand, 'AdminRemoveUserFromGroup', input, this.#api.inPool);
  }

  /**
   * One page of a user's groups, up to 60 of them, in no particular order (`AdminListGroupsForUser`).
   *
   * @throws `UserNotFoundException`, `InvalidParameterException` (bad `nextToken`).
   */
  async listForUser(input: ListGroupsForUserInput): Promise<GroupPage> {
    const output = await this.#api.run(
      AdminListGroupsForUserCommand,
      'AdminListGroupsForUser',
      input,
      this.#api.inPool,
    );
    const groups = (output.groups ?? []).map((group) => ({ ...group, groupName: group.groupName ?? '' }));
    return { ...output, groups };
  }

  /**
   * All of a user's groups, page by page as they are asked for (`AdminListGroupsForUser`).
   *
   * @example `for await (const group of groups.iterateForUser({ username })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link listForUser}.
   */
  iterateForUser(input: Omit<ListGroupsForUserInput, 'nextToken'>): AsyncGenerator<Group, void, undefined> {
    return iteratePages(async (nextToken) => {
      const page = await this.listForUser({ ...input, nextToken });
      return { items: page.groups, nextToken: page.nextToken };
    });
  }
}
