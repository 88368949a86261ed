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
import { type Camel, fromApi, type Input, toApi } from './casing.js';
import { CognitoApi } from './cognito-api.js';

type Filled = 'UserPoolId';

export type CreateGroupInput = Input<CreateGroupCommandInput, Filled>;
export type AddUserToGroupInput = Input<AdminAddUserToGroupCommandInput, Filled>;
export type RemoveUserFromGroupInput = Input<AdminRemoveUserFromGroupCommandInput, Filled>;
export type ListGroupsForUserInput = Input<AdminListGroupsForUserCommandInput, Filled>;

export type Group = Camel<Omit<GroupType, 'GroupName'>> & { groupName: string };

export interface GroupPage {
  groups: Group[];
  /** Where the next page starts; absent on the last one. */
  nextToken?: string;
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
    const command = new CreateGroupCommand(this.#named<CreateGroupCommandInput>(input));
    const { Group = {} } = await this.#api.call('CreateGroup', (client) => client.send(command));
    return toGroup(Group, input.groupName);
  }

  /**
   * Puts a user into a group; a member stays one (`AdminAddUserToGroup`).
   *
   * @throws `UserNotFoundException`, `ResourceNotFoundException` (no such group).
   */
  async addUser(input: AddUserToGroupInput): Promise<void> {
    const command = new AdminAddUserToGroupCommand(this.#named<AdminAddUserToGroupCommandInput>(input));
    await this.#api.call('AdminAddUserToGroup', (client) => client.send(command));
  }

  /**
   * Takes a user out of a group, whether they are in it or not (`AdminRemoveUserFromGroup`).
   *
   * @throws `UserNotFoundException`.
   */
  async removeUser(input: RemoveUserFromGroupInput): Promise<void> {
    const command = new AdminRemoveUserFromGroupCommand(
      this.#named<AdminRemoveUserFromGroupCommandInput>(input),
    );
    await this.#api.call('AdminRemoveUserFromGroup', (client) => client.send(command));
  }

  /**
   * One page of a user's groups, up to 60 of them, in no particular order (`AdminListGroupsForUser`).
   *
   * @throws `UserNotFoundException`, `InvalidParameterException` (bad `nextToken`).
   */
  async listForUser(input: ListGroupsForUserInput): Promise<GroupPage> {
    const command = new AdminListGroupsForUserCommand(this.#named<AdminListGroupsForUserCommandInput>(input));
    const output = await this.#api.call('AdminListGroupsForUser', (client) => client.send(command));
    return {
      groups: (output.Groups ?? []).map((group) => toGroup(group, '')),
      ...(output.NextToken !== undefined && { nextToken: output.NextToken }),
    };
  }

  /**
   * All of a user's groups, page by page as they are asked for (`AdminListGroupsForUser`).
   *
   * @example `for await (const group of groups.iterateForUser({ username })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link listForUser}.
   */
  async *iterateForUser(
    input: Omit<ListGroupsForUserInput, 'nextToken'>,
  ): AsyncGenerator<Group, void, undefined> {
    let page = await this.listForUser({ ...input });
    yield* page.groups;
    while (page.nextToken !== undefined) {
      page = await this.listForUser({ ...input, nextToken: page.nextToken });
      yield* page.groups;
    }
  }

  #named<Request>(input: object): Request & { UserPoolId: string } {
    return { ...toApi(input), UserPoolId: this.#api.userPoolId } as Request & { UserPoolId: string };
  }
}

function toGroup(group: GroupType, name: string): Group {
  return { ...fromApi(group), groupName: group.GroupName ?? name };
}
